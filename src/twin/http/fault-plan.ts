/**
 * The faults that were arranged for one twin: counts the calls and deliveries, and says which of them something is to
 * happen to. The server and the outbox do it.
 */
import type { CallAct, CallMatch, DeliveryMatch, Faults, Gate, Held, Observer, When } from '../faults.ts'

export interface DeliveryPlan {
  readonly dropped: boolean
  readonly copies: number
  readonly delay: number
  readonly reordered: boolean
}

interface CallFault {
  readonly match: CallMatch
  readonly act: CallAct
  seen: number
  over: boolean
}

interface DeliveryFault {
  readonly match: DeliveryMatch
  readonly kind: 'drop' | 'repeat' | 'delay'
  readonly amount: number
  seen: number
}

/** The faults of one twin, with the side that the server and the outbox ask. */
export class FaultPlan implements Faults {
  staleSeconds = 0
  #calls: CallFault[] = []
  #deliveries: DeliveryFault[] = []
  #reordered = false
  #observers: { when: When; operation: string | RegExp; see: Observer }[] = []

  next(match: CallMatch, act: CallAct): Held & { cancel(): void } {
    const fault: CallFault = { match, act, seen: 0, over: false }
    this.#calls.push(fault)
    const gate = 'gate' in act ? act.gate : undefined
    return {
      reached: gate?.reached ?? Promise.resolve(),
      release: () => gate?.release(),
      cancel: () => {
        fault.over = true
        gate?.release()
      },
    }
  }

  failBefore(status: number, body: unknown = { message: 'Server Error' }, headers = {}): CallAct {
    return { kind: 'fail_before', answer: { status, body, headers } }
  }

  failAfter(status: number, body: unknown = { message: 'Server Error' }, lateSeconds = 0): CallAct {
    return { kind: 'fail_after', answer: { status, body, headers: {} }, seconds: lateSeconds }
  }

  hangBefore(): CallAct {
    return { kind: 'hang_before', gate: makeGate() }
  }

  hangAfter(): CallAct {
    return { kind: 'hang_after', gate: makeGate() }
  }

  hold(): CallAct {
    return { kind: 'hold', gate: makeGate() }
  }

  limit(kind: 'primary' | 'secondary', retryAfterSeconds: number): CallAct {
    const message =
      kind === 'primary'
        ? 'API rate limit exceeded for installation.'
        : 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    const headers: Record<string, string> =
      kind === 'primary'
        ? { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-in': String(retryAfterSeconds) }
        : { 'retry-after': String(retryAfterSeconds) }
    return this.failBefore(
      403,
      { message, documentation_url: 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api' },
      headers,
    )
  }

  spurious422(): CallAct {
    return this.failBefore(422, {
      message: 'Reference cannot be updated',
      documentation_url: 'https://docs.github.com/rest/git/refs',
    })
  }

  showLate(seconds: number): CallAct {
    return { kind: 'show_late', seconds }
  }

  staleRefs(seconds: number): void {
    this.staleSeconds = seconds
  }

  drop(match: DeliveryMatch = {}): void {
    this.#deliveries.push({ match, kind: 'drop', amount: 0, seen: 0 })
  }

  repeat(match: DeliveryMatch, copies: number): void {
    this.#deliveries.push({ match, kind: 'repeat', amount: copies, seen: 0 })
  }

  delay(match: DeliveryMatch, ms: number): void {
    this.#deliveries.push({ match, kind: 'delay', amount: ms, seen: 0 })
  }

  reorder(): void {
    this.#reordered = true
  }

  on(when: When, operation: string | RegExp, see: Observer): () => void {
    const observer = { when, operation, see }
    this.#observers.push(observer)
    return () => {
      this.#observers = this.#observers.filter((each) => each !== observer)
    }
  }

  clear(): void {
    for (const { act } of this.#calls) if ('gate' in act) act.gate.release()
    this.#calls = []
    this.#deliveries = []
    this.#observers = []
    this.#reordered = false
    this.staleSeconds = 0
  }

  /** The fault of this very call, when there is one; counts the call. */
  forCall(operation: string): CallAct | undefined {
    let found: CallAct | undefined
    for (const fault of this.#calls) {
      if (fault.over || !isMatch(fault.match.operation, operation)) continue
      fault.seen++
      const from = fault.match.nth ?? 1
      const to = from + (fault.match.times ?? 1) - 1
      fault.over = fault.seen >= to
      if (!found && fault.seen >= from && fault.seen <= to) found = fault.act
    }
    return found
  }

  /** What becomes of a delivery; counts it. */
  forDelivery(event: string, action: string | null): DeliveryPlan {
    const hit = this.#deliveries.filter((fault) => {
      const { match } = fault
      if (match.event !== undefined && match.event !== event) return false
      if (match.action !== undefined && match.action !== action) return false
      return ++fault.seen <= (match.times ?? Number.POSITIVE_INFINITY)
    })
    const sum = (kind: DeliveryFault['kind']) =>
      hit.reduce((total, fault) => total + (fault.kind === kind ? fault.amount : 0), 0)
    return {
      dropped: hit.some((fault) => fault.kind === 'drop'),
      copies: sum('repeat'),
      delay: sum('delay'),
      reordered: this.#reordered,
    }
  }

  /** Shows a call to those who asked to see it, one after another; true when its caller is no more. */
  async observe(when: When, operation: string): Promise<boolean> {
    let killed = false
    for (const observer of this.#observers)
      if (observer.when === when && isMatch(observer.operation, operation))
        killed = (await observer.see(operation)) === 'killed' || killed
    return killed
  }
}

function isMatch(pattern: string | RegExp | undefined, operation: string): boolean {
  if (pattern === undefined) return true
  return typeof pattern === 'string' ? pattern === operation : pattern.test(operation)
}

function makeGate(): Gate {
  const [reached, reach] = signal()
  const [opened, release] = signal()
  return { opened, reached, release, reach }
}

/** A promise, and the function that resolves it. */
function signal(): [Promise<void>, () => void] {
  const resolvers: (() => void)[] = []
  const raised = new Promise<void>((resolve) => resolvers.push(resolve))
  return [raised, () => resolvers.forEach((resolve) => resolve())]
}
