/** Short words for the kept histories, so that one reads like what happened. */
import type { Act, Crash, Fault, History, Step } from '../../play/history.ts'

export const history = (settings: Partial<Omit<History, 'steps'>>, ...steps: readonly Step[]): History => ({
  protected: false,
  checks: 'build',
  method: 'merge',
  mode: 'exact',
  targets: 1,
  ci: 60,
  reports: 'actions',
  approvals: 1,
  when: 'non_draft',
  opens: 'always',
  slots: 2,
  batch: 50,
  wait: 0,
  ...settings,
  steps,
})

type Opened = Act & { act: 'open' }

export const open = (slot: number, file: string, text: string, how: Partial<Opened> = {}): Opened => ({
  act: 'open',
  slot,
  change: { [file]: `${text}\n` },
  draft: false,
  base: 'main',
  fork: false,
  ...how,
})

export const push = (slot: number, file: string, text: string): Act => ({
  act: 'push',
  slot,
  change: { [file]: `${text}\n` },
  forced: false,
})

export const byHand = (file: string, text: string, how: 'fast-forward' | 'force' | 'rewind' = 'fast-forward'): Act => ({
  act: 'foreign_push',
  target: 'main',
  how,
  change: { [file]: `${text}\n` },
})

export const approve = (slot: number, by = 'bob'): Act => ({ act: 'approve', slot, by })

export const dismiss = (slot: number): Act => ({ act: 'dismiss', slot, by: 'carol' })

export const comment = (slot: number, by: string, body: string): Act => ({ act: 'comment', slot, by, body })

export const resume = (slot: number, via: 'label' | 'comment' | 'close'): Act => ({ act: 'resume', slot, via })

export const pause = (seconds: number): Act => ({ act: 'pause', seconds })

export const lose = (times: number): Fault => ({ fault: 'lose', times })

/** The next call of that operation is done, and its answer is lost. */
export const unclear = (operation: string): Fault => ({ fault: 'call', operation, when: 'after' })

/** The next call of that operation is done so many seconds after it was sent. */
export const hanging = (operation: string, seconds: number): Fault => ({
  fault: 'hang',
  operation,
  when: 'before',
  seconds,
})

/** The bot is killed at its next call of that operation. */
export const killed = (operation: string, moment: 'before' | 'done'): Crash => ({
  fault: 'crash',
  at: 'request',
  operation,
  nth: 1,
  moment,
  seconds: 0,
})
