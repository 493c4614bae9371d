/**
 * What the peers of G4 share: the requests that a bot makes, and a loop that lives on the stage's time. What ends a wait is told
 * to a peer as a webhook would tell it, for nothing: no peer polls.
 */
import type { AtWork, Contender } from './contender.ts'
import type { Stage } from './stage.ts'

export interface Hand {
  readonly stage: Stage
  /** Sleeps on the stage's time. */
  readonly sleep: (ms: number) => Promise<void>
  /** Waits for what GitHub would send a webhook about. */
  readonly told: (happened: () => boolean) => Promise<void>
  /** Milliseconds slept for the sake of pace so far; a peer that has one adds to it. */
  paced: number | null
}

type Land = (hand: Hand, pulls: readonly number[]) => Promise<void>

/** A contender that lands all of them by one function, and knows no webhook but those that it waits for. */
export const peer = (name: string, builds: AtWork['builds'], land: Land): Contender => ({
  name,
  config: 'mode: live\n',
  async open(stage) {
    let asleep = 0
    let working: Promise<void> = Promise.resolve()
    let failure: unknown
    let ended = true
    const ending = new AbortController()
    const sleep = async (ms: number) => {
      asleep += 1
      await stage.clock.sleep(ms, ending.signal)
      asleep -= 1
      ending.signal.throwIfAborted()
    }
    const hand: Hand = {
      stage,
      sleep,
      told: async (happened) => {
        while (!happened()) await sleep(250)
      },
      paced: null,
    }
    stage.watch(() => {
      if (failure) throw failure
      return !ended && asleep === 0
    })
    return {
      approved(pulls) {
        ended = false
        working = land(hand, pulls)
          .catch((error: unknown) => {
            if (!ending.signal.aborted) failure = error
          })
          .finally(() => {
            ended = true
          })
      },
      builds,
      paced: () => hand.paced,
      async stop() {
        ending.abort()
        await working
      },
    }
  },
})

/** Opens this bot's check run on a commit, as others post a status: one write. Answers with the way to end it: another. */
export async function announce({ client, repo }: Stage, sha: string): Promise<() => Promise<void>> {
  const at = { owner: repo.owner, repo: repo.name }
  const { data } = await client.rest.checks.create({ ...at, name: 'landing', head_sha: sha, status: 'in_progress' })
  return async () => {
    await client.rest.checks.update({ ...at, check_run_id: data.id, status: 'completed', conclusion: 'success' })
  }
}

/** Whether all checks of a commit but this bot's own are green, by one read. */
export async function isGreen({ client, repo }: Stage, sha: string): Promise<boolean> {
  const { data } = await client.rest.checks.listForRef({ owner: repo.owner, repo: repo.name, ref: sha, per_page: 100 })
  const others = data.check_runs.filter(({ name }) => name !== 'landing')
  return others.length > 0 && others.every(({ conclusion }) => conclusion === 'success')
}
