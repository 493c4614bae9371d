/**
 * Law 2: the landed tree is the tested tree, and the proof that is kept says so: what was recorded of a landing is compared
 * with git itself and with what CI checked out. Every move of ours is recorded, and is what its method promises. In mode
 * native what was tested is not what landed, but has its tree.
 */
import type { LoggedEvent } from '../../../src/core/events.ts'
import { lawOfWorlds } from '../law.ts'
import { CHECK, type World } from '../play/world.ts'
import { racedMerges } from './reading/raced-merges.ts'
import { eventsOf } from './reading/read-world.ts'
import { approve, byHand, history, open, push } from './reading/write-history.ts'

export const landedIsTested = lawOfWorlds(
  'law 2: the landed tree is the tested tree',
  [
    history(
      { method: 'rebase' },
      open(0, 'a.txt', 'red'),
      byHand('c.txt', 'plain'),
      push(0, 'b.txt', 'other'),
      approve(0),
    ),
    history({ method: 'fast-forward' }, open(0, 'a.txt', 'other'), approve(0)),
    history({ mode: 'native' }, open(0, 'a.txt', 'other'), approve(0)),
    history({ mode: 'native', method: 'squash' }, open(0, 'a.txt', 'other'), push(0, 'b.txt', 'other'), approve(0)),
    history({ mode: 'native', method: 'rebase' }, open(0, 'a.txt', 'other'), byHand('c.txt', 'plain'), approve(0)),
  ],
  async (world) => {
    const broken: string[] = []
    const completed = (await eventsOf(world, 'integration_completed')).filter(({ payload }) => payload.tree !== null)
    for (const build of byBuild(completed)) broken.push(...(await problemsOf(world, build)))
    const known = new Set([...completed.map(({ payload }) => payload.landed_sha), ...(await racedMerges(world))])
    for (const { target, by, after } of world.pushes)
      if (by === 'app' && !known.has(after)) broken.push(`we moved ${target} to ${after} and recorded no landing`)
    return broken
  },
)

type Completed = LoggedEvent<'integration_completed'>

/** What landed in one move, each on the one before it. */
function byBuild(completed: readonly Completed[]): Completed[][] {
  const builds = new Map<string, Completed[]>()
  for (const event of completed) {
    const { build, base } = event.payload
    const key = `${build} ${base}`
    builds.set(key, [...(builds.get(key) ?? []), event])
  }
  return [...builds.values()]
}

/** The last commit is the one that was tested and to which the target was moved; those before it are what it is made of. */
async function problemsOf(world: World, build: readonly Completed[]): Promise<string[]> {
  const { repo, ci } = world
  const problems: string[] = []
  let base = build[0]?.payload.base ?? ''
  for (const event of build) {
    const { pull, landed_sha, tree } = event.payload
    const name = `#${pull} as ${landed_sha}`
    const landed = await repo.tree(landed_sha)
    const wrong = await strangeTo(world, event, base)
    if (landed !== tree) problems.push(`${name}: its tree is ${landed}, its proof says ${tree}`)
    if (wrong !== null) problems.push(`${name}: ${wrong}`)
    base = landed_sha
  }
  const proven = await provenOf(world, build.at(-1), base)
  const tested = ci.runs().filter((run) => run.sha === proven && run.check === CHECK && run.conclusion === 'success')
  const landed = await repo.tree(base)
  if (!tested.some((run) => run.tree === landed)) problems.push(`${base}: no passing check saw its tree ${landed}`)
  if (!world.pushes.some(({ after, by }) => by === 'app' && after === base))
    problems.push(`${base}: we never moved a target to it`)
  return problems
}

/** The commit that CI was to judge; in mode exact it is the landed one itself. */
async function provenOf(world: World, last: Completed | undefined, landed: string): Promise<string | undefined> {
  if (last?.payload.mode !== world.settings.mode) return undefined
  if (world.settings.mode === 'exact') return landed
  const published = await eventsOf(world, 'build_published')
  return published.findLast(({ lane, payload }) => lane === last.lane && payload.build === last.payload.build)?.payload
    .sha
}

/** What in the commits from the base to the landed one is not as the method makes them; null when all is. */
async function strangeTo({ repo, settings }: World, { payload }: Completed, base: string): Promise<string | null> {
  const { sha, landed_sha } = payload
  const line = await repo.log(landed_sha)
  const own = line.slice(
    0,
    line.findIndex((commit) => commit.sha === base),
  )
  // What a member ahead brings already needs no commit of its own: it lands with that one.
  if (landed_sha === base && (await addsNothing(repo, sha, base))) return null
  const [commit] = own
  const { method } = settings
  switch (method) {
    case 'merge':
      return commit?.parents[0] === base && commit.parents[1] === sha ? null : `it does not merge ${sha} into ${base}`
    case 'squash':
      return own.length === 1 && commit?.parents.length === 1 ? null : `it is not one commit on ${base}`
    case 'rebase':
      return own.length > 0 && own.every(({ parents }) => parents.length === 1) ? null : `it is no line from ${base}`
    case 'fast-forward':
      return landed_sha === sha && own.length > 0 ? null : `it is not ${sha} on ${base}`
    default:
      return method satisfies never
  }
}

/** Whether all that the head changes since it left the line of `base` is in `base`. */
async function addsNothing(repo: World['repo'], sha: string, base: string): Promise<boolean> {
  for (const { sha: fork } of await repo.log(sha)) {
    if (!(await repo.isAncestor(fork, base))) continue
    const [before, wanted, there] = await Promise.all([fork, sha, base].map((commit) => repo.files(commit)))
    const paths = Object.keys({ ...before, ...wanted }).filter((path) => before?.[path] !== wanted?.[path])
    return paths.every((path) => wanted?.[path] === there?.[path])
  }
  return false
}
