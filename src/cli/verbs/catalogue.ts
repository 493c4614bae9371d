/** Every verb that asks the store something, by its name: what the command line offers and the socket answers. */
import { cutoverVerb } from './cutover.ts'
import { explainVerb } from './explain.ts'
import { logVerb } from './log.ts'
import { rebuildVerb } from './rebuild.ts'
import { recordedVerb } from './recorded.ts'
import { replayVerb } from './replay.ts'
import { statusVerb } from './status.ts'
import type { Verb } from './verb.ts'

/** Each takes its own question only, which its schema sees to. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  [cutoverVerb, explainVerb, logVerb, rebuildVerb, recordedVerb, replayVerb, statusVerb].map((verb) => [
    verb.name,
    verb as unknown as Verb,
  ]),
)
