/** Columns of plain text for a terminal. Outside text in a cell can neither break the line nor move the cursor. */
import { line } from '../../core/render/escape.ts'

const GAP = '  '

/** One line for each row, its cells under one another; the last column is as wide as it comes. */
export function table(rows: readonly (readonly string[])[], indent = ''): string[] {
  const clean = rows.map((row) => row.map((cell) => line(cell, 500)))
  const widths = clean.reduce<number[]>((widest, row) => {
    for (const [index, cell] of row.entries()) widest[index] = Math.max(widest[index] ?? 0, cell.length)
    return widest
  }, [])
  return clean.map((row) => (indent + row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(GAP)).trimEnd())
}

/** How long ago, in its largest unit: `40s`, `12m`, `3h`, `5d`. */
export function age(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** A moment as a person reads it, in UTC and to the second. */
export const moment = (at: string): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
