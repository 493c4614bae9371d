/**
 * The peers that build one batch at a time and divide what failed. Serial: a batch of one. Recursive bisection (bors-ng:
 * halves). Dorfman: one by one after a failure. BatchStop4 (Beheshtian, Bavand, Rigby 2021): halves down to four, then one by
 * one. None of them infers: the last part of a failed batch is built too.
 */
import type { Candidate } from '../../../src/core/queue/plan/known.ts'
import { type MakePolicy, onTip, type Policy } from '../policy.ts'

type Divide = (batch: readonly Candidate[]) => readonly (readonly Candidate[])[]

const halves: Divide = (batch) => {
  const half = Math.ceil(batch.length / 2)
  return [batch.slice(0, half), batch.slice(half)]
}
const singles: Divide = (batch) => batch.map((one) => [one])

function splitting(name: string, size: number, divide: Divide): Policy {
  /** Batches to be built before anything new, the next one last. */
  const parts: (readonly Candidate[])[] = []
  return {
    name,
    decide(view) {
      const build = onTip(view)[0]
      const batch = parts.at(-1)
      if (build && batch) {
        if (build.verdict === null) return {}
        parts.pop()
        if (build.verdict === 'passed') return { land: build.build }
        if (batch.length === 1) return { reject: batch, drop: [build.build] }
        parts.push(...divide(batch).toReversed())
      }
      if (parts.length === 0) {
        const next = firstOf(view.queue.order, size)
        if (next.length > 0) parts.push(next)
      }
      const next = parts.at(-1)
      return { drop: build ? [build.build] : [], start: next ? [{ members: next }] : [] }
    },
  }
}

function firstOf(order: Iterable<Candidate>, most: number): Candidate[] {
  const found: Candidate[] = []
  for (const candidate of order) {
    if (found.length >= most) break
    found.push(candidate)
  }
  return found
}

export const serial: MakePolicy = () => splitting('serial', 1, singles)

export const bisection =
  (size: number): MakePolicy =>
  () =>
    splitting(`bisection of ${size}`, size, halves)

/** The size that makes 1/b + 1 − (1 − p)^b least. */
export const dorfman: MakePolicy = ({ bad, flake }) => {
  const cost = (size: number) => 1 / size + (size > 1 ? 1 - (1 - flake) * (1 - bad) ** size : 0)
  const sizes = Array.from({ length: 100 }, (_, at) => at + 1)
  const best = sizes.reduce((least, size) => (cost(size) < cost(least) ? size : least))
  return splitting('Dorfman', best, singles)
}

/** The power of two at which a batch passes about every other time. */
export const batchStop4: MakePolicy = ({ bad }) => {
  const size = 2 ** Math.round(Math.log2(Math.LN2 / bad))
  return splitting('BatchStop4', size, (batch) => (batch.length > 4 ? halves(batch) : singles(batch)))
}
