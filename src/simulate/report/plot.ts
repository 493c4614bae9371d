/**
 * What a landing costs against how long it waits, as an SVG picture: a point for each policy at its median, a whisker up to
 * the wait that 19 of 20 stay under. It computes no figure.
 */
import type { Compared } from '../compare.ts'
import { rangeOf } from './figures.ts'

const WIDTH = 720
const HEIGHT = 440
const LEFT = 70
const RIGHT = 170
const TOP = 40
const BOTTOM = 60
const HOUR = 3_600_000

interface Point {
  readonly name: string
  readonly cost: number
  readonly wait: number
  readonly most: number
}

/** The picture as text; of a policy that landed nothing there is no point. */
export function plotOf(compared: readonly Compared[], title: string): string {
  const points = compared.flatMap(({ policy, runs }): Point[] => {
    const cost = rangeOf(runs.map((run) => run.builds_per_landed))
    const wait = rangeOf(runs.map((run) => run.wait_ms.p50))
    const most = rangeOf(runs.map((run) => run.wait_ms.p95))
    return cost && wait && most
      ? [{ name: policy, cost: cost.median, wait: wait.median / HOUR, most: most.median / HOUR }]
      : []
  })
  const across = ticks(Math.max(0, ...points.map(({ cost }) => cost)))
  const up = ticks(Math.max(0, ...points.map(({ most }) => most)))
  const x = (cost: number): number => LEFT + (cost / (across.at(-1) ?? 1)) * (WIDTH - LEFT - RIGHT)
  const y = (hours: number): number => HEIGHT - BOTTOM - (hours / (up.at(-1) ?? 1)) * (HEIGHT - TOP - BOTTOM)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="white"/>',
    text(LEFT, 22, title, 'font-weight="bold"'),
    ...across.flatMap((value) => [
      rule(x(value), TOP, x(value), HEIGHT - BOTTOM),
      text(x(value), HEIGHT - BOTTOM + 18, written(value), 'text-anchor="middle"'),
    ]),
    ...up.flatMap((value) => [
      rule(LEFT, y(value), WIDTH - RIGHT, y(value)),
      text(LEFT - 8, y(value) + 4, written(value), 'text-anchor="end"'),
    ]),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, 'CI builds for each landed pull request', 'text-anchor="middle"'),
    `<g transform="rotate(-90 18 ${HEIGHT / 2})">${text(18, HEIGHT / 2, 'wait in hours: P50, and up to P95', 'text-anchor="middle"')}</g>`,
    ...points.flatMap(({ name, cost, wait, most }) => [
      `<line x1="${at(x(cost))}" y1="${at(y(wait))}" x2="${at(x(cost))}" y2="${at(y(most))}" stroke="#2563eb"/>`,
      `<circle cx="${at(x(cost))}" cy="${at(y(wait))}" r="5" fill="#2563eb"/>`,
      text(x(cost) + 9, y(wait) + 4, name),
    ]),
    '</svg>',
    '',
  ].join('\n')
}

/** From 0 to at least the greatest, in steps that read well. */
function ticks(greatest: number): number[] {
  const rough = (greatest > 0 ? greatest : 1) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.ceil((greatest || 1) / step - 1e-9) + 1 }, (_, index) => index * step)
}

const written = (value: number): string => String(Number(value.toPrecision(6)))

const at = (value: number): string => value.toFixed(1)

const rule = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="#e5e7eb"/>`

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${at(x)}" y="${at(y)}"${more && ` ${more}`}>${escaped(words)}</text>`

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
