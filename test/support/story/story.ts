/**
 * A whole Mainkeeper against the twin on virtual time: people act on GitHub, webhooks go over HTTP, time moves only when
 * nobody is at work. A story never calls a lane; it acts, waits for something to be true on GitHub, and looks.
 */
import type { EventType, LoggedEvent } from '../../../src/core/events.ts'
import { type Mainkeeper, startMainkeeper } from '../../../src/mainkeeper.ts'
import type { Store } from '../../../src/store/store.ts'
import { attachCi, type CiHandle } from '../../../src/twin/ci/ci.ts'
import { VirtualClock } from '../../../src/twin/clock.ts'
import { loadContract } from '../../../src/twin/contract/contract.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { CheckRunView, CommentView, IssueView } from '../../../src/twin/twin-views.ts'
import { type DatabaseKind, openTestStore } from '../database/database.ts'
import { calmSteps } from './calm-steps.ts'
import { faultsOf } from './story-end.ts'
import { botOptions, failsWhereToldSo, furnish, REPOSITORY, type StoryOptions } from './story-scene.ts'

export interface Story {
  readonly clock: VirtualClock
  readonly twin: Twin
  readonly repo: TwinRepository
  readonly ci: CiHandle
  readonly store: Store
  /** Opens a pull request of one file change by alice, and returns its number. */
  readonly propose: (
    branch: string,
    files: Record<string, string | null>,
    options?: { draft?: boolean; base?: string; from?: string },
  ) => Promise<number>
  /** Proposes, and bob approves. */
  readonly approved: (branch: string, files: Record<string, string | null>) => Promise<number>
  /** Moves virtual time until the condition holds; fails when it does not within the minutes. */
  readonly until: (condition: () => boolean | Promise<boolean>, minutes?: number) => Promise<void>
  /** Lets everything that is due now be done, and moves time by the minutes. */
  readonly pass: (minutes: number) => Promise<void>
  /** Moves time until the repository was looked at once more. */
  readonly sweep: () => Promise<void>
  /** Where the bot takes webhooks; throws while it is stopped. */
  readonly url: () => string
  /** Stops the bot as SIGTERM does. */
  readonly stopBot: () => Promise<void>
  readonly startBot: () => Promise<void>
  /** Waits until a build of a pull request is published and CI has it. */
  readonly testing: (pull: number) => Promise<void>
  /** Waits until a pull request landed. */
  readonly merged: (pull: number, minutes?: number) => Promise<void>
  /** The title of our check run on the head of a pull request. */
  readonly title: (pull: number) => string
  /** The log, oldest first; of one type. */
  readonly events: <T extends EventType>(type: T) => Promise<LoggedEvent<T>[]>
  /** Our check run on the head of a pull request. */
  readonly checkRun: (pull: number) => CheckRunView | undefined
  /** Our sticky comment on a pull request. */
  readonly sticky: (pull: number) => CommentView | undefined
  /** The follow-up issue of a pull request. */
  readonly followUp: (pull: number) => IssueView | undefined
  /** The heads that landed, in the order in which main took them. */
  readonly landed: () => Promise<string[]>
  /** Stops everything; fails when something was left that may not be left. */
  readonly end: () => Promise<void>
}

type Act = (story: Story) => Promise<void>

/** What a test runs: one story, ended whatever comes of it. Under `test.each(testDatabases())` it runs on each database. */
export function asStory(...given: [Act] | [StoryOptions, Act]): (database: unknown) => Promise<void> {
  const [options, act] = given.length === 1 ? [{}, given[0]] : given
  return async (database) => {
    const story = await startStory(isKind(database) ? { ...options, database } : options)
    try {
      await act(story)
    } catch (error) {
      // What the story found is told; what it left behind is its consequence.
      await story.end().catch(() => {})
      throw error
    }
    await story.end()
  }
}

const isKind = (given: unknown): given is DatabaseKind => given === 'pglite' || given === 'postgres'

export async function startStory(options: StoryOptions = {}): Promise<Story> {
  const clock = new VirtualClock()
  const twin = await startTwin({ clock, seed: options.seed ?? 1, contract: await loadContract(), ...options.twin })
  const repo = await furnish(twin, options)
  const ci = attachCi(repo, { run: failsWhereToldSo, seed: options.seed ?? 1, ...options.ci })
  const { store, close } = await openTestStore({ kind: options.database ?? 'pglite', clock })
  let bot: Mainkeeper | null = null
  let ended: Promise<void> | undefined

  const { quiet, step, pass } = calmSteps(clock, twin, ci, () => bot?.busy() ?? false)
  async function startBot(): Promise<void> {
    bot = await startMainkeeper(botOptions(options, { twin, store, clock }))
    twin.deliverTo(`${bot.url}/api/github/webhooks`)
    await quiet()
  }
  const sweptAt = async () => (await store.checkpoints.get(`swept:${REPOSITORY}`))?.value['at']

  const story: Story = {
    clock,
    twin,
    repo,
    ci,
    store,
    async propose(branch, files, { draft = false, base = 'main', from } = {}) {
      const alice = repo.as('alice')
      await alice.commit(branch, files, { message: `Change ${branch}`, ...(from === undefined ? {} : { from }) })
      return alice.openPull({ head: branch, base, title: `Change ${branch}`, draft })
    },
    async approved(branch, files) {
      const number = await story.propose(branch, files)
      await repo.as('bob').review(number, 'approve')
      return number
    },
    async until(condition, minutes = 30) {
      const end = clock.now() + minutes * 60_000
      await quiet()
      while (!(await condition()))
        if (!(await step(end)))
          throw new Error(`not within ${minutes} minutes: ${String(condition)}\n${await stateOf(story)}`)
    },
    pass,
    async sweep() {
      const before = await sweptAt()
      await story.until(async () => (await sweptAt()) !== before)
    },
    url() {
      if (!bot) throw new Error('the bot is stopped')
      return bot.url
    },
    async stopBot() {
      await bot?.stop()
      bot = null
    },
    startBot,
    testing: (pull) => story.until(() => story.title(pull).startsWith('Testing')),
    merged: (pull, minutes) => story.until(() => repo.pull(pull).merged, minutes),
    title: (pull) => story.checkRun(pull)?.title ?? '',
    events: async <T extends EventType>(type: T) => {
      const events = await store.models.eventsOf({ limit: 10_000 })
      return events.filter((event) => event.type === type) as unknown as LoggedEvent<T>[]
    },
    checkRun: (pull) => repo.checkRuns(repo.pull(pull).head.sha).find(({ name }) => name === 'mainkeeper'),
    sticky: (pull) => repo.comments(pull).find(({ body }) => body.startsWith('<!-- mainkeeper:pull -->')),
    followUp: (pull) =>
      repo.issues().find(({ body }) => body?.startsWith(`<!-- mainkeeper:follow-up target=main pull=${pull} -->`)),
    async landed() {
      const heads: string[] = []
      const commits = new Map((await repo.log('refs/heads/main')).map((commit) => [commit.sha, commit]))
      for (let at = await repo.ref('refs/heads/main'); at; at = commits.get(at)?.parents[0]) {
        const merged = commits.get(at)?.parents[1]
        if (merged) heads.unshift(merged)
      }
      return heads
    },
    end: () => (ended ??= finish()),
  }

  async function finish(): Promise<void> {
    await bot?.stop()
    await ci.stop()
    await twin.stop()
    const faults = await faultsOf(story)
    await close()
    if (faults.length > 0) throw new Error(faults.join('\n'))
  }

  await startBot()
  return story
}

/** What people see, and the end of the log, for a story that did not get where it was to go. */
async function stateOf({ repo, store, ...story }: Story): Promise<string> {
  const pulls = repo.pulls().map(({ number, state }) => `#${number} ${state}: ${story.title(number) || 'nothing'}`)
  const events = await store.models.eventsOf({ limit: 40 })
  const lines = events.map(
    ({ position, lane, type, payload }) =>
      `${position} ${lane ?? '-'} ${type} ${JSON.stringify(payload).slice(0, 300)}`,
  )
  return [...pulls, ...lines].join('\n')
}
