/**
 * The sweep's look at builds that CI was proving when the process began: what CI said while nobody listened is told by no
 * webhook. Later on a lane asks by itself, seldom.
 */
import { instant, iso } from '../../core/ids.ts'
import type { LaneView } from '../../core/queue/view.ts'
import type { Look } from './look.ts'

/** One request for each build under proof, once after a start. */
export async function lookAtBuilds(look: Look, views: readonly LaneView[]): Promise<void> {
  const { store, repository, port, startedAt } = look
  const name = `builds:${repository}`
  const looked = (await store.checkpoints.get(name))?.value['looked']
  if (typeof looked === 'string' && instant(looked) >= startedAt) return
  const begun = look.now()
  for (const { lane } of views)
    for (const { build, published, verdict, spent } of Object.values(lane.builds)) {
      if (!published || verdict || spent) continue
      await look.read(
        `checks of ${build}`,
        () => port.observeChecks(published.sha),
        (facts) => facts,
      )
    }
  await store.checkpoints.set(name, { position: await store.log.position(), value: { looked: iso(begun) } })
}
