/**
 * `mainkeeper replay`: makes every recorded decision of a lane again, from the log as it was when it was made, and reports
 * where today's rules would decide differently. It appends nothing.
 */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { definitionOf, type LoggedEvent } from '../../core/events.ts'
import { instant, REPOSITORY_LANE } from '../../core/ids.ts'
import { decide } from '../../core/queue/decide.ts'
import type { Decision } from '../../core/queue/judgement.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { type Replayed, type ReplayedDifference, renderReplayed } from '../words/replayed.ts'
import { openPastViews, type PastViews } from './reading/past-views.ts'
import { readLog } from './reading/read-log.ts'
import type { Desk, Verb } from './verb.ts'

const question = z.strictObject({ repository: z.string(), target: z.string().optional() })
type ReplayQuestion = z.infer<typeof question>

/** After how many events progress is told. */
const STRIDE = 5000

export const replayVerb: Verb<ReplayQuestion, Replayed> = {
  name: 'replay',
  question,
  async *query(desk, asked) {
    yield await replay(desk, asked)
  },
  render: renderReplayed,
  items: (answer) => [answer],
  exit: ({ differences }) => (differences.length === 0 ? EXIT.ok : EXIT.differs),
}

async function replay({ store, progress, signal }: Desk, { repository, target }: ReplayQuestion): Promise<Replayed> {
  const lanes = (await store.models.lanes(repository))
    .map((lane) => lane.target)
    .filter((lane) => lane !== REPOSITORY_LANE)
  if (lanes.length === 0 || (target !== undefined && !lanes.includes(target)))
    throw new Refusal(
      EXIT.notFound,
      `there is no lane ${target ?? ''} of ${repository}${lanes.length > 0 ? `; there are ${lanes.join(', ')}` : ''}`,
    )
  const past = openPastViews(repository)
  const counts = { events: 0, decisions: 0 }
  const differences: ReplayedDifference[] = []
  let group: LoggedEvent[] = []
  const judge = async (): Promise<void> => {
    const [first] = group
    if (first && (target === undefined || first.lane === target)) {
      counts.decisions++
      const difference = compare(past, group)
      if (difference) differences.push(difference)
    }
    for (const event of group) await past.apply(event)
    group = []
  }
  for await (const event of readLog(store.models, { repository })) {
    if (signal.aborted) break
    if (++counts.events % STRIDE === 0) progress(`replayed ${counts.events} events`)
    if (group[0] && !belongsTo(group[0], event)) await judge()
    if (isDecided(event)) group.push(event)
    else await past.apply(event)
  }
  await judge()
  return { repository, target: target ?? null, lanes, ...counts, differences }
}

/** Whether a lane wrote it as, or as part of, what it decided; effects write outcomes and what they read. */
const isDecided = (event: LoggedEvent): boolean =>
  event.source === 'lane' &&
  event.based_on !== null &&
  event.lane !== REPOSITORY_LANE &&
  definitionOf(event.type).kind !== 'outcome'

/** A decision's events were appended together, at one version of one lane. */
const belongsTo = (first: LoggedEvent, event: LoggedEvent): boolean =>
  isDecided(event) && event.lane === first.lane && event.based_on === first.based_on

/** The past holds the log up to the decision; null when it would be made in the same way. */
function compare(past: PastViews, group: readonly LoggedEvent[]): ReplayedDifference | null {
  const [first] = group
  if (!first?.lane) return null
  const { lane, position, occurred_at, based_on } = first
  const recorded = group.map(essence)
  const about = { lane, position, occurred_at, based_on: based_on ?? 0, recorded }
  const view = past.at(lane, instant(occurred_at))
  if (!view) return { ...about, now: { do: 'unjudged', why: 'there was no such lane' } }
  // Whatever raises a lane's version is in the log: another version means that the log is not what was judged.
  if (view.position !== based_on)
    return { ...about, now: { do: 'unjudged', why: `the lane’s version was ${view.position}, and not ${based_on}` } }
  const now = summary(decide(view))
  return now.do === 'record' && isDeepStrictEqual(now.events, recorded) ? null : { ...about, now }
}

const essence = ({ type, payload }: Pick<LoggedEvent, 'type' | 'payload'>) => ({
  type,
  payload: JSON.parse(JSON.stringify(payload)) as Readonly<Record<string, unknown>>,
})

function summary(decision: Decision): ReplayedDifference['now'] {
  switch (decision.do) {
    case 'record':
      return { do: 'record', events: decision.events.map(essence) }
    case 'perform':
      return { do: 'perform', effects: decision.effects.map(({ effect }) => effect) }
    case 'wait':
      return { do: 'wait', until: decision.until === undefined ? null : new Date(decision.until).toISOString() }
    default:
      return decision satisfies never
  }
}
