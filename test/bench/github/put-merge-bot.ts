/**
 * A bot that presses the merge button: it reads a pull request and its checks, says that it merges, merges, says that it has. It
 * tests nothing of what it makes, and is as fast as Octokit's throttling plugin lets it be.
 */
import { announce, type Hand, isGreen, peer } from './peer.ts'

/** The plugin's defaults (@octokit/plugin-throttling, `createGroups`): between two writes, and between two that notify people. */
const PACE = { writeMs: 1_000, notifyMs: 3_000 }

export const putMergeBot = peer(
  'PUT-merge bot, Octokit throttling',
  () => false,
  async (hand, pulls) => {
    const { client, repo } = hand.stage
    const at = { owner: repo.owner, repo: repo.name }
    const pace = paced(hand)
    for (const pull_number of pulls) {
      const { data } = await client.rest.pulls.get({ ...at, pull_number })
      if (!(await isGreen(hand.stage, data.head.sha))) throw new Error(`#${pull_number} is not green`)
      await pace('write')
      const conclude = await announce(hand.stage, data.head.sha)
      await pace('merge')
      await client.rest.pulls.merge({ ...at, pull_number, sha: data.head.sha })
      await pace('write')
      await conclude()
    }
  },
)

/** Waits until the next write may go. Merging is among the writes of which people are notified. */
function paced(hand: Hand): (kind: 'write' | 'merge') => Promise<void> {
  const { clock } = hand.stage
  let [nextWrite, nextMerge] = [0, 0]
  return async (kind) => {
    const began = clock.now()
    if (nextWrite > began) await hand.sleep(nextWrite - began)
    nextWrite = clock.now() + PACE.writeMs
    if (kind === 'merge') {
      if (nextMerge > clock.now()) await hand.sleep(nextMerge - clock.now())
      nextMerge = clock.now() + PACE.notifyMs
    }
    hand.paced = (hand.paced ?? 0) + clock.now() - began
  }
}
