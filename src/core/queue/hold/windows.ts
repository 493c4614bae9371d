/**
 * Merge windows: whether landing is allowed at an instant, and when that changes. Cron expressions and time zones are croner's,
 * and this is its one door. It reads no clock and knows no lane.
 */
import { Cron } from 'croner'
import type { Instant } from '../../ids.ts'

/** Open from each instant of `opens` to the next of `closes`: cron expressions of five fields, by the wall clock of `zone`. */
export interface MergeWindow {
  readonly opens: string
  readonly closes: string
  readonly zone: string
}

export interface Closed {
  /** When the last window closed; null where none was ever open. */
  readonly since: Instant | null
  /** When the next one opens; null where none ever does. */
  readonly until: Instant | null
  /** The zone of the window that opens next. */
  readonly zone: string
}

export interface Windows {
  /** Null while open: always without windows, and with several while any one of them is. */
  readonly closed: Closed | null
  /** When to judge again; null when it stays as it is. */
  readonly next: Instant | null
}

export function windowsAt(windows: readonly MergeWindow[], now: Instant): Windows {
  const states = windows.map((window) => lastingState(window, now))
  const open = states.filter(({ isOpen }) => isOpen)
  if (windows.length === 0 || open.length > 0) return { closed: null, next: earliest(open) }
  const until = earliest(states)
  const opening = states.find(({ next }) => next === until)
  const since = states.flatMap(({ last }) => last ?? [])
  return {
    closed: { since: since.length > 0 ? Math.max(...since) : null, until, zone: opening?.zone ?? 'UTC' },
    next: until,
  }
}

interface State {
  readonly zone: string
  readonly isOpen: boolean
  /** When it last closed. */
  readonly last: Instant | null
  /** When it closes, where it is open; else when it opens. */
  readonly next: Instant | null
  /** It is so from here, */
  readonly from: Instant
  /** and until then. */
  readonly until: Instant
}

/**
 * A lane is judged far more often than a window opens or closes, and croner takes a millisecond: the last state of each window
 * is kept for as long as it lasts. Those of windows that nobody has any more are forgotten when there are many.
 */
const LAST = new Map<string, State>()
const MOST_KEPT = 1000

function lastingState(window: MergeWindow, now: Instant): State {
  const name = JSON.stringify([window.opens, window.closes, window.zone])
  const last = LAST.get(name)
  if (last && last.from <= now && now < last.until) return last
  const state = stateOf(window, now)
  if (LAST.size >= MOST_KEPT) LAST.clear()
  LAST.set(name, state)
  return state
}

function stateOf(window: MergeWindow, now: Instant): State {
  const { zone } = window
  const [opening, closing] = [cron(window.opens, zone), cron(window.closes, zone)]
  const [opened, closed] = [lastRun(opening, now), lastRun(closing, now)]
  // Of an opening and a closing at one instant the opening counts: one window goes over into the next.
  const isOpen = opened !== null && opened >= (closed ?? Number.NEGATIVE_INFINITY)
  const [opens, closes] = [nextRun(opening, now), nextRun(closing, now)]
  const until = Math.min(opens ?? Number.POSITIVE_INFINITY, closes ?? Number.POSITIVE_INFINITY)
  return { zone, isOpen, last: closed, next: isOpen ? closes : opens, from: now, until }
}

const earliest = (states: readonly State[]): Instant | null => {
  const instants = states.flatMap(({ next }) => next ?? [])
  return instants.length > 0 ? Math.min(...instants) : null
}

/** `paused`: it is asked for instants and starts no timer. */
const cron = (expression: string, zone: string): Cron =>
  new Cron(expression, { timezone: zone, paused: true, mode: '5-part' })

/** The last run at or before an instant; croner counts in seconds and leaves out the one that it is given. */
function lastRun(schedule: Cron, now: Instant): Instant | null {
  const after = new Date(Math.floor(now / 1000) * 1000 + 1000)
  return schedule.previousRuns(1, after)[0]?.getTime() ?? null
}

const nextRun = (schedule: Cron, now: Instant): Instant | null => schedule.nextRun(new Date(now))?.getTime() ?? null

/** What is wrong with a window, by the key that it is wrong at. */
export function windowProblems({ opens, closes, zone }: MergeWindow): { key: keyof MergeWindow; fix: string }[] {
  if (!isZone(zone)) return [{ key: 'zone', fix: 'a time zone by its IANA name, as in Europe/Berlin or UTC' }]
  return (['opens', 'closes'] as const).flatMap((key) => {
    const fix = expressionProblem(key === 'opens' ? opens : closes, zone)
    return fix === null ? [] : [{ key, fix }]
  })
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function expressionProblem(expression: string, zone: string): string | null {
  const wanted = 'a cron expression of five fields (minute, hour, day, month, weekday), as in 0 8 * * 1-5'
  if (expression.trim().split(/\s+/).length !== 5) return wanted
  try {
    return cron(expression, zone).nextRun(new Date(0)) === null ? 'an instant that comes: this one never does' : null
  } catch {
    return wanted
  }
}
