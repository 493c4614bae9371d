/** Short words for the kept histories, so that one reads like what happened. */
import type { Act, Fault, History, Step } from '../play/history.ts'

export const history = (settings: Partial<Omit<History, 'steps'>>, ...steps: readonly Step[]): History => ({
  protected: false,
  checks: 'build',
  ...settings,
  steps,
})

export const open = (slot: number, file: string, text: string): Act => ({
  act: 'open',
  slot,
  change: { [file]: `${text}\n` },
  draft: false,
})

export const push = (slot: number, file: string, text: string): Act => ({
  act: 'push',
  slot,
  change: { [file]: `${text}\n` },
})

export const byHand = (file: string, text: string): Act => ({ act: 'foreign_push', change: { [file]: `${text}\n` } })

export const approve = (slot: number, by = 'bob'): Act => ({ act: 'approve', slot, by })

export const dismiss = (slot: number): Act => ({ act: 'dismiss', slot, by: 'carol' })

export const resumeLabel = (slot: number): Act => ({ act: 'resume_label', slot })

export const pause = (seconds: number): Act => ({ act: 'pause', seconds })

/** The next call of that operation is done, and its answer is lost. */
export const unclear = (operation: string): Fault => ({ fault: 'call', operation, when: 'after' })
