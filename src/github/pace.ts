/**
 * The pace of writes: one at a time per installation, and no faster than GitHub asks for
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api). It knows no fence: whoever
 * waits here looks at the fence after the wait.
 */
export type WriteKind = 'content' | 'plain'

export interface Pace {
  /** Milliseconds between two writes that make content: issues, comments, reactions. */
  readonly contentMs: number
  /** Milliseconds between any two writes. */
  readonly writeMs: number
}

const ASKED: Pace = { contentMs: 1000, writeMs: 0 }
const UNPACED: Pace = { contentMs: 0, writeMs: 0 }

/** The pace that GitHub asks for; none for a GitHub on this very machine, which nobody shares with us. */
export function paceFor(baseUrl: string): Pace {
  const { hostname } = new URL(baseUrl)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) ? UNPACED : ASKED
}

export type Pacer = <T>(installation: number, kind: WriteKind, write: () => Promise<T>) => Promise<T>

interface Line {
  tail: Promise<void>
  lastWrite: number
  lastContent: number
}

/** Runs the writes of one installation in the order they were asked for; a write that throws lets the next one go on. */
export function createPacer(pace: Pace, now: () => number, sleep: (ms: number) => Promise<void>): Pacer {
  const lines = new Map<number, Line>()

  const lineOf = (installation: number): Line => {
    const known = lines.get(installation)
    if (known) return known
    const line = { tail: Promise.resolve(), lastWrite: Number.NEGATIVE_INFINITY, lastContent: Number.NEGATIVE_INFINITY }
    lines.set(installation, line)
    return line
  }

  return (installation, kind, write) => {
    const line = lineOf(installation)
    const turn = line.tail.then(async () => {
      const due = Math.max(line.lastWrite + pace.writeMs, kind === 'content' ? line.lastContent + pace.contentMs : 0)
      const wait = due - now()
      if (wait > 0) await sleep(wait)
      try {
        return await write()
      } finally {
        line.lastWrite = now()
        if (kind === 'content') line.lastContent = line.lastWrite
      }
    })
    line.tail = turn.then(nothing, nothing)
    return turn
  }
}

const nothing = (): void => {}
