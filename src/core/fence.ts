/**
 * The fence: proof that its holder may act on one lane until a known moment. Only `store/lease.ts` makes one; lane
 * appends and every writing call of the GitHub port take one. See landing.md, "The fence, in three layers".
 */
import type { Instant } from './ids.ts'

declare const brand: unique symbol

export type Fence = {
  readonly [brand]: true
  readonly repository: string
  readonly lane: string
  readonly owner: string
  readonly epoch: number
  /** Milliseconds of lease left, by a clock that never jumps; negative once it is over. */
  readonly left: () => number
  /** When the lease ends by the database's clock, as of the last renewal. */
  readonly expires_at: Instant
}
