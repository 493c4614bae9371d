/**
 * The one place where refs move: every move of one call is checked first, then all are done, then the rest of GitHub
 * is told (webhooks, pull requests, CI). What the answer to the caller looks like is not known here.
 */
import { emit } from '../emit.ts'
import { compareTrees, entryAt, listFiles } from '../git/tree.ts'
import { htmlUrl } from '../payloads/actors.ts'
import { pushCommitPayload } from '../payloads/commits.ts'
import { Problem } from '../problem.ts'
import { refusal } from '../rules/protection.ts'
import type { Act, Pull, Repo } from '../state.ts'
import { ZERO } from '../state.ts'
import type { World } from '../world.ts'
import { followBranch } from './pulls.ts'

export interface RefMove {
  /** Fully qualified. */
  readonly ref: string
  /** What the ref must be at; ZERO: it must not exist; left out: anything. */
  readonly before?: string
  /** Where it goes; ZERO: it is deleted. */
  readonly after: string
  readonly force: boolean
  /** The pull request whose merge this is. */
  readonly via?: Pull
}

/** Why a call may not move a ref. */
export type RefProblem =
  | 'name'
  | 'object'
  | 'missing'
  | 'exists'
  | 'moved'
  | 'not_fast_forward'
  | 'in_the_way'
  | 'rule'
  | 'workflow'

/** Thrown by `moveRefs`; nothing was moved. */
export class RefRefused extends Problem {
  readonly why: RefProblem
  readonly ref: string

  constructor(why: RefProblem, ref: string, message: string) {
    super(422, message)
    this.why = why
    this.ref = ref
  }
}

interface Moved {
  readonly ref: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Moves all of the refs or none; throws `RefRefused` for the first that may not be moved. */
export function moveRefs(world: World, repo: Repo, act: Act, moves: readonly RefMove[]): void {
  if (repo.archived) throw new Problem(403, 'Repository was archived so is read-only.')
  const deleted = new Set(moves.filter((move) => move.after === ZERO).map((move) => move.ref))
  const planned = moves.map((move) => check(world, repo, act, move, deleted))
  const done = planned.filter((move) => move.before !== move.after)
  for (const move of [...done].sort((a, b) => Number(a.after !== undefined) - Number(b.after !== undefined)))
    repo.git.setRef(move.ref, move.after, world.now())
  repo.pushedAt = world.now()
  for (const move of done) tell(world, repo, act, move)
}

function check(world: World, repo: Repo, act: Act, move: RefMove, deleted: ReadonlySet<string>): Moved {
  const { ref } = move
  const before = repo.git.ref(ref)
  const after = move.after === ZERO ? undefined : move.after
  if (!isRefName(ref)) throw new RefRefused('name', ref, 'Reference name is not valid')
  if (after !== undefined && !repo.git.graph.find(after)) throw new RefRefused('object', ref, 'Object does not exist')
  if (move.before !== undefined && move.before !== (before ?? ZERO)) {
    if (move.before === ZERO) throw new RefRefused('exists', ref, 'Reference already exists')
    throw new RefRefused(
      before ? 'moved' : 'missing',
      ref,
      before ? 'Reference cannot be updated' : 'Reference does not exist',
    )
  }
  if (before === undefined && after === undefined) throw new RefRefused('missing', ref, 'Reference does not exist')
  const obstacle = before === undefined ? repo.git.standsInTheWayOf(ref, deleted) : undefined
  if (obstacle) throw new RefRefused('in_the_way', ref, 'Reference cannot be created: a file/directory conflict exists')
  if (before && after && !move.force && !repo.git.graph.contains(after, before))
    throw new RefRefused('not_fast_forward', ref, 'Update is not a fast forward')
  const refused =
    before === after
      ? undefined
      : refusal(world, repo, act, { ref, before, after, ...(move.via ? { via: move.via } : {}) })
  if (refused !== undefined) throw new RefRefused('rule', ref, refused)
  const workflow = after === undefined || !world.isApp(act.by) ? undefined : foreignWorkflow(repo, after)
  if (workflow !== undefined && repo.installation?.rights.workflows !== 'write')
    throw new RefRefused(
      'workflow',
      ref,
      `refusing to allow a GitHub App to create or update workflow \`${workflow}\` without \`workflows\` permission`,
    )
  return { ref, before, after }
}

function tell(world: World, repo: Repo, act: Act, move: Moved): void {
  const { before, after, ref } = move
  const isBranch = ref.startsWith('refs/heads/')
  const name = ref.replace(/^refs\/(heads|tags)\//, '')
  const kind = { ref: name, ref_type: isBranch ? 'branch' : 'tag', pusher_type: 'user' }
  if (!isBranch && !ref.startsWith('refs/tags/')) return
  if (before === undefined)
    emit(world, repo, act, 'create', null, { ...kind, master_branch: repo.defaultBranch, description: null })
  emitPush(world, repo, act, move)
  if (after === undefined) emit(world, repo, act, 'delete', null, kind)
  if (!isBranch) return
  const forced = before !== undefined && after !== undefined && !repo.git.graph.contains(after, before)
  for (const listener of repo.pushListeners.slice())
    listener({
      ref,
      before: before ?? ZERO,
      after: after ?? ZERO,
      by: world.isApp(act.by) ? 'app' : act.by.login,
      forced,
    })
  followBranch(world, repo, act, name, after)
}

function emitPush(world: World, repo: Repo, act: Act, move: Moved): void {
  if (act.silently || !repo.installation) return
  const { graph, objects } = repo.git
  const { before, after, ref } = move
  const base = before ?? repo.git.ref(`refs/heads/${repo.defaultBranch}`)
  const fresh = after === undefined ? [] : graph.log(after, base).slice(0, 2048).toReversed()
  const show = (sha: string) => {
    const commit = graph.read(sha)
    const parent = commit.parents[0]
    const changes = compareTrees(objects, parent ? graph.read(parent).tree : undefined, commit.tree)
    return pushCommitPayload(world, repo, commit, changes)
  }
  emit(world, repo, act, 'push', null, {
    ref,
    before: before ?? ZERO,
    after: after ?? ZERO,
    pusher: { name: act.by.login, email: `${act.by.login}@users.noreply.github.com` },
    created: before === undefined,
    deleted: after === undefined,
    forced: before !== undefined && after !== undefined && !graph.contains(after, before),
    base_ref: null,
    compare: `${htmlUrl(world, repo)}/compare/${(before ?? ZERO).slice(0, 12)}...${(after ?? ZERO).slice(0, 12)}`,
    commits: fresh.map((commit) => show(commit.sha)),
    head_commit: after === undefined ? null : show(after),
  })
}

/** A workflow file of the commit that stands, with this content, on no branch of the repository yet. */
function foreignWorkflow(repo: Repo, sha: string): string | undefined {
  const { git } = repo
  const folder = (commit: string) => entryAt(git.objects, git.graph.read(commit).tree, '.github/workflows')?.sha
  const tree = folder(sha)
  if (tree === undefined) return undefined
  const trees = git.refs('refs/heads/').flatMap(([, tip]) => folder(tip) ?? [])
  if (trees.includes(tree)) return undefined
  const known = new Set(trees.flatMap((each) => listFiles(git.objects, each).map((file) => `${file.path} ${file.sha}`)))
  const file = listFiles(git.objects, tree).find((each) => !known.has(`${each.path} ${each.sha}`))
  return file && `.github/workflows/${file.path}`
}

/** The part of `git check-ref-format` that names of people and bots run into. */
function isRefName(ref: string): boolean {
  return (
    /^refs\/[^/]+\/.+$/.test(ref) &&
    !/[\s~^:?*[\\]|[^ -\u{10ffff}]|\x7f|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$/u.test(ref)
  )
}
