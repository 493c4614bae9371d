/**
 * A bot that was down for an hour while much happened: one sweep after its start the folded facts are those of a bot that was
 * up all along (law 4's comparison), and what was commanded meanwhile is asked once.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { differences, type Facts, factsOf } from '../laws/judges/reading/facts.ts'
import { logOf } from '../laws/judges/reading/read-world.ts'
import { history } from '../laws/judges/reading/write-history.ts'
import { peacefulHistories } from '../laws/play/draw-history.ts'
import type { Step } from '../laws/play/history.ts'
import { playSteps, settingsOf } from '../laws/play/run-history.ts'
import { type Arena, openArena, SWEEP_EVERY, type World } from '../laws/play/world.ts'

const ACTS = 200
const HOUR = 3_600_000
const SETTINGS = history({})
/** What a bot that is down can't be: restarted. What people can't do: these are no acts of theirs. */
const LEFT_OUT = ['restart', 'pause', 'app_may']

let arena: Arena
beforeAll(async () => {
  arena = await openArena()
})
afterAll(() => arena.close())

/** Acts of people, of many histories one after the other; a bot that is down is not restarted by them. */
function acts(seed: number): Step[] {
  const drawn = fc.sample(peacefulHistories, { seed, numRuns: 60 }).flatMap(({ steps }) => steps)
  return drawn.filter((step) => 'act' in step && !LEFT_OUT.includes(step.act)).slice(0, ACTS)
}

const opened: readonly Step[] = [0, 1, 2, 3].map((slot) => ({
  act: 'open',
  slot,
  change: { [`${slot}.txt`]: 'plain\n' },
  draft: false,
  base: 'main',
  fork: false,
}))

/** The facts after four pull requests were opened and the acts done, the bot up or down meanwhile. */
function factsAfter(
  seed: number,
  down: boolean,
): Promise<{ facts: Facts; known: ReadonlySet<string>; twice: string[] }> {
  return arena.within(settingsOf(SETTINGS, 'paused'), async (world) => {
    await playSteps(world, opened)
    await world.pass(60_000)
    const began = world.clock.now()
    if (down) await world.stop()
    await playSteps(world, acts(seed))
    await world.pass(began + HOUR - world.clock.now())
    if (down) await world.start()
    await world.pass(2 * SWEEP_EVERY)
    return { facts: await factsOf(world), known: await knownIn(world), twice: await askedTwice(world) }
  })
}

/** Pull requests that the log has seen. One that was opened and closed meanwhile is nobody's any more. */
async function knownIn(world: World): Promise<ReadonlySet<string>> {
  const seen = (await logOf(world)).flatMap((event) =>
    event.type === 'pull_request_observed' ? [event.payload.pull] : [],
  )
  return new Set(seen.map((pull) => `#${pull}`))
}

async function askedTwice(world: World): Promise<string[]> {
  const asked = (await logOf(world)).flatMap((event) =>
    event.type === 'command_requested' ? [`${event.payload.comment}:${event.payload.line}`] : [],
  )
  return asked.filter((each, index) => asked.indexOf(each) !== index)
}

test('down for an hour in which 200 things happen, then up: the facts are as if it had been up', {
  timeout: 0,
}, async () => {
  const up = await factsAfter(1, false)
  const back = await factsAfter(1, true)
  const missed = (facts: Facts): Facts =>
    Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => {
        if (name.startsWith('#') && !back.known.has(name)) return [name, null]
        if (name !== 'commands asked') return [name, fact]
        return [name, (fact as string[]).filter((asked) => back.known.has(`#${JSON.parse(asked)[0]}`))]
      }),
    )
  expect(back.known.size).toBeGreaterThan(opened.length)
  expect(differences(missed(up.facts), missed(back.facts))).toEqual([])
  expect([...up.twice, ...back.twice]).toEqual([])
})
