/**
 * The stories that are replayed: what people do, each act once GitHub shows what it waits for. They see what everybody sees;
 * that the app is killed on the way, or that there is one at all, they do not know.
 */
import { RESUME_LABEL } from '../../../src/core/render/follow-up.ts'
import { type CiRun, rule } from '../../../src/twin/ci/run.ts'
import type { Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { DatabaseKind } from '../../support/database/database.ts'

export interface Stage {
  readonly twin: Twin
  readonly repo: TwinRepository
  /** Waits until GitHub shows it; rejects when it does not within the patience of the play. */
  readonly until: (holds: () => boolean | Promise<boolean>) => Promise<void>
  /** Waits until no lane is being worked on, and moves time on by so many minutes. */
  readonly later: (minutes: number) => Promise<void>
}

/** A story of its own for each play: what CI does may depend on how far it got. */
export interface Telling {
  readonly ci: CiRun
  /** Resolves when everything has come about that is to come about. */
  act(stage: Stage): Promise<void>
}

export interface KillStory {
  readonly name: string
  readonly database: DatabaseKind
  readonly files: Readonly<Record<string, string>>
  tell(): Telling
}

const passes: CiRun = rule(() => 'success')
const configured = (config: string) => ({
  'README.md': 'rocket\n',
  '.github/mainkeeper.yml': config,
  'src/a.ts': 'export const a = 0\n',
})
const files = configured('mode: live\n')
// A squash, for which this mode is there.
const natively = configured('mode: live\nland: { mode: native, method: squash }\n')

export const STORIES: readonly KillStory[] = [
  { name: 'landing', database: 'postgres', files, tell: landing },
  { name: 'blocking', database: 'postgres', files, tell: blocking },
  { name: 'resuming', database: 'postgres', files, tell: resuming },
  { name: 'sweeping', database: 'postgres', files, tell: sweeping },
  { name: 'native', database: 'postgres', files: natively, tell: landing },
  { name: 'landing', database: 'pglite', files, tell: landing },
]

/** Two pull requests are approved and land. */
function landing(): Telling {
  const gate = signal()
  return {
    // Until both are shown as queued, so that every replay tells of them by the same requests, however fast it is.
    ci: async (_, { ref }) => {
      if (isBuild(ref)) await gate.promise
      return { conclusion: 'success', log: '' }
    },
    async act(stage) {
      const one = await propose(stage, 'one', { 'src/one.ts': '1\n' })
      const two = await propose(stage, 'two', { 'src/two.ts': '2\n' })
      await approve(stage, one)
      await approve(stage, two)
      await stage.until(() => isQueued(stage, one) && isQueued(stage, two))
      gate.resolve()
      await stage.until(() => [one, two].every((pull) => title(stage, pull).startsWith('Landed')))
      await cleared(stage)
    },
  }
}

/** Two change the same line: the first lands, the second is blocked and gets its follow-up. */
function blocking(): Telling {
  const gate = signal()
  return {
    // The first is tested until the second is queued, so that they meet.
    ci: async (_, { ref }) => {
      if (isBuild(ref)) await gate.promise
      return { conclusion: 'success', log: '' }
    },
    async act(stage) {
      const one = await propose(stage, 'one', { 'src/a.ts': 'export const a = 1\n' })
      const two = await propose(stage, 'two', { 'src/a.ts': 'export const a = 2\n' })
      await approve(stage, one)
      await stage.until(() => isQueued(stage, one))
      await approve(stage, two)
      await stage.until(() => isQueued(stage, two))
      gate.resolve()
      await stage.until(() => title(stage, one).startsWith('Landed') && isBlocked(stage, two))
      await cleared(stage)
    },
  }
}

/** A failed build blocks one, CI is mended, a maintainer labels the follow-up, and it lands. */
function resuming(): Telling {
  let broken = true
  return {
    ci: async (_, { ref }) => ({ conclusion: broken && isBuild(ref) ? 'failure' : 'success', log: '' }),
    async act(stage) {
      const { repo } = stage
      const pull = await propose(stage, 'one', { 'src/one.ts': '1\n' })
      await approve(stage, pull)
      await stage.until(() => isBlocked(stage, pull))
      broken = false
      const issue = repo.issues().find(({ author }) => author === stage.twin.app.botLogin)?.number ?? 0
      await repo.as('carol').label(issue, RESUME_LABEL)
      await stage.until(() => title(stage, pull).startsWith('Landed'))
      await stage.until(() => repo.issue(issue).state === 'closed')
      await stage.until(() => !repo.issue(issue).labels.includes(RESUME_LABEL))
      await cleared(stage)
    },
  }
}

/** No webhook tells of the pull request and its approval: a later look at the repository finds them. */
function sweeping(): Telling {
  return {
    ci: passes,
    async act(stage) {
      const { repo } = stage
      const pull = await propose(stage, 'one', { 'src/one.ts': '1\n' }, true)
      await repo.as('bob').review(pull, 'approve', { silently: true })
      await stage.later(6)
      await stage.until(() => title(stage, pull).startsWith('Landed'))
      await cleared(stage)
    },
  }
}

async function propose(
  { repo }: Stage,
  branch: string,
  changes: Readonly<Record<string, string>>,
  silently = false,
): Promise<number> {
  const alice = repo.as('alice')
  await alice.commit(branch, changes, { message: `Change ${branch}`, silently })
  return alice.openPull({ head: branch, title: `Change ${branch}` }, { silently })
}

const approve = async ({ repo }: Stage, pull: number): Promise<void> =>
  void (await repo.as('bob').review(pull, 'approve'))

const isBuild = (ref: string): boolean => ref.startsWith('refs/heads/mainkeeper/')

function title({ repo }: Stage, pull: number): string {
  const runs = repo.checkRuns(repo.pull(pull).head.sha)
  return runs.findLast(({ name }) => name === 'mainkeeper')?.title ?? ''
}

const isQueued = (stage: Stage, pull: number): boolean => /^(Queued|Testing|Landing|Landed)/.test(title(stage, pull))

const isBlocked = (stage: Stage, pull: number): boolean =>
  title(stage, pull).startsWith('Blocked') && title(stage, pull).includes('see #')

/** Nothing of what the app made for its own use is left. */
const cleared = ({ repo, until }: Stage): Promise<void> =>
  until(async () => Object.keys(await repo.refs('refs/heads/mainkeeper/')).length === 0)

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((given) => {
    resolve = given
  })
  return { promise, resolve }
}
