/**
 * One small break of the code behind each scenario of `docs/acceptance.md`, which a test of that scenario has to notice.
 * Data; how one is put in is `mutate.ts`'s. The quoted text stands exactly once in its file.
 */
import { batches } from './breaks/batches.ts'
import { build } from './breaks/build.ts'
import { commands } from './breaks/commands.ts'
import { facts } from './breaks/facts.ts'
import { landing } from './breaks/landing.ts'
import { queue } from './breaks/queue.ts'
import { readiness } from './breaks/readiness.ts'

export interface Break {
  /** What is wrong then, as a sentence. */
  readonly wrong: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** By the id of the scenario. */
export const BREAKS: Readonly<Record<string, Break>> = {
  ...commands,
  ...readiness,
  ...queue,
  ...build,
  ...batches,
  ...landing,
  ...facts,
}
