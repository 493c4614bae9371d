/**
 * What an operator asks for at the command line, made into events like everything else that is heard of. Whether it may be
 * asked is judged by who calls; the same request again is none.
 */
import type { PayloadOf } from '../core/events.ts'
import type { Store } from '../store/store.ts'

/** Records that somebody accepted a shadow; false when somebody did before. */
export async function acceptCutover(
  { log }: Pick<Store, 'log'>,
  repository: string,
  payload: PayloadOf<'cutover_accepted'>,
): Promise<boolean> {
  const result = await log.append({
    repository,
    events: [{ type: 'cutover_accepted', payload, occurred_at: payload.accepted_at, source: 'cli:cutover' }],
  })
  return result.ok && result.outcomes.every(({ outcome }) => outcome === 'appended')
}
