/** How long something takes, as people say it: a range in minutes or hours, no finer than it is known. */
import type { Span } from '../../queue/estimates/landing-time.ts'

/** `10–18 min`, `2–5 h`, `up to 3 min`: rounded outwards, and in steps that grow with it. */
export function spanOf({ low, high }: Span): string {
  const [least, most] = [Math.round(low) / MINUTE, Math.round(high) / MINUTE]
  return most <= HOURS ? range(least, most, 'min') : range(least / 60, most / 60, 'h')
}

const MINUTE = 60
/** Above so many minutes hours are told. */
const HOURS = 180

function range(least: number, most: number, unit: string): string {
  const step = most <= 20 ? 1 : most <= 60 ? 5 : 10
  const [low, high] = [Math.floor(least / step) * step, Math.ceil(most / step) * step]
  return low === 0 ? `up to ${high} ${unit}` : low === high ? `about ${high} ${unit}` : `${low}–${high} ${unit}`
}
