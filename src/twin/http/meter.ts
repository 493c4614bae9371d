/**
 * Counts what a caller costs: requests by operation, GraphQL points, content writes and ref moves, per installation.
 * It limits nothing.
 */
export interface Reading {
  readonly requests: Readonly<Record<string, number>>
  readonly total: number
  readonly points: number
  /** Requests that make content: issues, comments, check runs, merges, commits. */
  readonly contentWrites: number
  readonly refMoves: number
}

export interface Meter {
  /** The counts since the start or the last reset, of all installations or of one. */
  snapshot(installation?: number): Reading
  reset(): void
}

/** Hears how many refs a document moves, and how often it makes content. */
export interface Heard {
  readonly refMoves: (moves: number) => void
  readonly content: (writes: number) => void
}

interface Counts {
  requests: Record<string, number>
  total: number
  points: number
  contentWrites: number
  refMoves: number
}

const none = (): Counts => ({ requests: {}, total: 0, points: 0, contentWrites: 0, refMoves: 0 })

/** The meter of a twin, with the side that the server writes to. Calls without an installation count as 0. */
export class RequestMeter implements Meter {
  readonly #counts = new Map<number, Counts>()

  snapshot(installation?: number): Reading {
    const sum = none()
    for (const [id, counts] of this.#counts) {
      if (installation !== undefined && id !== installation) continue
      for (const [operation, times] of Object.entries(counts.requests))
        sum.requests[operation] = (sum.requests[operation] ?? 0) + times
      sum.total += counts.total
      sum.points += counts.points
      sum.contentWrites += counts.contentWrites
      sum.refMoves += counts.refMoves
    }
    return sum
  }

  reset(): void {
    this.#counts.clear()
  }

  request(installation: number, operation: string): void {
    const counts = this.#of(installation)
    counts.requests[operation] = (counts.requests[operation] ?? 0) + 1
    counts.total++
    if (/^(POST|PUT|PATCH) .*(issues|comments|check-runs|merges|merge|commits|reactions|labels)/.test(operation))
      counts.contentWrites++
  }

  points(installation: number, points: number): void {
    this.#of(installation).points += points
  }

  /** For who does several things in one request. */
  heard(installation: number): Heard {
    return {
      refMoves: (moves) => this.refMoves(installation, moves),
      content: (writes) => void (this.#of(installation).contentWrites += writes),
    }
  }

  refMoves(installation: number, moves: number): void {
    this.#of(installation).refMoves += moves
  }

  #of(installation: number): Counts {
    const known = this.#counts.get(installation)
    if (known) return known
    const made = none()
    this.#counts.set(installation, made)
    return made
  }
}
