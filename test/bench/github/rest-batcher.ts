/**
 * A batcher over REST, as bors-ng does it: merges every member into a temporary branch, publishes that as `staging`, waits for
 * its checks, and moves main there. One status for each member when it begins, and one when it ends.
 */
import { announce, isGreen, peer } from './peer.ts'

const STAGING = 'refs/heads/staging'

export const restBatcher = peer(
  'REST batcher (bors-ng)',
  (ref) => ref === STAGING,
  async ({ stage, told }, pulls) => {
    const { client, repo, ci } = stage
    const at = { owner: repo.owner, repo: repo.name }
    const main = await client.rest.git.getRef({ ...at, ref: 'heads/main' })
    await client.rest.git.createRef({ ...at, ref: `${STAGING}.tmp`, sha: main.data.object.sha })
    const endings: (() => Promise<void>)[] = []
    let tip = main.data.object.sha
    for (const pull_number of pulls) {
      const { data } = await client.rest.pulls.get({ ...at, pull_number })
      endings.push(await announce(stage, data.head.sha))
      const merged = await client.rest.repos.merge({ ...at, base: 'staging.tmp', head: data.head.sha })
      tip = merged.data.sha
    }
    await client.rest.git.createRef({ ...at, ref: STAGING, sha: tip })
    await client.rest.git.deleteRef({ ...at, ref: 'heads/staging.tmp' })
    await told(() =>
      ci.runs().some(({ sha, ref, conclusion }) => sha === tip && ref === STAGING && conclusion !== undefined),
    )
    if (!(await isGreen(stage, tip))) throw new Error('staging is not green')
    await client.rest.git.updateRef({ ...at, ref: 'heads/main', sha: tip, force: false })
    for (const end of endings) await end()
  },
)
