/** Histories that are drawn, each played once and judged by every law. `npm run laws` plays many, the test suite a few. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkHistory, judgedByAll } from './all-laws.ts'
import { eventsOf } from './judges/reading/read-world.ts'
import { plan, toldOf } from './law.ts'
import { openArena, type World } from './play/world.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a run came to, for `main.ts`. */
    played?: number
    broken?: number
  }
}

/** What the histories came to, so that a long run that proves nothing is seen to. */
const seen = { landed: 0, natively: 0, blocked: 0, byHand: 0, killed: 0 }

async function count(world: World): Promise<void> {
  const landed = await eventsOf(world, 'integration_completed')
  seen.landed += landed.length
  seen.natively += landed.filter(({ payload }) => payload.mode === 'native').length
  seen.blocked += (await eventsOf(world, 'integration_blocked')).length
  seen.byHand += world.pushes.filter(({ by }) => by !== 'app').length
  seen.killed += world.deaths()
}

/** How often a long run tells where it is, in histories. */
const TELL_EVERY = 25
/** A file that tells a long run to end. */
const STOP = process.env['LAWS_STOP']

// Ctrl-C reaches this process as well; whoever started it says when to end.
if (STOP) process.on('SIGINT', () => {})

const began = performance.now()

function tellProgress(done: number, broken: number): void {
  const minutes = (performance.now() - began) / 60_000
  const left = ((plan.histories - done) / done) * minutes
  const { landed, natively, blocked, byHand, killed } = seen
  process.stderr.write(
    `${done} of ${plan.histories}: ${broken} broken, ${(done / minutes).toFixed(0)} a minute, ${Math.ceil(left)} min to go; ${landed} landed (${natively} in mode native), ${blocked} blocked, ${byHand} moves by hand, ${killed} kills\n`,
  )
}

test('every law holds over histories that are drawn', { timeout: 0 }, async ({ task }) => {
  const arena = await openArena()
  const breaches: string[] = []
  let done = 0
  try {
    for (; done < plan.histories && !(STOP && existsSync(STOP)); done++) {
      const drawing = { seed: plan.seed + done, shrinkFor: plan.shrinkFor }
      const breach = await checkHistory(arena, drawing, judgedByAll(count))
      if (breach) {
        breaches.push(toldOf(breach))
        process.stderr.write(`broken: ${toldOf(breach)}\n`)
      }
      if ((done + 1) % TELL_EVERY === 0) tellProgress(done + 1, breaches.length)
    }
  } finally {
    await arena.close()
  }
  Object.assign(task.meta, { played: done, broken: breaches.length })
  expect(breaches).toEqual([])
})
