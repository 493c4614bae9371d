/**
 * When a member of the queue lands, as far as its place and what was learned of the lane tell. It looks at no clock: what it
 * says changes with the queue and with what is learned, never by waiting.
 */
import { type Estimates, expectedBad, takesOf } from './estimates.ts'

/** In seconds: four of five are between the two, as long as the lane goes on as it did. */
export interface Span {
  readonly low: number
  readonly high: number
}

interface Queued {
  /** Counted from 1. */
  readonly place: number
  /** Something is built at present, and it is not in it. */
  readonly behind: boolean
}

/**
 * Null before three builds were measured. A full lane of K slots takes in log2(K + 1)(1 − p) / H(p) members in the time of one
 * build (queue.md, G3), and so many builds by chance rather more or less.
 */
export function landingTime(
  { place, behind }: Queued,
  { slots, batch_max }: { readonly slots: number; readonly batch_max: number },
  estimates: Estimates,
): Span | null {
  const bad = expectedBad(estimates)
  const rounds = Math.max(
    (place * entropy(bad)) / (1 - bad) / Math.log2(slots + 1),
    place / Math.min(batch_max, Math.LN2 / -Math.log(1 - bad)) / slots,
  )
  const spread = Math.sqrt(rounds)
  const least = Math.max(1, rounds - spread - (behind ? 1 : 0))
  const most = 1 + rounds + spread + (behind ? 1 : 0)
  const { takes } = estimates.builds
  const [best, worst] = [takesOf(takes, least), takesOf(takes, most)]
  return best && worst ? { low: best.least, high: worst.most } : null
}

const entropy = (p: number): number => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p)
