/**
 * Time that runs faster than the machine's and can be moved on, the same in every process that is told where it began. It
 * knows nothing of who lives by it.
 */
export interface FastTime {
  /** Milliseconds since the epoch by the machine's clock; the fast one showed the same then. */
  readonly began: number
  readonly rate: number
  /** Milliseconds by which it was moved on since. */
  readonly moved: number
}

/** What the fast clock shows when the machine's shows `real`. */
export const fastNow = ({ began, rate, moved }: FastTime, real: number): number =>
  Math.floor(began + (real - began) * rate + moved)

/** Under this name a process is told its time, as JSON. */
export const TIME_VARIABLE = 'KILL_TIME'
