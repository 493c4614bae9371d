/**
 * A fence for tests of what takes one. Only a lease makes real ones; this one proves nothing.
 */
import type { Fence } from '../../src/core/fence.ts'

/** A fence with two minutes left, or with what the test says. */
export function testFence(over: Partial<Omit<Fence, symbol>> = {}): Fence {
  const fence = {
    repository: 'acme/widgets',
    lane: 'main',
    owner: 'test',
    epoch: 1,
    left: () => 120_000,
    expires_at: 120_000,
    ...over,
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the brand exists in the type alone
  return fence as unknown as Fence
}
