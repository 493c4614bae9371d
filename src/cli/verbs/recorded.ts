/**
 * What a lane's own past gives a simulation to play again: the question that `mainkeeper simulate --from` asks of the process
 * that has the log. It simulates nothing.
 */
import { z } from 'zod'
import type { Config } from '../../core/config.ts'
import { REPOSITORY_LANE } from '../../core/ids.ts'
import { configFor } from '../../core/repository.ts'
import { type Recorded, recorderOf } from '../../simulate/workload/recorded.ts'
import type { Store } from '../../store/store.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { plural } from '../words/table.ts'
import { readLog } from './reading/read-log.ts'
import type { Desk, Verb } from './verb.ts'

const question = z.strictObject({
  repository: z.string(),
  target: z.string().optional(),
  last: z.int().positive(),
})
type RecordedQuestion = z.infer<typeof question>

export interface RecordedAnswer {
  readonly repository: string
  readonly target: string
  readonly recorded: Recorded
  /** What counts for the lane at present. */
  readonly config: Config | null
}

/** After how many events progress is told. */
const STRIDE = 5000

export const recordedVerb: Verb<RecordedQuestion, RecordedAnswer> = {
  name: 'recorded',
  question,
  async *query(desk, asked) {
    yield await read(desk, asked)
  },
  render: ({ repository, target, recorded }) =>
    `${repository}:${target}: ${plural(recorded.came.length, 'change')} of which the outcome is known`,
  items: (answer) => [answer],
  exit: () => EXIT.ok,
}

async function read({ store, progress, signal }: Desk, asked: RecordedQuestion): Promise<RecordedAnswer> {
  const { repository } = asked
  const target = await targetOf(store, asked)
  const recorder = recorderOf(target)
  let events = 0
  for await (const event of readLog(store.models, { repository })) {
    if (signal.aborted) break
    if (++events % STRIDE === 0) progress(`read ${events} events`)
    recorder.apply(event)
  }
  const view = await store.views.load(repository, target)
  const config = view && configFor(view.repository, target)
  return { repository, target, recorded: recorder.read(asked.last), config }
}

async function targetOf(store: Store, { repository, target }: RecordedQuestion): Promise<string> {
  const lanes = (await store.models.lanes(repository))
    .map((lane) => lane.target)
    .filter((lane) => lane !== REPOSITORY_LANE)
  const [only] = lanes
  if (target !== undefined && lanes.includes(target)) return target
  if (target === undefined && only !== undefined && lanes.length === 1) return only
  const known = lanes.length > 0 ? `; there are ${lanes.map((lane) => `${repository}:${lane}`).join(', ')}` : ''
  if (target === undefined && lanes.length > 1)
    throw new Refusal(EXIT.usage, `${repository} has several lanes: name one${known}`)
  throw new Refusal(EXIT.notFound, `there is no lane ${target ?? ''} of ${repository}${known}`)
}
