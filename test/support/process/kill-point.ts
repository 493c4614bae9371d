/** What the harness of `test/faults/kill` and its preload say to one another. Names alone; importing it does nothing. */
export interface CommitPoint {
  readonly name: string
  readonly nth: number
  readonly moment: Moment
}

/** Before it is done; when it was done and the app was not answered; when the app was answered. */
export type Moment = 'before' | 'done' | 'answered'
export const MOMENTS: readonly Moment[] = ['before', 'done', 'answered']

/** Under this name the app's process is told at which commit to end, as JSON. */
export const POINT_VARIABLE = 'KILL_POINT'
/** The pipe on which the preload tells: a commit's name in a line, and `KILLED` as the last one. */
export const TOLD_ON = 4
export const KILLED = '!killed'
