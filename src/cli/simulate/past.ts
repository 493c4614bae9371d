/** Has a lane's past read by whoever has the log, and makes a workload of it. What is read off it is `workload/recorded.ts`'s. */
import type { Config } from '../../core/config.ts'
import { drawnFrom } from '../../simulate/workload/recorded.ts'
import type { Drawn } from '../../simulate/workload/synthetic.ts'
import { askVerb } from '../answer.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { readStorage, type StorageOptions, type Variables } from '../process/environment.ts'
import { type RecordedAnswer, recordedVerb } from '../verbs/recorded.ts'
import { pastWords } from '../words/simulated.ts'
import type { Past } from './options.ts'

export interface SimulateAround {
  readonly variables: Variables
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly terminal?: boolean
  readonly stop: AbortSignal
}

/** What is to be played, and how it is called. */
export interface Subject {
  readonly draw: (seed: number) => Drawn
  readonly words: string
  readonly workload: object
  /** What counts there at present, where no file is named; null: the defaults. */
  readonly config: Config | null
}

/** Null: told to end before there was an answer. */
export async function pastOf(
  { from, last }: Past,
  storage: StorageOptions,
  { variables, err, stop }: SimulateAround,
): Promise<Subject | null> {
  const answers: RecordedAnswer[] = []
  const request = { verb: recordedVerb.name, arguments: { ...from, last } }
  await askVerb(readStorage(variables, storage), request, {
    signal: stop,
    progress: (words) => err(`${words}\n`),
    answer: (answer) => {
      // Plain data, from our own query, here or in another process of the same release.
      answers.push(JSON.parse(JSON.stringify(answer)) as RecordedAnswer)
    },
  })
  const [answer] = answers
  return answer && !stop.aborted ? subjectOf(answer, last) : null
}

/** Throws a `Refusal` where too little is known to play anything. */
export function subjectOf(answer: RecordedAnswer, last: number): Subject {
  const { repository, target, recorded, config } = answer
  const lane = `${repository}:${target}`
  if (!recorded.came.some(({ fate }) => fate !== 'pushed'))
    throw new Refusal(EXIT.notFound, `of no pull request of ${lane} the outcome is known yet`)
  if (recorded.builds.length === 0)
    throw new Refusal(EXIT.notFound, `no build of ${lane} came to a verdict yet, so how long one takes is not known`)
  const drawn = drawnFrom(recorded)
  return { draw: () => drawn, words: pastWords(lane, recorded), workload: { lane, last, ...recorded }, config }
}
