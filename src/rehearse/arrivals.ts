/**
 * When each change of a history comes to the lane: order and spacing are history's, and a pull request is approved some
 * time before it was merged. It knows no git.
 */
import { createHash } from 'node:crypto'
import type { Instant } from '../core/ids.ts'
import type { Arrival } from '../simulate/world.ts'
import type { Change } from './history.ts'

export interface Timing {
  /** How long before its merge a pull request is taken to have been approved, in milliseconds. */
  readonly wait: number
  /** push: what was no pull request is pushed past the queue; queue: it has to queue like one. */
  readonly direct: 'push' | 'queue'
}

/** The arrivals, the earliest first. Clocks that went back are set to the time before. */
export function arrivalsOf(changes: readonly Change[], { wait, direct }: Timing): Arrival[] {
  let came: Instant = 0
  let approved: Instant = 0
  const arrivals = changes.flatMap((change): Arrival[] => {
    came = Math.max(came, change.at)
    const { number: pull, head: sha, title, author: name, via, headAt, again, commit } = change
    const author = name.slice(0, 100) || 'nobody'
    if (via === null && direct === 'push') return [{ pull, sha, title, author, at: came, direct: true }]
    // Nobody approves what isn't there yet; and who was merged first is taken to have been approved first.
    approved = Math.max(approved, Math.min(came, Math.max(came - wait, headAt ?? 0)))
    const arrival = { pull, sha, title, author, at: approved }
    return again ? [arrival, { ...arrival, pull: again.number, sha: idOf(commit), at: came }] : [arrival]
  })
  return arrivals.sort((a, b) => a.at - b.at)
}

/** Of a second coming, which is no commit of history. */
const idOf = (commit: string): string => createHash('sha1').update(`${commit} again`).digest('hex')
