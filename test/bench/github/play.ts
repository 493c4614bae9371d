/** One run of G4: k pull requests are approved at once, a contender lands them, and what it took is counted. */
import type { Contender } from './contender.ts'
import { type Count, startCount } from './count.ts'
import { openStage } from './stage.ts'

export interface Played {
  /** From the approvals until all is still. */
  readonly landing: Count
  /** Before them: from the opening of the pull requests on. */
  readonly opening: Count
  readonly builds: number
  readonly targetMoves: number
  /** Seconds; null for who is played without a pace. */
  readonly paced: number | null
}

/** So long after the last landing everything that has to be said and tidied is done. */
const SETTLE_MINUTES = 1
const PATIENCE_MINUTES = 120

/** `minutes` lie between the green heads and the approvals. */
export async function play(contender: Contender, count: number, seed: number, minutes: number): Promise<Played> {
  const stage = await openStage(seed, contender.config)
  const { twin, repo, ci, installation } = stage
  try {
    const worker = await contender.open(stage)
    try {
      const openingCount = startCount(twin, installation)
      const pulls = await stage.propose(count, minutes)
      const opening = openingCount()
      let targetMoves = 0
      repo.onPush(({ ref }) => void (targetMoves += ref === 'refs/heads/main' ? 1 : 0))
      const landingCount = startCount(twin, installation)
      const before = ci.runs().length
      worker.approved(await stage.approve(pulls))
      await stage.until(() => pulls.every((pull) => repo.pull(pull).merged), PATIENCE_MINUTES)
      await stage.pass(SETTLE_MINUTES)
      const builds = ci
        .runs()
        .slice(before)
        .filter(({ ref }) => worker.builds(ref)).length
      return { landing: landingCount(), opening, builds, targetMoves, paced: seconds(worker.paced()) }
    } finally {
      await worker.stop()
    }
  } finally {
    await stage.stop()
  }
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000)
