import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyOrder } from './judges/any-order.ts'
import { blockedMovesNothing } from './judges/blocked-moves-nothing.ts'
import { landedIsTested } from './judges/landed-is-tested.ts'
import { oneOfEach } from './judges/one-of-each.ts'
import { onlyProvenCommits } from './judges/only-proven-commits.ts'
import { eventsOf } from './judges/read-world.ts'
import { rebuildEqualsLive } from './judges/rebuild-equals-live.ts'
import { staleEpoch } from './judges/stale-epoch.ts'
import { type Breach, checkSeed, plan, toldOf } from './law.ts'
import { histories, tell } from './play/history.ts'
import { playing } from './play/run-history.ts'
import { type Arena, openArena, type World } from './play/world.ts'

const WORLD_LAWS = [onlyProvenCommits, landedIsTested, rebuildEqualsLive, blockedMovesNothing, oneOfEach]

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

/** One history under every law that can be judged by it, so that it is played once. */
const atOnce = {
  title: 'laws 1, 2, 5, 9 and 10',
  cases: histories,
  tell,
  broken: (place: Arena, history: Parameters<typeof tell>[0]) =>
    playing(place, history, async (world) => {
      await count(world)
      const broken = world.errors.map((error) => `an error: ${error.slice(0, 1000)}`)
      for (const law of WORLD_LAWS) {
        const found = await law.brokenIn(world)
        broken.push(...found.map((words) => `${law.title}: ${words}`))
      }
      return broken
    }),
}

/** Every fifth history is one of deliveries, every fifth one of rivals for a lane. */
function check(index: number): Promise<Breach | null> {
  const seed = plan.seed + index
  if (index % 5 === 3) return checkSeed(anyOrder, arena, seed, plan.shrinkFor)
  if (index % 5 === 4) return checkSeed(staleEpoch, arena, seed, plan.shrinkFor)
  return checkSeed(atOnce, arena, seed, plan.shrinkFor)
}

declare module 'vitest' {
  interface TaskMeta {
    /** How many histories broke a law, for `main.ts`. */
    broken?: number
  }
}

/** What the histories came to, so that a long run that proves nothing is seen to. */
const seen = { landed: 0, blocked: 0, byHand: 0 }

async function count(world: World): Promise<void> {
  seen.landed += (await eventsOf(world, 'integration_completed')).length
  seen.blocked += (await eventsOf(world, 'integration_blocked')).length
  seen.byHand += world.pushes.filter(({ by }) => by !== 'app').length
}

const toldSoFar = (breaches: readonly string[]): string =>
  `${seen.landed} landed, ${seen.blocked} blocked, ${seen.byHand} moves by hand, ${breaches.length} broken`

/** How often a long run tells where it is. */
const TELL_EVERY = 25

test('every law holds over histories that are drawn', { timeout: 0 }, async ({ task }) => {
  const breaches: string[] = []
  for (let index = 0; index < plan.histories; index++) {
    const breach = await check(index)
    if (breach) {
      breaches.push(toldOf(breach))
      process.stderr.write(`broken: ${toldOf(breach)}\n`)
    }
    if ((index + 1) % TELL_EVERY === 0)
      process.stderr.write(`${index + 1} of ${plan.histories}: ${toldSoFar(breaches)}\n`)
  }
  task.meta.broken = breaches.length
  expect(breaches).toEqual([])
})
