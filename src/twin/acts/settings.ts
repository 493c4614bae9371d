/**
 * What an owner sets on a repository: who may do what, protection, rulesets, its name and its switches; each told by
 * its webhook. What the settings mean is not known here.
 */
import { emit } from '../emit.ts'
import { apiUrl, iso, permissionOf, userPayload } from '../payloads/actors.ts'
import { rulePayload } from '../payloads/rules.ts'
import type { Protection, Rule } from '../rules/rules.ts'
import { fullName, type Permission, type Repo } from '../state.ts'
import type { World } from '../world.ts'

export interface RulesetDraft {
  readonly name: string
  readonly target?: 'branch' | 'tag'
  readonly enforcement?: 'active' | 'disabled' | 'evaluate'
  readonly include: readonly string[]
  readonly exclude?: readonly string[]
  readonly rules: readonly Rule[]
  /** `{ actor: 'app' }` is the App under test, `'admin'` whoever administers. */
  readonly bypass?: readonly { readonly actor: string }[]
  /** Made for the whole organization. */
  readonly ofOrganization?: boolean
}

/** Gives somebody a permission, or takes it away. */
export function setCollaborator(world: World, repo: Repo, login: string, permission: Permission): void {
  const user = world.user(login)
  const before = permissionOf(world, repo, user)
  const known = repo.collaborators.has(login.toLowerCase())
  repo.collaborators.set(login.toLowerCase(), permission)
  const act = world.act(repo.owner)
  const member = userPayload(world, user)
  if (permission === 'none') emit(world, repo, act, 'member', 'removed', { member })
  else if (!known) emit(world, repo, act, 'member', 'added', { member, changes: { permission: { to: permission } } })
  else if (before !== permission)
    emit(world, repo, act, 'member', 'edited', { member, changes: { permission: { from: before, to: permission } } })
}

const level = (on: boolean | undefined): string => (on ? 'everyone' : 'off')

/** Protects a branch the classic way. */
export function setProtection(
  world: World,
  repo: Repo,
  branch: string,
  protection: Omit<Protection, 'id' | 'pattern'>,
): void {
  const known = repo.protections.get(branch)
  const rule: Protection = { ...protection, id: known?.id ?? world.nextId(), pattern: branch }
  repo.protections.set(branch, rule)
  const reviews = rule.requiredReviews
  emit(world, repo, world.act(repo.owner), 'branch_protection_rule', known ? 'edited' : 'created', {
    rule: {
      id: rule.id,
      repository_id: repo.id,
      name: branch,
      created_at: iso(world.now()),
      updated_at: iso(world.now()),
      pull_request_reviews_enforcement_level: level(reviews !== undefined),
      required_approving_review_count: reviews?.count ?? 0,
      dismiss_stale_reviews_on_push: reviews?.dismissStale ?? false,
      require_code_owner_review: reviews?.codeOwners ?? false,
      require_last_push_approval: reviews?.lastPush ?? false,
      authorized_dismissal_actors_only: false,
      ignore_approvals_from_contributors: false,
      required_status_checks: (rule.requiredChecks ?? []).map((check) => check.context),
      required_status_checks_enforcement_level: level(rule.requiredChecks !== undefined),
      strict_required_status_checks_policy: rule.strict ?? false,
      signature_requirement_enforcement_level: level(rule.signatures),
      linear_history_requirement_enforcement_level: level(rule.linearHistory),
      admin_enforced: rule.enforceAdmins ?? false,
      create_protected: false,
      allow_force_pushes_enforcement_level: level(rule.allowForcePushes),
      allow_deletions_enforcement_level: level(rule.allowDeletions),
      merge_queue_enforcement_level: 'off',
      required_deployments_enforcement_level: 'off',
      required_conversation_resolution_level: level(rule.conversationResolution),
      lock_branch_enforcement_level: level(rule.lock),
      authorized_actors_only: rule.restrictPushesTo !== undefined,
      authorized_actor_names: [...(rule.restrictPushesTo ?? [])],
    },
    ...(known ? { changes: {} } : {}),
  })
}

/** Adds a ruleset and tells its id. */
export function addRuleset(world: World, repo: Repo, draft: RulesetDraft): number {
  const id = world.nextId()
  const ruleset = {
    id,
    nodeId: world.nodeId('RRS', id),
    name: draft.name,
    target: draft.target ?? 'branch',
    enforcement: draft.enforcement ?? 'active',
    include: draft.include,
    exclude: draft.exclude ?? [],
    rules: draft.rules,
    bypass: (draft.bypass ?? []).map((each) => each.actor),
    ofOrganization: draft.ofOrganization ?? false,
    createdAt: world.now(),
  }
  repo.rulesets.push(ruleset)
  emit(world, repo, world.act(repo.owner), 'repository_ruleset', 'created', {
    repository_ruleset: {
      id,
      name: ruleset.name,
      target: ruleset.target,
      source_type: ruleset.ofOrganization ? 'Organization' : 'Repository',
      source: ruleset.ofOrganization ? repo.owner.login : fullName(repo),
      enforcement: ruleset.enforcement,
      node_id: ruleset.nodeId,
      _links: { self: { href: `${apiUrl(world, repo)}/rulesets/${id}` } },
      created_at: iso(ruleset.createdAt),
      updated_at: iso(ruleset.createdAt),
      conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
      rules: ruleset.rules.map(rulePayload),
    },
  })
  return id
}

export interface Settings {
  readonly issues?: boolean
  readonly archived?: boolean
  readonly private?: boolean
  readonly defaultBranch?: string
  readonly deleteBranchOnMerge?: boolean
  readonly methods?: Partial<Repo['methods']>
}

/** Switches what an owner switches. Issues, methods and branch deletion have no webhook. */
export function changeSettings(world: World, repo: Repo, change: Settings): void {
  const act = world.act(repo.owner)
  repo.hasIssues = change.issues ?? repo.hasIssues
  repo.deleteBranchOnMerge = change.deleteBranchOnMerge ?? repo.deleteBranchOnMerge
  Object.assign(repo.methods, change.methods)
  if (change.archived !== undefined && change.archived !== repo.archived) {
    repo.archived = change.archived
    emit(world, repo, act, 'repository', change.archived ? 'archived' : 'unarchived', {})
  }
  if (change.private !== undefined && change.private !== repo.private) {
    repo.private = change.private
    emit(world, repo, act, 'repository', change.private ? 'privatized' : 'publicized', {})
  }
  if (change.defaultBranch !== undefined && change.defaultBranch !== repo.defaultBranch) {
    const changes = { default_branch: { from: repo.defaultBranch } }
    repo.defaultBranch = change.defaultBranch
    repo.git.setHead(change.defaultBranch)
    emit(world, repo, act, 'repository', 'edited', { changes })
  }
}

/** Gives it another name; the old one leads to it still, as GitHub redirects. */
export function renameRepository(world: World, repo: Repo, name: string): void {
  const from = repo.name
  repo.name = name
  world.repos.set(fullName(repo).toLowerCase(), repo)
  emit(world, repo, world.act(repo.owner), 'repository', 'renamed', { changes: { repository: { name: { from } } } })
}
