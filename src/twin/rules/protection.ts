/**
 * What the rules of a repository say to the move of a ref: classic protection and rulesets, each with those who may
 * pass them by. It answers with GitHub's words; it never moves anything.
 */
import { WEB_FLOW } from '../git/commits.ts'
import { permissionOf } from '../payloads/actors.ts'
import { type Act, type Pull, pullsOf, type Repo } from '../state.ts'
import type { World } from '../world.ts'
import type { Protection, RequiredCheck, Rule, Ruleset } from './rules.ts'

export interface Move {
  readonly ref: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** The pull request whose merge this is, when it is one. */
  readonly via?: Pull
}

/** GitHub's refusal of a move, or undefined. Classic refusals are one sentence, rulesets' begin with "Repository rule". */
export function refusal(world: World, repo: Repo, act: Act, move: Move): string | undefined {
  return classicRefusal(world, repo, act, move) ?? rulesetRefusal(world, repo, act, move)
}

/** The rulesets that apply to a ref, by include and exclude patterns. */
export function rulesetsFor(repo: Repo, ref: string): Ruleset[] {
  return repo.rulesets.filter(
    (ruleset) =>
      ruleset.enforcement === 'active' &&
      ref.startsWith(ruleset.target === 'branch' ? 'refs/heads/' : 'refs/tags/') &&
      ruleset.include.some((pattern) => matches(repo, pattern, ref)) &&
      !ruleset.exclude.some((pattern) => matches(repo, pattern, ref)),
  )
}

/** True when somebody is on the bypass list of a ruleset. */
export function mayBypass(world: World, repo: Repo, ruleset: Ruleset, act: Act): boolean {
  return listed(world, ruleset.bypass, act) || (ruleset.bypass.includes('admin') && isAdmin(world, repo, act))
}

/** The classic protection of a branch: its own, else that of the first pattern that matches it. */
export function protectionFor(repo: Repo, branch: string): Protection | undefined {
  return repo.protections.get(branch) ?? [...repo.protections.values()].find((each) => glob(each.pattern).test(branch))
}

/** What is still expected of the required checks on a sha, in GitHub's words. */
export function missingChecks(repo: Repo, sha: string, required: readonly RequiredCheck[]): string | undefined {
  const open = required.flatMap((check) => {
    const state = checkState(repo, sha, check)
    return state === 'success' ? [] : [{ context: check.context, state }]
  })
  const first = open[0]
  if (!first) return undefined
  if (open.length === 1) return `Required status check "${first.context}" is ${first.state}.`
  return `${open.length} of ${required.length} required status checks are ${first.state}.`
}

function classicRefusal(world: World, repo: Repo, act: Act, move: Move): string | undefined {
  if (!move.ref.startsWith('refs/heads/') || move.before === undefined) return undefined
  const protection = protectionFor(repo, move.ref.slice('refs/heads/'.length))
  if (!protection) return undefined
  if (move.after === undefined) return protection.allowDeletions ? undefined : 'Cannot delete this protected branch'
  if (isAdmin(world, repo, act) && !protection.enforceAdmins) return undefined
  if (protection.lock) return 'Cannot change this locked branch'
  if (!repo.git.graph.contains(move.after, move.before) && !protection.allowForcePushes)
    return 'Cannot force-push to this protected branch'
  if (protection.restrictPushesTo && !listed(world, protection.restrictPushesTo, act))
    return "You're not authorized to push to this branch. Visit https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches for more information."
  const reviews = protection.requiredReviews
  if (reviews && !listed(world, reviews.bypass ?? [], act)) {
    const reason = unreviewed(world, repo, move, reviews.count)
    if (reason) return reason
  }
  if (protection.signatures && !isSigned(repo, move)) return 'Commits must have verified signatures.'
  if (protection.linearHistory && !isLinear(repo, move)) return 'This branch must not contain merge commits.'
  return missingChecks(repo, provenBy(move, move.after), protection.requiredChecks ?? [])
}

/**
 * The commit whose checks count: of a merge by GitHub itself the head, for what comes of the merge is not there yet.
 * https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
 */
const provenBy = ({ via }: Move, after: string): string => via?.head.sha ?? after

function rulesetRefusal(world: World, repo: Repo, act: Act, move: Move): string | undefined {
  const words = rulesetsFor(repo, move.ref)
    .filter((ruleset) => !mayBypass(world, repo, ruleset, act))
    .flatMap((ruleset) => ruleset.rules.flatMap((rule) => ruleRefusal(world, repo, move, rule) ?? []))
  if (words.length === 0) return undefined
  return `Repository rule violations found\n\n${[...new Set(words)].join('\n\n')}\n\n`
}

function ruleRefusal(world: World, repo: Repo, move: Move, rule: Rule): string | undefined {
  const { before, after } = move
  switch (rule.type) {
    case 'creation':
      return before === undefined ? 'Cannot create ref due to creations being restricted.' : undefined
    case 'deletion':
      return after === undefined ? 'Cannot delete this protected ref.' : undefined
    case 'update':
      return before !== undefined && after !== undefined ? 'Cannot update this protected ref.' : undefined
    case 'non_fast_forward':
      return before !== undefined && after !== undefined && !repo.git.graph.contains(after, before)
        ? 'Cannot force-push to this branch'
        : undefined
    case 'required_status_checks':
      return after === undefined ? undefined : missingChecks(repo, provenBy(move, after), rule.checks)
    case 'pull_request':
      return before === undefined || after === undefined
        ? undefined
        : unreviewed(world, repo, move, rule.approvals ?? 0)
    case 'required_linear_history':
      return isLinear(repo, move) ? undefined : 'This branch must not contain merge commits.'
    case 'required_signatures':
      return isSigned(repo, move) ? undefined : 'Commits must have verified signatures.'
    default: {
      const unknown: never = rule
      return unknown
    }
  }
}

/** A direct update passes only as the plain merge of one approved pull request, made on the present tip. */
function unreviewed(world: World, repo: Repo, move: Move, approvals: number): string | undefined {
  const after = move.after ?? ''
  const commit = repo.git.graph.read(after)
  const pull =
    move.via ??
    pullsOf(repo).find(
      (each) =>
        each.issue.state === 'open' &&
        `refs/heads/${each.base.ref}` === move.ref &&
        (each.head.sha === after || (commit.parents[0] === move.before && commit.parents[1] === each.head.sha)),
    )
  if (!pull) return 'Changes must be made through a pull request.'
  const given = approvers(world, pull).length
  if (given >= approvals) return undefined
  return `At least ${approvals} approving review${approvals === 1 ? ' is' : 's are'} required by reviewers with write access.`
}

/** Those with write access whose newest opinion on a pull request is an approval. */
export function approvers(world: World, pull: Pull): string[] {
  const opinions = new Map<string, string>()
  for (const review of pull.reviews) if (review.state !== 'COMMENTED') opinions.set(review.user.login, review.state)
  return [...opinions].flatMap(([login, state]) => {
    const permission = permissionOf(world, pull.repo, world.user(login))
    return state === 'APPROVED' && ['admin', 'maintain', 'write'].includes(permission) ? [login] : []
  })
}

function isLinear(repo: Repo, move: Move): boolean {
  if (move.after === undefined) return true
  return repo.git.graph.log(move.after, move.before).every((commit) => commit.parents.length < 2)
}

/**
 * GitHub signs what it commits itself: by the button, by `/merges`, and what an App makes that names no author; what it
 * rebases it does not sign. https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification
 */
function isSigned(repo: Repo, { before, after }: Move): boolean {
  if (after === undefined) return true
  return repo.git.graph.log(after, before).every((commit) => commit.committer.email === WEB_FLOW)
}

function checkState(repo: Repo, sha: string, check: RequiredCheck): string {
  const run = [...repo.runs.values()]
    .filter((each) => each.suite.sha === sha && each.name === check.context)
    .filter((each) => check.appId === undefined || check.appId === each.suite.app.id)
    .at(-1)
  if (run) {
    if (run.status !== 'completed') return run.status === 'queued' ? 'queued' : 'in progress'
    return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'success' : 'failing'
  }
  if (check.appId !== undefined) return 'expected'
  const status = repo.statuses.filter((each) => each.sha === sha && each.context === check.context).at(-1)
  if (!status) return 'expected'
  return status.state === 'success' ? 'success' : status.state === 'pending' ? 'pending' : 'failing'
}

const isAdmin = (world: World, repo: Repo, act: Act): boolean => permissionOf(world, repo, act.by) === 'admin'

const listed = (world: World, list: readonly string[], act: Act): boolean =>
  list.includes(world.isApp(act.by) ? 'app' : act.by.login)

function matches(repo: Repo, pattern: string, ref: string): boolean {
  if (pattern === '~ALL') return true
  if (pattern === '~DEFAULT_BRANCH') return ref === `refs/heads/${repo.defaultBranch}`
  return glob(pattern.startsWith('refs/') ? pattern : `refs/heads/${pattern}`).test(ref)
}

/**
 * `fnmatch` as GitHub calls it, with FNM_PATHNAME: a star ends at a slash, `**` followed by a slash does not.
 * https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*+|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:[^/]+/)*'
    if (part.startsWith('*')) return '[^/]*'
    return part === '?' ? '[^/]' : `\\${part}`
  })
  return new RegExp(`^${source}$`)
}
