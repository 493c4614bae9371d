/**
 * How the adapter builds the port's answers. It knows nothing of why a call failed; `failure.ts` does.
 */
import type { Answer, Failure } from './port.ts'

export const ok = <T>(value: T): Answer<T> => ({ ok: true, value })

export const done: Answer<void> = { ok: true, value: undefined }

export const failed = (failure: Failure): { readonly ok: false } & Failure => ({ ok: false, ...failure })

/** The same answer with its value turned into another; a failure passes through as it is. */
export const mapAnswer = <T, U>(answer: Answer<T>, turn: (value: T) => U): Answer<U> =>
  answer.ok ? ok(turn(answer.value)) : answer
