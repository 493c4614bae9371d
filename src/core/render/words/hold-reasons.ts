/** Why a lane is held, in words that say what lets it go on. It knows the facts that it is handed, and no lane. */
import { short } from '../../ids.ts'

export const landedUntested = (pulls: readonly number[], target: string, landed: string, tested: string): string =>
  `GitHub merged ${pulls.map((pull) => `#${pull}`).join(', ')} as ${short(landed)}, which is not what was tested for ${target} as ${short(tested)}: something else came in between. After a look at what landed, /release goes on from there`

export const forcePushed = (target: string, from: string, to: string, pusher: string | null): string =>
  `${target} was force-pushed${pusher === null ? '' : ` by ${pusher}`}: ${short(from)} is not in it any more. After a look at what is missing, /release goes on from ${short(to)}`

export const neverAppeared = (checks: string, patience: string, times: number): string =>
  `${checks} did not appear within ${patience}, ${times === 2 ? 'twice' : `${times} times`}`

export const cancelledInARow = (checks: string, times: number): string =>
  `${checks} was cancelled ${times} times in a row`

export const nothingRequired = (target: string): string =>
  `No check is required of ${target}, so a build would prove nothing; it goes on by itself once one is`

export const impossibleHere = (target: string, because: string, instead: string): string =>
  `${target} ${because}: set land.method to ${instead}, then /release`
