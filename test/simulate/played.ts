/** Short ways to play a lane in tests: a drawn workload, a policy, and what came of it with the whole log. */
import type { LoggedEvent } from '../../src/core/events.ts'
import { run } from '../../src/simulate/run.ts'
import { draw, drawnContent, type Workload } from '../../src/simulate/workload/synthetic.ts'
import type { Run } from '../../src/simulate/world.ts'
import { configWith } from '../support/facts.ts'

const PLAIN: Workload = { count: 12, rate: null, bad: 0, flake: 0, minutes: 30, spread: 'fixed' }

export interface Played {
  readonly result: Run
  readonly log: readonly LoggedEvent[]
  readonly bad: ReadonlySet<number>
}

export async function played(
  workload: Partial<Workload>,
  file: Record<string, unknown> = {},
  seed = 1,
): Promise<Played> {
  const whole = { ...PLAIN, ...workload }
  const drawn = draw(whole, seed)
  const log: LoggedEvent[] = []
  const policy = { name: 'test', config: configWith(file) }
  const result = await run(drawn.arrivals, drawnContent(drawn, seed), policy, {
    onEvent: (event) => log.push(event),
  })
  return { result, log, bad: drawn.bad }
}

export const SERIAL = { ci: { slots: 1 }, batch: { max: 1 } }

export const ofType = <T extends LoggedEvent['type']>(log: readonly LoggedEvent[], type: T) =>
  log.filter((event): event is Extract<LoggedEvent, { type: T }> => event.type === type)
