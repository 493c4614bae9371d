/**
 * Stores for stories: opening one takes longer than most stories do, so each is emptied and used again by the next story of
 * its test file. It knows nothing of what a story does with one.
 */
import type { Store } from '../../src/store/store.ts'
import { type DatabaseKind, openTestStore, type TestClock, type TestStore } from './database.ts'

interface Pooled {
  readonly test: TestStore
  /** The time of whoever has it at present. */
  clock: TestClock
  free: boolean
}

const pool: Pooled[] = []

/** An empty store on the given clock, for the caller alone until it gives it back. */
export async function takeStore(
  kind: DatabaseKind,
  clock: TestClock,
): Promise<{ store: Store; giveBack: () => Promise<void> }> {
  const pooled = pool.find((one) => one.free && one.test.kind === kind) ?? (await open(kind, clock))
  pooled.free = false
  pooled.clock = clock
  return {
    store: pooled.test.store,
    giveBack: async () => {
      await pooled.test.truncate()
      pooled.free = true
    },
  }
}

async function open(kind: DatabaseKind, clock: TestClock): Promise<Pooled> {
  const current = { clock }
  const test = await openTestStore({ kind, clock: { now: () => current.clock.now() } })
  const pooled: Pooled = {
    test,
    free: true,
    get clock() {
      return current.clock
    },
    set clock(next) {
      current.clock = next
    },
  }
  pool.push(pooled)
  return pooled
}

/** Closes every store, those that were never given back as well. */
export async function closePool(): Promise<void> {
  for (const { test } of pool.splice(0)) await test.close()
}
