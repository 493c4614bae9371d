/**
 * A process that is stopped in mid-act until its lease is over, while another takes the lane: the real app twice, on one
 * PostgreSQL. What the paused one does when it wakes is judged by its wire, by the local GitHub's git and by the log.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { closeTheatre, type Holder, openPair, openTheatre, type Pair, type Theatre } from './paused/pair.ts'
import { type Asked, isWrite } from './paused/wire.ts'
import { staleEvents } from './stale-events.ts'

const database = inject('postgresTemplate')

/** No test waits for the machine's time; on a busy one it may still take long. */
const PATIENCE = 120_000

let theatre: Theatre
beforeAll(async () => {
  if (database) theatre = await openTheatre()
}, PATIENCE)
afterAll(async () => {
  if (database) await closeTheatre(theatre)
})

const onPair = (act: (pair: Pair) => Promise<void>) => async (): Promise<void> => {
  const pair = await openPair(theatre)
  try {
    await act(pair)
  } finally {
    await pair.close()
  }
}

const PUBLISHED = 'refs/heads/mainkeeper/queue/'
const isMerge = ({ method, path }: Asked) => method === 'POST' && path.endsWith('/merges')
const isLastBeforePublish = ({ method, path }: Asked) =>
  method === 'DELETE' && decodeURIComponent(path).includes('/git/refs/heads/mainkeeper/scratch/')
const isAdvance = ({ body }: Asked) => body.includes('mutation AdvanceTarget')
const isWithdrawal = ({ method, path }: Asked) =>
  method === 'DELETE' && decodeURIComponent(path).includes('/git/refs/heads/mainkeeper/queue/')

async function epochOf({ query }: Pair): Promise<number> {
  const [row] = await query((client) => client`select epoch from lease where lane = 'main'`)
  return Number(row?.['epoch'])
}

const recorded = async ({ query }: Pair, type: string): Promise<number> =>
  query((client) => client`select from event where type = ${type}`.then((rows) => rows.length))

const shownOn = ({ repo }: Pair, pull: number): string =>
  repo.checkRuns(repo.pull(pull).head.sha).findLast(({ name }) => name === 'mainkeeper')?.title ?? ''

/** Landed by whoever holds the lane, and all that it made for its own use is deleted. */
const landed = (pair: Pair, pull: number): Promise<void> =>
  pair.until(
    async () => shownOn(pair, pull).startsWith('Landed') && (await leftRefs(pair)).length === 0 && !pair.twin.busy(),
  )

const leftRefs = async ({ repo }: Pair): Promise<string[]> => Object.keys(await repo.refs('refs/heads/mainkeeper/'))

/** Lets the paused one go on to its end: what it wrote since, on GitHub and in the log, and which refs moved. */
async function whatComesOf(pair: Pair, paused: Holder, epoch: number) {
  const before = paused.wire.asked.length
  const moved: string[] = []
  const unwatch = pair.repo.onPush(({ ref }) => moved.push(ref))
  await pair.wake(paused, epoch)
  unwatch()
  const writes = paused.wire.asked.slice(before).filter(isWrite)
  return { writes: writes.map(({ method, path }) => `${method} ${path}`), moved, stale: await staleEvents(pair.url) }
}

const NOTHING = { writes: [], moved: [], stale: [] }

test.runIf(database)(
  'law 6: stopped in its assembly until another has landed the build, a process writes nothing when it wakes',
  onPair(async (pair) => {
    const pull = await pair.approved()
    const { holder, other, held } = await pair.reach(isMerge)
    const epoch = await epochOf(pair)
    await pair.oversleep(holder, other)
    await landed(pair, pull)
    const main = await pair.repo.ref('main')
    // The merge that it had sent comes now, for a scratch ref that its successor has deleted.
    await held.release()

    expect(await whatComesOf(pair, holder, epoch)).toEqual(NOTHING)
    expect(await epochOf(pair)).toBeGreaterThan(epoch)
    expect(await pair.repo.ref('main')).toBe(main)
    expect(await leftRefs(pair)).toEqual([])
    expect(await recorded(pair, 'integration_completed')).toBe(1)
  }),
  PATIENCE,
)

test.runIf(database)(
  'law 6: stopped before its publish until another has landed the build, a process publishes nothing when it wakes',
  onPair(async (pair) => {
    const pull = await pair.approved()
    const { holder, other, held } = await pair.reach(isLastBeforePublish)
    const epoch = await epochOf(pair)
    // Between the answer and the publish it asks the database whether GitHub wants to be left alone: there it stops.
    await pair.whileLocked('installation_limit', async () => {
      await held.release()
      await pair.until(() => pair.waitsForLock())
      await pair.oversleep(holder, other)
    })
    await landed(pair, pull)
    const main = await pair.repo.ref('main')

    expect(await whatComesOf(pair, holder, epoch)).toEqual(NOTHING)
    expect(await epochOf(pair)).toBeGreaterThan(epoch)
    expect(await pair.repo.ref('main')).toBe(main)
    expect(holder.wire.asked.filter(({ method, body }) => method === 'POST' && body.includes(PUBLISHED))).toEqual([])
    expect(await leftRefs(pair)).toEqual([])
  }),
  PATIENCE,
)

test.runIf(database)(
  'law 6: stopped with its advance on the way until another has withdrawn the build, a process moves no target',
  onPair(async (pair) => {
    const pull = await pair.approved()
    const { holder, other, held } = await pair.reach(isAdvance)
    const epoch = await epochOf(pair)
    const main = await pair.repo.ref('main')
    const [review] = pair.repo.pull(pull).reviews
    // Whatever the successor still deletes after it said that the landing is off comes too late to be its reason.
    const late = other.wire.hold(
      async (asked) => isWithdrawal(asked) && (await recorded(pair, 'landing_concluded')) > 0,
    )
    await pair.oversleep(holder, other)
    await pair.repo.as('bob').dismiss(pull, review?.id ?? 0, 'not yet')
    await late.reached
    expect(await leftRefs(pair)).toEqual([])
    await held.release()
    const [sent] = holder.wire.asked.filter(isAdvance)
    expect(sent?.answer).toContain('reference does not exist')
    await late.release()
    await pair.until(() => shownOn(pair, pull).startsWith('Waiting'))

    expect(await whatComesOf(pair, holder, epoch)).toEqual(NOTHING)
    expect(await epochOf(pair)).toBeGreaterThan(epoch)
    expect(await pair.repo.ref('main')).toBe(main)
    expect(await recorded(pair, 'integration_completed')).toBe(0)
  }),
  PATIENCE,
)
