/** What a run came to in figures, and how figures of several runs are told together. Arithmetic alone. */
import type { Instant } from '../../core/ids.ts'
import type { Run } from '../world.ts'

export interface Figures {
  readonly landed: number
  readonly blocked: number
  /** Who neither landed nor was blocked. */
  readonly left: number
  readonly builds: number
  /** Null where nothing landed, here and below. */
  readonly builds_per_landed: number | null
  readonly wait_ms: { readonly p50: number | null; readonly p95: number | null }
  /** From the first arrival until the last one landed or was blocked. */
  readonly took_ms: number
  readonly requests: Readonly<Record<string, number>>
  readonly requests_per_landed: number | null
  readonly held: string | null
}

export function figuresOf(run: Run, began: Instant): Figures {
  const landed = run.landings.length
  const requests = Object.values(run.requests).reduce((sum, count) => sum + count, 0)
  const each = (total: number): number | null => (landed === 0 ? null : total / landed)
  return {
    landed,
    blocked: run.blocked.length,
    left: run.left.length,
    builds: run.builds.length,
    builds_per_landed: each(run.builds.length),
    wait_ms: { p50: orNull(quantile(run.waits, 0.5)), p95: orNull(quantile(run.waits, 0.95)) },
    took_ms: run.endedAt - began,
    requests: run.requests,
    requests_per_landed: each(requests),
    held: run.held,
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

export const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

/** The value below which the share lies; NaN of nothing. */
export const quantile = (values: readonly number[], share: number): number => {
  const order = sorted(values)
  return order[Math.min(order.length - 1, Math.floor(share * order.length))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => {
  const order = sorted(values)
  const middle = order.length / 2
  return order.length % 2
    ? (order[Math.floor(middle)] ?? Number.NaN)
    : ((order[middle - 1] ?? 0) + (order[middle] ?? 0)) / 2
}

/** Of several runs the middle, the least and the most; null where none of them has a figure. */
export interface Range {
  readonly median: number
  readonly least: number
  readonly most: number
}

export function rangeOf(values: readonly (number | null)[]): Range | null {
  const order = sorted(values.filter((value) => value !== null))
  const [least, most] = [order[0], order.at(-1)]
  return least === undefined || most === undefined ? null : { median: median(order), least, most }
}
