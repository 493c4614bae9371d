/** Every law, and what a history comes to under all of them at once, so that none is played twice. */
import { anyOrder } from './judges/any-order.ts'
import { approvedWhenLanded } from './judges/approved-when-landed.ts'
import { blockedMovesNothing } from './judges/blocked-moves-nothing.ts'
import { landedIsTested } from './judges/landed-is-tested.ts'
import { nobodyWaitsInVain } from './judges/nobody-waits-in-vain.ts'
import { oneOfEach } from './judges/one-of-each.ts'
import { onlyProvenCommits } from './judges/only-proven-commits.ts'
import { rebuildEqualsLive } from './judges/rebuild-equals-live.ts'
import { sameEnd } from './judges/same-end.ts'
import { staleEpoch } from './judges/stale-epoch.ts'
import { type Breach, checkKept, checkSeed, type Drawing, type JudgeWorld, type Law, type WorldLaw } from './law.ts'
import { histories } from './play/draw-history.ts'
import { tell } from './play/history.ts'
import { playing } from './play/run-history.ts'
import type { Arena, World } from './play/world.ts'

/** What can be judged of every world that came to rest, whatever was played in it. */
export const WORLD_LAWS: readonly WorldLaw[] = [
  onlyProvenCommits,
  landedIsTested,
  approvedWhenLanded,
  rebuildEqualsLive,
  nobodyWaitsInVain,
  blockedMovesNothing,
  oneOfEach,
]

/** All that is broken in a world, by every law, and what the bot itself called an error; `seen` is shown each world. */
export const judgedByAll =
  (seen?: (world: World) => Promise<void>): JudgeWorld =>
  async (world) => {
    await seen?.(world)
    const broken = world.errors.map((error) => `an error: ${error.slice(0, 1000)}`)
    for (const law of WORLD_LAWS) {
      const found = await law.brokenIn(world)
      broken.push(...found.map((words) => `${law.title}: ${words}`))
    }
    return broken
  }

const kept = <T>(law: Law<T>) => ({
  title: law.title,
  check: (arena: Arena) => checkKept(law, arena, judgedByAll()),
})

/** The kept cases of each law, whose worlds are judged by all; those of law 6 have no world that comes to rest. */
export const KEPT = [...WORLD_LAWS.map((law) => kept(law)), kept(anyOrder), kept(sameEnd)]

const atOnce = {
  title: 'laws 1, 2, 3, 5, 8, 9 and 10',
  cases: histories,
  kept: [],
  tell,
  broken: (arena: Arena, history: Parameters<typeof tell>[0], also: JudgeWorld = judgedByAll()) =>
    playing(arena, history, also),
}

/** The history that follows from a seed alone, and with it which laws it is drawn for. */
export function checkHistory(arena: Arena, drawing: Drawing, also: JudgeWorld): Promise<Breach | null> {
  switch (drawing.seed % 10) {
    case 3:
      return checkSeed(anyOrder, arena, drawing, also)
    case 6:
      return checkSeed(sameEnd, arena, drawing, also)
    case 9:
      return checkSeed(staleEpoch, arena, drawing)
    default:
      return checkSeed(atOnce, arena, drawing, also)
  }
}
