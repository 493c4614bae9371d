/** Reads how a person writes since when: `90s`, `30m`, `2h`, `3d` ago, or a date or time. */
import { milliseconds } from '../../../core/config.ts'
import { EXIT, Refusal } from '../../exit-codes.ts'

/** The moment; throws a `Refusal` that shows the forms. */
export function parseSince(text: string, now: number): Date {
  if (/^\d{1,6}(s|m|h|d)$/.test(text)) return new Date(now - milliseconds(text))
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new Refusal(EXIT.usage, `--since ${text}: write 90s, 30m, 2h, 3d, 2026-01-31 or 2026-01-31T12:00:00Z`)
  return new Date(at)
}
