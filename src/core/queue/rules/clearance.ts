/**
 * A target from which somebody took commits away: the lane is held with evidence, for what was proven and recorded may be
 * gone. A push that only adds is no trouble; the builds are made anew on it.
 */
import { short } from '../../ids.ts'
import { perform, type Rule, record } from '../judgement.ts'
import { heldFor } from './hold.ts'

export const noticeForcedPush: Rule = (judgement) => {
  const { moved, target } = judgement.lane
  if (!moved) return null
  if (moved.forced === null) {
    const look = { effect: 'observe-target' as const, from: moved.from }
    return judgement.due(look) ? perform([look]) : null
  }
  const { from, to, pusher } = moved
  const words = `${target} was force-pushed${pusher === null ? '' : ` by ${pusher}`}: ${short(from)} is not in it any more. After a look at what is missing, /release goes on from ${short(to)}`
  const evidence = [from, to].map((text) => ({ kind: 'commit' as const, text }))
  return record([heldFor(judgement, 'foreign_force_push', words, evidence)])
}
