/** Mainkeeper itself on the stage: the whole app over a store that is given to it, told by webhooks like anybody's. */
import { startMainkeeper } from '../../../src/mainkeeper.ts'
import type { Store } from '../../../src/store/store.ts'
import type { VirtualClock } from '../../../src/twin/clock.ts'
import { botOptions } from '../../support/story/story-scene.ts'
import type { Contender } from './contender.ts'

/** An empty store that keeps the stage's time, until it is given back. */
export type TakeStore = (clock: VirtualClock) => Promise<{ store: Store; giveBack: () => Promise<void> }>

export const mainkeeper = (name: string, config: string, take: TakeStore): Contender => ({
  name,
  config,
  async open({ twin, clock, watch, pass }) {
    const { store, giveBack } = await take(clock)
    const bot = await startMainkeeper(botOptions({}, { twin, store, clock }))
    watch(() => bot.busy())
    twin.deliverTo(`${bot.url}/api/github/webhooks`)
    // The start, which looks at every repository, belongs to no pull request.
    await pass(1)
    return {
      approved: () => {},
      builds: (ref) => ref.startsWith('refs/heads/mainkeeper/queue/'),
      // Its pace runs on the machine's time. It holds up issues, comments and reactions alone.
      paced: () => null,
      async stop() {
        await bot.stop()
        await giveBack()
      },
    }
  },
})
