/**
 * The local GitHub of a run: several repositories with several targets each, their CI, and what has to be written down at the
 * moment at which a target moves. It knows nothing of the app.
 */
import { attachCi, type CiHandle } from '../../../src/twin/ci/ci.ts'
import type { CiRun } from '../../../src/twin/ci/run.ts'
import type { Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { LaneFacts, PullFacts, TargetCommit } from './judge.ts'

/** Where pull requests go to. */
export interface Lane {
  readonly repo: TwinRepository
  readonly target: string
}

export interface World {
  readonly lanes: readonly Lane[]
  facts(): Promise<LaneFacts[]>
  /** Refs of the app's own that stand. */
  left(): Promise<string[]>
  stop(): Promise<void>
}

const TARGETS_EACH = 5
/** A file that says so fails in a build, and passes on its own branch. */
export const FAILS_WHEN_BUILT = 'fails when built\n'

// No protection: nobody but the app keeps a target from moving untested.
const config = (method: 'merge' | 'squash'): string =>
  `mode: live\ntargets: [main, "release/*"]\nchecks:\n  required: [test]\nland:\n  method: ${method}\n`

const judged: CiRun = async (source, { sha, ref }) => {
  const built = ref.startsWith('refs/heads/mainkeeper/')
  const fails = built && Object.values(await source.files(sha)).includes(FAILS_WHEN_BUILT)
  return { conclusion: fails ? 'failure' : 'success', log: '' }
}

/** So many lanes, five to a repository; every second repository squashes. */
export async function openWorld(twin: Twin, lanes: number, seed: number): Promise<World> {
  const rooms: Room[] = []
  for (let made = 0; made < lanes; made += TARGETS_EACH)
    rooms.push(await openRoom(twin, rooms.length, Math.min(TARGETS_EACH, lanes - made), seed))
  return {
    lanes: rooms.flatMap((room) => room.lanes),
    facts: async () => (await Promise.all(rooms.map((room) => room.facts()))).flat(),
    left: async () => (await Promise.all(rooms.map((room) => room.left()))).flat(),
    stop: async () => void (await Promise.all(rooms.map(({ ci }) => ci.stop()))),
  }
}

interface Room {
  readonly lanes: readonly Lane[]
  readonly ci: CiHandle
  readonly facts: () => Promise<LaneFacts[]>
  readonly left: () => Promise<string[]>
}

async function openRoom(twin: Twin, number: number, targets: number, seed: number): Promise<Room> {
  const files = {
    'README.md': `room ${number}\n`,
    'shared.txt': 'nobody\n',
    '.github/mainkeeper.yml': config(number % 2 === 0 ? 'merge' : 'squash'),
  }
  const repo = await twin.repository(`acme-${number}/rocket`, { files })
  for (const login of ['alice', 'bob']) repo.collaborator(login, 'write')
  const first = (await repo.ref('main')) ?? ''
  const names = Array.from({ length: targets }, (_, index) => (index === 0 ? 'main' : `release/${index}`))
  for (const name of names.slice(1)) await repo.as('alice').push(name, first)
  const heads = new Set(names.map((name) => `refs/heads/${name}`))
  const ci = attachCi(repo, {
    run: judged,
    seed: seed + number,
    on: (ref) => ref.startsWith('refs/heads/') && !heads.has(ref) && !ref.includes('/scratch/'),
    duration: (_, random) => 2_000 + Math.floor(random() * 20_000),
  })
  const passed = (commit: string) => ci.runs().some(({ sha, conclusion }) => sha === commit && conclusion === 'success')
  // What CI says of a tip after the move comes too late.
  const moves = new Map<string, boolean>()
  repo.onPush(({ ref, after }) => {
    if (heads.has(ref)) moves.set(after, passed(after))
  })
  // Which commits the target moved to; a batch brings others, which were never its tip.
  const proven = (commit: string) => moves.get(commit) ?? null
  const lanes = names.map((target) => ({ repo, target }))
  const factsOf = async ({ target }: Lane): Promise<LaneFacts> => ({
    name: `${repo.fullName} ${target}`,
    line: await lineOf(repo, target, first, proven),
    pulls: repo.pulls().flatMap((pull) => (pull.base === target ? [pullFacts(repo, pull.number)] : [])),
  })
  return {
    lanes,
    ci,
    facts: () => Promise.all(lanes.map(factsOf)),
    left: async () => Object.keys(await repo.refs('refs/heads/mainkeeper/')).map((ref) => `${repo.fullName} ${ref}`),
  }
}

async function lineOf(
  repo: TwinRepository,
  target: string,
  first: string,
  proven: (commit: string) => boolean | null,
): Promise<TargetCommit[]> {
  const commits = new Map((await repo.log(target)).map((commit) => [commit.sha, commit]))
  const line: TargetCommit[] = []
  let brought = false
  for (
    let at = commits.get((await repo.ref(target)) ?? '');
    at && at.sha !== first;
    at = commits.get(at.parents[0] ?? '')
  ) {
    brought = proven(at.sha) ?? brought
    line.unshift({ sha: at.sha, parents: at.parents, message: at.message, proven: brought })
  }
  return line
}

function pullFacts(repo: TwinRepository, number: number): PullFacts {
  const { head, state, merged, reviews } = repo.pull(number)
  const shown = repo.checkRuns(head.sha).findLast(({ name }) => name === 'mainkeeper')?.title ?? ''
  const wanted = reviews.some((review) => review.state === 'APPROVED' && review.commit === head.sha)
  return { number, head: head.sha, state, merged, wanted, shown }
}
