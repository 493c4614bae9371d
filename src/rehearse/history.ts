/**
 * What happened on a branch: its pull requests as they were when they were merged, in their order, and everything that came
 * in between. Whatever is no ordinary pull request is listed; nothing is left out without a word. It replays nothing.
 */
import { CannotRehearse } from './cannot-rehearse.ts'
import { type Draft, draft, type Oddity, type Patch, type Step, type Way, wayOf } from './draft.ts'
import type { Clone } from './git/clone.ts'
import type { Git } from './git/git.ts'
import { type Commit, readCommits, readLog } from './git/log.ts'
import type { Objects } from './git/objects.ts'

export interface Change extends Omit<Draft, 'number' | 'settled'> {
  /** Made up where history tells none; each is used once. */
  readonly number: number
  readonly named: boolean
  /** It comes a second time, in a state in which it can land; null: it comes once. */
  readonly again: (Patch & { readonly number: number }) | null
}

export interface Listed {
  readonly kind: Oddity | 'target_into_branch'
  readonly commit: string
  readonly title: string
}

export interface History {
  readonly branch: string
  /** What the first pull request was merged onto: where a replay begins. */
  readonly start: Commit
  /** The branch as history left it. */
  readonly end: Commit
  /** In the order in which they came to the branch. */
  readonly changes: readonly Change[]
  readonly odd: readonly Listed[]
}

/** How many questions are put to git at once. */
const WIDTH = 4

/** The last `last` pull requests of the clone's branch, with all that came between and after them. */
export async function readHistory(
  clone: Clone,
  objects: Objects,
  last: number,
  progress: (done: number, all: number) => void = () => {},
): Promise<History> {
  const { git, branch, tip } = clone
  const line = (await readLog(git, ['--first-parent', tip])).toReversed()
  const all = line.flatMap((commit, at): (Step & { way: Way })[] => {
    const onto = line[at - 1]
    return onto ? [{ onto, commit, way: wayOf(commit, branch) }] : []
  })
  const steps = all.slice(firstOf(all, last))
  const [start, end] = [steps[0]?.onto, line.at(-1)]
  if (!start || !end) throw noPulls(branch, line.length)
  const bases = await basesOf(git, steps)
  const merges = steps.filter(({ commit }) => bases.has(commit.sha))
  const asked = merges.flatMap(({ commit }) => [commit.parents[1] ?? '', ...(bases.get(commit.sha)?.slice(0, 1) ?? [])])
  const known = await readCommits(git, [...new Set(asked)])
  let done = 0
  const drafts = await eachOf(steps, async (step) => {
    const read = await draft(step, step.way, bases.get(step.commit.sha) ?? [], known, objects)
    progress(++done, steps.length)
    return read
  })
  if (drafts.every(({ via }) => via === null)) throw noPulls(branch, line.length)
  return {
    branch,
    start,
    end,
    changes: numbered(drafts),
    odd: [...oddOf(drafts), ...(await catchingUp(clone, line, start))],
  }
}

/** The merge bases of each merge commit's parents. */
async function basesOf(git: Git, steps: readonly (Step & { way: Way })[]): Promise<Map<string, readonly string[]>> {
  const merges = steps.filter(({ way }) => way === 'merge')
  const found = await eachOf(merges, async ({ commit }): Promise<[string, string[]]> => {
    const { code, out, err } = await git(['merge-base', '--all', ...commit.parents])
    if (code > 1) throw new Error(`git merge-base ended with ${code}: ${err.trim()}`)
    return [commit.sha, out.split('\n').filter((base) => base !== '')]
  })
  return new Map(found)
}

/** Where the last so many pull requests begin. Before the first of all nothing is replayed: it is where the replay starts. */
function firstOf(steps: readonly { readonly way: Way }[], last: number): number {
  const pulls = steps.flatMap(({ way }, at) => (way === 'merge' || way === 'squash' ? [at] : []))
  return pulls.slice(-last)[0] ?? steps.length
}

const noPulls = (branch: string, commits: number): CannotRehearse =>
  new CannotRehearse(
    'no_pulls',
    `${branch} has ${commits} ${commits === 1 ? 'commit' : 'commits'} and no pull request among them: no merge commit, and no subject with (#n)`,
  )

const oddOf = (drafts: readonly Draft[]): Listed[] =>
  drafts.flatMap(({ odd, commit, title }) => odd.map((kind) => ({ kind, commit, title })))

/** Merges of the target into the branch of a pull request: they are part of it, and its base is the one merged last. */
async function catchingUp({ git, tip }: Clone, line: readonly Commit[], start: Commit): Promise<Listed[]> {
  const onLine = new Set(line.map(({ sha }) => sha))
  return (await readLog(git, ['--min-parents=2', tip, `^${start.sha}`]))
    .filter(({ parents }) => parents.slice(1).some((parent) => onLine.has(parent)))
    .map(({ sha, message }) => ({ kind: 'target_into_branch', commit: sha, title: message.split('\n')[0] ?? '' }))
}

/** A number or a head that comes twice is kept by the first; the engine knows each pull request by both. */
function numbered(drafts: readonly Draft[]): Change[] {
  let free = Math.max(0, ...drafts.map(({ number }) => number ?? 0))
  const numbers = new Set<number>()
  const heads = new Set<string>()
  return drafts.map(({ settled, ...draft }) => {
    const named = draft.number !== null && !numbers.has(draft.number)
    const number = named && draft.number !== null ? draft.number : ++free
    const head = heads.has(draft.head) ? draft.commit : draft.head
    numbers.add(number)
    heads.add(head)
    return { ...draft, number, named, head, again: settled && { ...settled, number: ++free } }
  })
}

/** The answers in the order of the items, a few of them asked for at once. */
async function eachOf<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const left = items.entries()
  const work = async (): Promise<void> => {
    for (const [at, item] of left) answers[at] = await ask(item)
  }
  await Promise.all(Array.from({ length: WIDTH }, work))
  return answers
}
