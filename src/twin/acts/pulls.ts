/**
 * What happens to pull requests: opened, edited, closed, moved by a push, found merged. A pull request never moves a
 * branch here; the merge button does that elsewhere.
 */
import { emit } from '../emit.ts'
import { wholePullPayload } from '../payloads/pulls.ts'
import { invalid } from '../problem.ts'
import { protectionFor, rulesetsFor } from '../rules/protection.ts'
import type { Act, Pull, Repo } from '../state.ts'
import { fullName, pullsOf, ZERO } from '../state.ts'
import type { World } from '../world.ts'
import { makeIssue } from './issues.ts'
import { knownMergeability } from './mergeability.ts'
import { dismiss } from './reviews.ts'

/** Sends a `pull_request` webhook. */
export function emitPull(world: World, pull: Pull, act: Act, action: string, more: Record<string, unknown> = {}): void {
  const payload = wholePullPayload(world, pull, knownMergeability(pull))
  emit(world, pull.repo, act, 'pull_request', action, { number: pull.number, pull_request: payload, ...more })
}

export interface PullDraft {
  readonly headRepo: Repo
  readonly head: string
  readonly base: string
  readonly title: string
  readonly body: string | null
  readonly draft: boolean
}

/** Opens a pull request; 422 when a side is missing, nothing lies between them, or one is open already. */
export function openPull(world: World, repo: Repo, act: Act, from: PullDraft): Pull {
  const head = from.headRepo.git.ref(`refs/heads/${from.head}`)
  const base = repo.git.ref(`refs/heads/${from.base}`)
  if (!head) throw invalid('PullRequest', 'head', 'invalid')
  if (!base) throw invalid('PullRequest', 'base', 'invalid')
  const label = `${from.headRepo.owner.login}:${from.head}`
  if (repo.git.graph.contains(base, head))
    throw invalid('PullRequest', 'head', 'custom', `No commits between ${from.base} and ${label}`)
  const twin = pullsOf(repo).find(
    (each) => isHeadOf(each, from.headRepo, from.head) && each.base.ref === from.base && each.issue.state === 'open',
  )
  if (twin) throw invalid('PullRequest', 'head', 'custom', `A pull request already exists for ${label}.`)
  const id = world.nextId()
  const pull: Omit<Pull, 'issue' | 'number'> = {
    id,
    nodeId: world.nodeId('PR', id),
    repo,
    head: { repo: from.headRepo, ref: from.head, sha: head, deleted: false },
    base: { ref: from.base, sha: base },
    baseChanges: [],
    draft: from.draft,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    autoMerge: null,
    reviews: [],
    threads: [],
    mergeable: null,
    mergeableAsked: null,
  }
  const issue = makeIssue(world, repo, act, { title: from.title, body: from.body, pull })
  const opened = issue.pull
  if (!opened) throw new Error('an issue made of a pull request has none')
  repo.git.setRef(`refs/pull/${opened.number}/head`, head, world.now())
  emitPull(world, opened, act, 'opened')
  tellCiOfFork(world, opened, act, ZERO)
  return opened
}

/** Closes a pull request without merging it. */
export function closePull(world: World, pull: Pull, act: Act): void {
  if (pull.issue.state === 'closed') return
  close(world, pull, act)
  emitPull(world, pull, act, 'closed')
}

/** Opens it again; 422 when it was merged or its head branch is gone. */
export function reopenPull(world: World, pull: Pull, act: Act): void {
  if (pull.issue.state === 'open') return
  const head = pull.head.repo.git.ref(`refs/heads/${pull.head.ref}`)
  if (pull.merged || !head)
    throw invalid('PullRequest', 'state', 'custom', 'state cannot be changed. The branch was deleted.')
  Object.assign(pull.issue, { state: 'open', closedAt: null, closedBy: null, updatedAt: world.now() })
  emitPull(world, pull, act, 'reopened')
  if (head !== pull.head.sha) synchronize(world, pull, act, head)
}

export interface PullEdit {
  readonly title?: string
  readonly body?: string | null
  readonly base?: string
}

/** Changes title, body or base. */
export function editPull(world: World, pull: Pull, act: Act, edit: PullEdit): void {
  const { issue, repo } = pull
  const changes: Record<string, unknown> = {}
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes.title = { from: issue.title }
    issue.title = edit.title
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes.body = { from: issue.body ?? '' }
    issue.body = edit.body
  }
  if (edit.base !== undefined && edit.base !== pull.base.ref) {
    const sha = repo.git.ref(`refs/heads/${edit.base}`)
    if (!sha) throw invalid('PullRequest', 'base', 'invalid')
    changes.base = changeBase(world, pull, { ref: edit.base, sha }, false)
  }
  if (Object.keys(changes).length === 0) return
  issue.updatedAt = world.now()
  emitPull(world, pull, act, 'edited', { changes })
  if (changes.base) detectMerge(world, pull, act)
}

/** What the webhook tells of the change. */
function changeBase(world: World, pull: Pull, base: Pull['base'], automatic: boolean): Record<string, unknown> {
  const { ref, sha } = pull.base
  pull.base = base
  pull.baseChanges.push({ at: world.now(), automatic })
  return { ref: { from: ref }, sha: { from: sha } }
}

/** Makes it a draft, or ready for review. */
export function setDraft(world: World, pull: Pull, act: Act, draft: boolean): void {
  if (pull.draft === draft) return
  pull.draft = draft
  pull.issue.updatedAt = world.now()
  emitPull(world, pull, act, draft ? 'converted_to_draft' : 'ready_for_review')
}

/** Asks GitHub to merge it by itself, or takes that back. The twin tells of it and never merges by itself. */
export function setAutoMerge(world: World, pull: Pull, act: Act, enabled: boolean): void {
  if ((pull.autoMerge !== null) === enabled) return
  pull.autoMerge = enabled ? { by: act.by, at: world.now(), method: 'merge' } : null
  pull.issue.updatedAt = world.now()
  if (enabled) emitPull(world, pull, act, 'auto_merge_enabled', { reason: '' })
  else emitPull(world, pull, act, 'auto_merge_disabled', { reason: 'Auto-merge was disabled' })
}

/** What the pull requests of a network do when a branch of one of its repositories has moved. */
export function followBranch(world: World, repo: Repo, act: Act, branch: string, after: string | undefined): void {
  const network = [repo, ...repo.forks, ...(repo.parent ? [repo.parent, ...repo.parent.forks] : [])]
  for (const pull of [...new Set(network)].flatMap((each) => pullsOf(each))) {
    if (pull.issue.state === 'closed') continue
    if (isHeadOf(pull, repo, branch)) {
      if (after === undefined) {
        pull.head.deleted = true
        closePull(world, pull, act)
      } else synchronize(world, pull, act, after)
    } else if (pull.repo === repo && pull.base.ref === branch) {
      if (after === undefined) loseBase(world, pull, act)
      else detectMerge(world, pull, act)
    }
  }
}

/** Marks a pull request merged by a commit, at once. */
export function markMerged(world: World, pull: Pull, act: Act, commit: string): void {
  close(world, pull, act)
  Object.assign(pull, { merged: true, mergedAt: world.now(), mergedBy: act.by, mergeCommit: commit, autoMerge: null })
  emitPull(world, pull, act, 'closed')
}

function synchronize(world: World, pull: Pull, act: Act, after: string): void {
  const before = pull.head.sha
  if (before === after) return
  pull.head.sha = after
  pull.base.sha = pull.repo.git.ref(`refs/heads/${pull.base.ref}`) ?? pull.base.sha
  pull.issue.updatedAt = world.now()
  pull.repo.git.setRef(`refs/pull/${pull.number}/head`, after, world.now())
  emitPull(world, pull, act, 'synchronize', { before, after })
  tellCiOfFork(world, pull, act, before)
  if (dismissesStale(pull))
    for (const review of pull.reviews) if (review.state === 'APPROVED') dismiss(world, review, act)
  detectMerge(world, pull, act)
}

/** The base repository gets no push webhook for a fork; its CI runs for the pull request's own ref. */
function tellCiOfFork(world: World, pull: Pull, act: Act, before: string): void {
  if (pull.head.repo === pull.repo) return
  const by = world.isApp(act.by) ? 'app' : act.by.login
  for (const listener of pull.repo.pushListeners.slice())
    listener({ ref: `refs/pull/${pull.number}/head`, before, after: pull.head.sha, by, forced: false })
}

/**
 * What happens to a pull request whose base is deleted: where a merged one came from that branch it gets that one's base, else it
 * is closed. https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/about-branches
 */
function loseBase(world: World, pull: Pull, act: Act): void {
  const { repo } = pull
  const merged = pullsOf(repo).find(
    (each) => each.merged && each.head.repo === repo && each.head.ref === pull.base.ref && each !== pull,
  )
  const sha = merged && repo.git.ref(`refs/heads/${merged.base.ref}`)
  if (!merged || !sha) return closePull(world, pull, act)
  const base = changeBase(world, pull, { ref: merged.base.ref, sha }, true)
  pull.issue.updatedAt = world.now()
  emitPull(world, pull, act, 'edited', { changes: { base } })
}

/** GitHub finds out some seconds late that a head is reachable from its base; by then it may not be any more. */
function detectMerge(world: World, pull: Pull, act: Act): void {
  const { git } = pull.repo
  const contained = () => {
    const tip = git.ref(`refs/heads/${pull.base.ref}`)
    return tip !== undefined && git.graph.contains(tip, pull.head.sha) ? tip : undefined
  }
  if (!contained()) return
  world.later(500 + Math.floor(world.draw(`merged ${fullName(pull.repo)} ${pull.number}`) * 3500), () => {
    const tip = contained()
    if (tip && pull.issue.state === 'open') markMerged(world, pull, act, broughtBy(pull, tip))
  })
}

/** The oldest commit on the first-parent line of the base that contains the head. */
function broughtBy(pull: Pull, tip: string): string {
  const { graph } = pull.repo.git
  for (let at = tip; ; ) {
    const first = graph.read(at).parents[0]
    if (first === undefined || at === pull.head.sha || !graph.contains(first, pull.head.sha)) return at
    at = first
  }
}

function close(world: World, pull: Pull, act: Act): void {
  const at = world.now()
  Object.assign(pull.issue, { state: 'closed', closedAt: at, closedBy: act.by, updatedAt: at })
}

function dismissesStale(pull: Pull): boolean {
  const rules = rulesetsFor(pull.repo, `refs/heads/${pull.base.ref}`).flatMap((ruleset) => ruleset.rules)
  return (
    protectionFor(pull.repo, pull.base.ref)?.requiredReviews?.dismissStale === true ||
    rules.some((rule) => rule.type === 'pull_request' && rule.dismissStale === true)
  )
}

const isHeadOf = (pull: Pull, repo: Repo, branch: string): boolean =>
  pull.head.repo === repo && pull.head.ref === branch && !pull.head.deleted
