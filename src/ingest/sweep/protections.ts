/**
 * The sweep's look at what protects the targets. People change that by hand and seldom, webhooks tell of it where we may hear
 * them, and a lane looks for itself where nobody did; so the sweep looks once an hour, and after a start.
 */
import { instant, iso } from '../../core/ids.ts'
import { type Look, SWEEP } from './look.ts'

const EVERY = 3_600_000

export async function lookAtProtections(look: Look, targets: readonly string[]): Promise<void> {
  const { store, repository, port } = look
  const name = `protection:${repository}`
  const known = (await store.checkpoints.get(name))?.value ?? {}
  const looked: Record<string, string> = {}
  for (const target of targets) {
    const at = known[target]
    const last = typeof at === 'string' ? instant(at) : Number.NEGATIVE_INFINITY
    if (last >= look.startedAt && look.now() < last + EVERY) {
      looked[target] = iso(last)
      continue
    }
    const read = await look.read(
      `protection of ${target}`,
      () => port.readProtection(target),
      (payload) => [{ type: 'protection_observed', occurred_at: iso(look.now()), source: SWEEP, payload }],
    )
    if (read) looked[target] = iso(look.now())
  }
  await store.checkpoints.set(name, { position: await store.log.position(), value: looked })
}
