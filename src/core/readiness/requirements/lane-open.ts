/**
 * The requirement that the lane lets something land now: no hold that stops this pull request, a merge window open, and the
 * target known to hold what it held. It is about the lane; what is ready is queued all the same.
 */
import { WINDOW_CLOSED, withStandingHold } from '../../queue/hold/standing-hold.ts'
import { met, type Requirement, unknown, unmet } from '../requirement.ts'

export const laneOpen: Requirement = {
  code: 'lane_open',
  asks: 'The lane lets something land: it is not held or paused, a merge window is open, and the target is known to hold what it held. What is ready is queued all the same.',
  reasons: { unmet: ['paused', 'held', 'window_closed'], unknown: ['target_unsettled'] },
  changesWith: ['lane_held', 'lane_released', 'config_changed', 'target_moved', 'target_compared'],
  evaluate({ pull, view, config, target }) {
    if (config.mode === 'paused') return unmet('paused', 'the configuration says mode: paused')
    const { hold, moved } = withStandingHold(view.lane, config, view.now)
    if (hold && !hold.allow.includes(pull.number)) {
      if (hold.reason === WINDOW_CLOSED) return unmet('window_closed', hold.words, hold.evidence)
      return unmet('held', `${target} is held by ${hold.by}: ${hold.words}`, hold.evidence)
    }
    if (moved)
      return unknown('target_unsettled', `${target} was moved by another hand; whether it lost something is looked at`)
    return met(`${target} is open`)
  },
}
