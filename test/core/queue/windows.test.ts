/** Merge windows: which instants are open, across midnight, the change of the clocks, and several windows at once. */
import { describe, expect, test } from 'vitest'
import { configSchema } from '../../../src/core/config.ts'
import { instant, iso } from '../../../src/core/ids.ts'
import { type MergeWindow, windowsAt } from '../../../src/core/queue/hold/windows.ts'

const office: MergeWindow = { opens: '0 8 * * 1-5', closes: '0 16 * * 1-5', zone: 'Europe/Berlin' }
const night: MergeWindow = { opens: '0 22 * * *', closes: '0 6 * * *', zone: 'Europe/Berlin' }

const at = (windows: readonly MergeWindow[], now: string) => {
  const { closed, next } = windowsAt(windows, instant(now))
  return [closed === null ? 'open' : 'closed', next === null ? 'for ever' : iso(next).slice(0, 16)]
}

describe('C52 merge windows', () => {
  test('C52 without one, landing is always allowed', () => {
    expect(at([], '2026-03-27T12:00:00Z')).toEqual(['open', 'for ever'])
  })

  test.each([
    ['the minute before it opens', '2026-03-27T06:59:59Z', ['closed', '2026-03-27T07:00']],
    ['the instant it opens', '2026-03-27T07:00:00Z', ['open', '2026-03-27T15:00']],
    ['the instant it closes', '2026-03-27T15:00:00Z', ['closed', '2026-03-30T06:00']],
    ['a Saturday', '2026-03-28T12:00:00Z', ['closed', '2026-03-30T06:00']],
    ['eight in the morning after the clocks went forward', '2026-03-30T06:00:00Z', ['open', '2026-03-30T14:00']],
    ['seven in the morning after that', '2026-03-30T05:59:00Z', ['closed', '2026-03-30T06:00']],
    ['eight in the morning after they went back', '2026-10-26T07:00:00Z', ['open', '2026-10-26T15:00']],
    ['seven in the morning after that', '2026-10-26T06:30:00Z', ['closed', '2026-10-26T07:00']],
  ])('C52 office hours by the wall clock: %s', (_, now, expected) => {
    expect(at([office], now)).toEqual(expected)
  })

  test.each([
    ['before midnight', '2026-03-28T22:30:00Z', ['open', '2026-03-29T04:00']],
    ['in the hour that is left out', '2026-03-29T01:30:00Z', ['open', '2026-03-29T04:00']],
    ['in the hour that comes twice, the first time', '2026-10-25T00:30:00Z', ['open', '2026-10-25T05:00']],
    ['in the hour that comes twice, the second time', '2026-10-25T01:30:00Z', ['open', '2026-10-25T05:00']],
    ['by day', '2026-03-29T12:00:00Z', ['closed', '2026-03-29T20:00']],
  ])('C52 a window over midnight ends by the wall clock when the clocks change: %s', (_, now, expected) => {
    expect(at([night], now)).toEqual(expected)
  })

  test.each([
    ['opens', { opens: '30 2 * * *', closes: '0 12 * * *' }, '2026-03-29T00:59:00Z', '2026-03-29T01:30'],
    ['closes', { opens: '0 0 * * *', closes: '30 2 * * *' }, '2026-03-29T00:00:00Z', '2026-03-29T01:30'],
  ])('C52 a window that %s at a time which that day does not have does so right after', (_, times, now, next) => {
    expect(at([{ ...times, zone: 'Europe/Berlin' }], now)[1]).toBe(next)
  })

  test('C52 of windows that overlap or touch any one is enough', () => {
    const late: MergeWindow = { opens: '0 14 * * 1-5', closes: '0 20 * * 1-5', zone: 'UTC' }
    const both = [office, late]
    expect(at(both, '2026-03-27T14:30:00Z')).toEqual(['open', '2026-03-27T15:00'])
    expect(at(both, '2026-03-27T15:00:00Z')).toEqual(['open', '2026-03-27T20:00'])
    expect(at(both, '2026-03-27T20:00:00Z')).toEqual(['closed', '2026-03-30T06:00'])
    const daily: MergeWindow = { opens: '0 0 * * *', closes: '0 0 * * *', zone: 'UTC' }
    expect(at([daily], '2026-03-27T00:00:00Z')[0]).toBe('open')
  })

  test('C52 an instant has the same answer whatever was asked before it', () => {
    const often: MergeWindow = { opens: '0 8,10 * * *', closes: '0 9,16,18 * * *', zone: 'Europe/Berlin' }
    const start = instant('2026-03-28T20:00:00Z')
    const instants = Array.from({ length: 20 }, (_, hour) => start + hour * 3_600_000)
    for (const windows of [[often], [night]]) {
      // Nothing that is kept holds for an instant before it.
      const backwards = instants.toReversed().map((now) => windowsAt(windows, now))
      expect(instants.map((now) => windowsAt(windows, now))).toEqual(backwards.toReversed())
    }
  })

  test.each([
    [{ opens: '0 8 * *', closes: '0 16 * * *' }, 'windows.0.opens', /five fields/],
    [{ opens: '0 8 * * *', closes: '0 25 * * *' }, 'windows.0.closes', /five fields/],
    [{ opens: '* * 0 8 * *', closes: '0 16 * * *' }, 'windows.0.opens', /five fields/],
    [{ opens: '0 8 30 2 *', closes: '0 16 * * *' }, 'windows.0.opens', /never/],
    [{ opens: '0 8 * * *', closes: '0 16 * * *', zone: 'Mars/Base' }, 'windows.0.zone', /IANA/],
  ])('C116 a window that is none is refused at its key: %o', (window, path, fix) => {
    const { error } = configSchema.safeParse({ mode: 'live', windows: [window] })
    expect(error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, expect.stringMatching(fix)],
    ])
  })
})
