/**
 * Routes of the repository as a whole: itself, its branches and their rules, its files, who may do what.
 */
import { entryAt, readTree, TREE_MODE } from '../git/tree.ts'
import { type Answer, type Call, nothing, ok, type Route } from '../http/route.ts'
import { apiUrl, appPayload, htmlUrl, iso, type Json, permissionOf, userPayload } from '../payloads/actors.ts'
import { commitPayload } from '../payloads/commits.ts'
import { fullRepositoryPayload } from '../payloads/repository.ts'
import { rulePayload } from '../payloads/rules.ts'
import { notFound, Problem } from '../problem.ts'
import { mayBypass, protectionFor, rulesetsFor } from '../rules/protection.ts'
import type { Protection, RequiredCheck, Ruleset } from '../rules/rules.ts'
import { fullName, type Permission } from '../state.ts'
import { resolveCommit } from './commits.ts'
import { readRef } from './git-data.ts'

const META = [['metadata', 'read']] as const
const CONTENTS = [['contents', 'read']] as const
const REPO = '/repos/{owner}/{repo}'

export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', template: REPO, needs: META, answer: (call) => ok(fullRepositoryPayload(call.world, call.repo)) },
  { method: 'GET', template: `${REPO}/contents/{path}`, needs: CONTENTS, answer: getContents },
  {
    method: 'GET',
    template: `${REPO}/branches/{branch}/protection`,
    needs: [['administration', 'read']],
    answer: getProtection,
  },
  { method: 'GET', template: `${REPO}/branches/{branch}`, needs: CONTENTS, answer: getBranch },
  { method: 'GET', template: `${REPO}/rules/branches/{branch}`, needs: META, answer: branchRules },
  { method: 'GET', template: `${REPO}/rulesets`, needs: META, answer: listRulesets },
  { method: 'GET', template: `${REPO}/rulesets/{ruleset_id}`, needs: META, answer: getRuleset },
  { method: 'GET', template: `${REPO}/collaborators/{username}/permission`, needs: META, answer: getPermission },
  { method: 'GET', template: `${REPO}/assignees/{assignee}`, needs: META, answer: isAssignable },
]

function getContents(call: Call): Answer {
  const { repo, world } = call
  const { objects } = repo.git
  const commit = resolveCommit(call, call.query.get('ref') ?? repo.defaultBranch)
  const path = call.param('path').replace(/\/$/, '')
  const entry = path === '' ? { mode: TREE_MODE, name: '', sha: commit.tree } : entryAt(objects, commit.tree, path)
  if (!entry) throw notFound()
  const show = (at: string, mode: string, sha: string): Json => {
    const isFolder = mode === TREE_MODE
    const url = `${apiUrl(world, repo)}/contents/${at}?ref=${commit.sha}`
    const git = `${apiUrl(world, repo)}/git/${isFolder ? 'trees' : 'blobs'}/${sha}`
    const html = `${htmlUrl(world, repo)}/${isFolder ? 'tree' : 'blob'}/${commit.sha}/${at}`
    return {
      type: isFolder ? 'dir' : 'file',
      size: isFolder ? 0 : (objects.get(sha)?.data.length ?? 0),
      name: at.split('/').at(-1) ?? at,
      path: at,
      sha,
      url,
      git_url: git,
      html_url: html,
      download_url: isFolder ? null : `${htmlUrl(world, repo)}/raw/${commit.sha}/${at}`,
      _links: { git, self: url, html },
    }
  }
  if (entry.mode === TREE_MODE) {
    const prefix = path === '' ? '' : `${path}/`
    return ok(readTree(objects, entry.sha).map((each) => show(prefix + each.name, each.mode, each.sha)))
  }
  const content = objects.get(entry.sha)?.data.toString('base64') ?? ''
  return ok({
    ...show(path, entry.mode, entry.sha),
    encoding: 'base64',
    content: content.replace(/(.{60})/g, '$1\n'),
  })
}

function getBranch(call: Call): Answer {
  const { repo, world } = call
  const name = call.param('branch')
  const sha = readRef(call, repo, `refs/heads/${name}`)
  if (!sha) throw new Problem(404, 'Branch not found')
  const url = `${apiUrl(world, repo)}/branches/${name}`
  const protection = protectionFor(repo, name)
  return ok({
    ...shortBranch(call, name, sha),
    commit: commitPayload(world, repo, repo.git.graph.read(sha)),
    _links: { self: url, html: `${htmlUrl(world, repo)}/tree/${name}` },
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: protection?.requiredChecks ? 'non_admins' : 'off',
        contexts: (protection?.requiredChecks ?? []).map((check) => check.context),
        checks: (protection?.requiredChecks ?? []).map(checkPayload),
      },
    },
    protection_url: `${url}/protection`,
  })
}

function shortBranch(call: Call, name: string, sha: string): Json {
  const { repo, world } = call
  const isProtected = protectionFor(repo, name) !== undefined || rulesetsFor(repo, `refs/heads/${name}`).length > 0
  return { name, commit: { sha, url: `${apiUrl(world, repo)}/commits/${sha}` }, protected: isProtected }
}

function getProtection(call: Call): Answer {
  const { repo, world } = call
  const name = call.param('branch')
  if (!repo.git.ref(`refs/heads/${name}`)) throw new Problem(404, 'Branch not found')
  const protection = protectionFor(repo, name)
  if (!protection) throw new Problem(404, 'Branch not protected')
  return ok(protectionPayload(call, protection, `${apiUrl(world, repo)}/branches/${name}/protection`))
}

function protectionPayload(call: Call, rule: Protection, url: string): Json {
  const { world } = call
  const users = (list: readonly string[]) =>
    list.filter((each) => each !== 'app').map((login) => userPayload(world, world.user(login)))
  const apps = (list: readonly string[]) => (list.includes('app') ? [appPayload(world, world.app)] : [])
  const checks = rule.requiredChecks
  const reviews = rule.requiredReviews
  return {
    url,
    ...(checks
      ? {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: rule.strict ?? false,
            contexts: checks.map((check) => check.context),
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: checks.map(checkPayload),
          },
        }
      : {}),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rule.enforceAdmins ?? false },
    ...(reviews
      ? {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: reviews.dismissStale ?? false,
            require_code_owner_reviews: reviews.codeOwners ?? false,
            required_approving_review_count: reviews.count,
            require_last_push_approval: reviews.lastPush ?? false,
            bypass_pull_request_allowances: {
              users: users(reviews.bypass ?? []),
              teams: [],
              apps: apps(reviews.bypass ?? []),
            },
          },
        }
      : {}),
    ...(rule.restrictPushesTo
      ? {
          restrictions: {
            url: `${url}/restrictions`,
            users_url: `${url}/restrictions/users`,
            teams_url: `${url}/restrictions/teams`,
            apps_url: `${url}/restrictions/apps`,
            users: users(rule.restrictPushesTo),
            teams: [],
            apps: apps(rule.restrictPushesTo),
          },
        }
      : {}),
    required_linear_history: on(rule.linearHistory),
    allow_force_pushes: on(rule.allowForcePushes),
    allow_deletions: on(rule.allowDeletions),
    block_creations: on(false),
    required_conversation_resolution: on(rule.conversationResolution),
    required_signatures: { url: `${url}/required_signatures`, enabled: rule.signatures ?? false },
    lock_branch: on(rule.lock),
    allow_fork_syncing: on(false),
  }
}

const on = (enabled: boolean | undefined): Json => ({ enabled: enabled ?? false })

const checkPayload = (check: RequiredCheck): Json => ({ context: check.context, app_id: check.appId ?? null })

function branchRules(call: Call): Answer {
  const ref = `refs/heads/${call.param('branch')}`
  const rules = rulesetsFor(call.repo, ref).flatMap((ruleset) => ruleset.rules.map((rule) => ({ ruleset, rule })))
  return call.page(rules, ({ ruleset, rule }) => ({
    ...rulePayload(rule),
    ruleset_source_type: ruleset.ofOrganization ? 'Organization' : 'Repository',
    ruleset_source: ruleset.ofOrganization ? call.repo.owner.login : fullName(call.repo),
    ruleset_id: ruleset.id,
  }))
}

function listRulesets(call: Call): Answer {
  return call.page(call.repo.rulesets, (ruleset) => shortRuleset(call, ruleset))
}

function getRuleset(call: Call): Answer {
  const ruleset = call.repo.rulesets.find((each) => each.id === call.number('ruleset_id'))
  if (!ruleset) throw notFound()
  return ok({
    ...shortRuleset(call, ruleset),
    // The list of who may pass is for administrators; everyone learns whether they may themselves.
    current_user_can_bypass: mayBypass(call.world, call.repo, ruleset, call.act) ? 'always' : 'never',
    conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
    rules: ruleset.rules.map(rulePayload),
  })
}

function shortRuleset(call: Call, ruleset: Ruleset): Json {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: ruleset.ofOrganization ? 'Organization' : 'Repository',
    source: ruleset.ofOrganization ? call.repo.owner.login : fullName(call.repo),
    enforcement: ruleset.enforcement,
    node_id: ruleset.nodeId,
    _links: {
      self: { href: `${apiUrl(call.world, call.repo)}/rulesets/${ruleset.id}` },
      html: { href: `${htmlUrl(call.world, call.repo)}/rules/${ruleset.id}` },
    },
    created_at: iso(ruleset.createdAt),
    updated_at: iso(ruleset.createdAt),
  }
}

/** GitHub's older word for a permission: it knows neither maintain nor triage. */
const OLDER: Readonly<Record<Permission, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
}

function getPermission(call: Call): Answer {
  const { repo, world } = call
  const user = world.users.get(call.param('username').toLowerCase())
  if (!user) throw new Problem(404, `${call.param('username')} is not a user`)
  const permission = permissionOf(world, repo, user)
  const has = (...words: Permission[]) => words.includes(permission)
  return ok({
    permission: OLDER[permission],
    role_name: permission,
    user: {
      ...userPayload(world, user),
      role_name: permission,
      permissions: {
        admin: has('admin'),
        maintain: has('admin', 'maintain'),
        push: has('admin', 'maintain', 'write'),
        triage: has('admin', 'maintain', 'write', 'triage'),
        pull: !has('none'),
      },
    },
  })
}

function isAssignable(call: Call): Answer {
  const user = call.world.users.get(call.param('assignee').toLowerCase())
  if (!user || ['none', 'read'].includes(permissionOf(call.world, call.repo, user))) throw notFound()
  return nothing()
}
