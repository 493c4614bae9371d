/** Evidence from outside, cut to what the log takes: a decision that the log refused would be made again and again. */
import type { Evidence } from '../../../events/shapes.ts'

/** As `words` in `events/shapes.ts`. */
export const MAX_WORDS = 2000

/** Texts are cut; an address that is too long would lead nowhere when it is cut, and is left out. */
export const fitting = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.map(({ kind, text, url }) => ({
    kind,
    text: text.slice(0, MAX_WORDS),
    ...(url === undefined || url.length > MAX_WORDS ? {} : { url }),
  }))
