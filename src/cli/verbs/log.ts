/**
 * `mainkeeper log`: the log in plain lines, filtered, with what came to nothing beside what was recorded; with `follow` it
 * goes on until nobody listens any more.
 */
import { z } from 'zod'
import { eventTypes, type LoggedEvent } from '../../core/events.ts'
import type { Store } from '../../store/store.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { type LogLine, type LogPage, renderLog } from '../words/log-lines.ts'
import { readLog } from './reading/read-log.ts'
import { parseSince } from './reading/since.ts'
import { findTroubles, type Trouble } from './reading/troubles.ts'
import type { Desk, Verb } from './verb.ts'

const question = z.strictObject({
  repository: z.string().optional(),
  grep: z.string().optional(),
  pull: z.int().positive().optional(),
  follow_up: z.int().positive().optional(),
  /** `2h`, or an ISO date or time. */
  since: z.string().optional(),
  type: z.string().optional(),
  follow: z.boolean().default(false),
  failed: z.boolean().default(false),
  limit: z.int().positive().max(100_000).default(100),
})
type LogQuestion = z.infer<typeof question>

/** How often a followed log is looked at, in milliseconds. */
const POLL = 500

export const logVerb: Verb<LogQuestion, LogPage> = {
  name: 'log',
  question,
  async *query(desk, asked) {
    refuseUnknownType(asked.type)
    const filter = filterOf(asked, desk.now())
    const seen = await seenSoFar(desk.store)
    const troubles = (await findTroubles(desk.store, filter)).filter((trouble) =>
      isWanted(trouble, asked, filter.since),
    )
    for (const trouble of troubles) seen.troubles.add(idOf(trouble))
    const events = asked.failed ? [] : await latest(desk.store, asked, filter, seen)
    const lines = merge(events, troubles).slice(-asked.limit)
    yield { lines, first: true, ends: asked.follow && !desk.shared }
    if (asked.follow && desk.shared) yield* follow(desk, asked, seen)
  },
  render: renderLog,
  items: ({ lines }) => lines.map(({ event, trouble }) => event ?? trouble),
  exit: () => EXIT.ok,
}

function refuseUnknownType(type: string | undefined): void {
  if (type !== undefined && !(eventTypes as string[]).includes(type))
    throw new Refusal(EXIT.usage, `there is no event type ${type}; there are: ${eventTypes.join(', ')}`)
}

interface Filter {
  readonly repository?: string
  readonly grep?: string
  readonly pull?: number
  readonly follow_up?: number
  readonly since?: Date
}

function filterOf({ repository, grep, pull, follow_up, since }: LogQuestion, now: number): Filter {
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(grep === undefined ? {} : { grep }),
    ...(pull === undefined ? {} : { pull }),
    ...(follow_up === undefined ? {} : { follow_up }),
    ...(since === undefined ? {} : { since: parseSince(since, now) }),
  }
}

/** How far each repository was read; positions are in the order of commits within a repository alone. */
interface Seen {
  readonly positions: Map<string, number>
  readonly troubles: Set<string>
}

async function seenSoFar(store: Store): Promise<Seen> {
  const rows = await store.models.repositories()
  return { positions: new Map(rows.map(({ name, position }) => [name, position])), troubles: new Set() }
}

async function latest(store: Store, { type, limit }: LogQuestion, filter: Filter, seen: Seen): Promise<LoggedEvent[]> {
  const known = (event: LoggedEvent) => event.position <= (seen.positions.get(event.repository) ?? 0)
  if (type === undefined) return (await store.models.eventsOf({ ...filter, limit })).filter(known)
  const found: LoggedEvent[] = []
  for await (const event of readLog(store.models, filter)) {
    if (event.type !== type || !known(event)) continue
    found.push(event)
    if (found.length > limit) found.shift()
  }
  return found
}

async function* follow(desk: Desk, asked: LogQuestion, seen: Seen): AsyncGenerator<LogPage> {
  const { store, signal, sleep } = desk
  const { since: _, ...filter } = filterOf(asked, desk.now())
  while (!signal.aborted) {
    await sleep(POLL)
    const events = asked.failed ? [] : await news(store, asked, filter, seen)
    const troubles = (await findTroubles(store, filter)).filter(
      (trouble) => !seen.troubles.has(idOf(trouble)) && isWanted(trouble, asked, undefined),
    )
    for (const trouble of troubles) seen.troubles.add(idOf(trouble))
    const lines = merge(events, troubles)
    if (lines.length > 0) yield { lines, first: false, ends: false }
  }
}

async function news(store: Store, { type }: LogQuestion, filter: Filter, seen: Seen): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = []
  for (const { name, position } of await store.models.repositories()) {
    const after = seen.positions.get(name) ?? 0
    if (position <= after || (filter.repository !== undefined && filter.repository !== name)) continue
    for await (const event of readLog(store.models, { ...filter, repository: name, after })) {
      if (event.position > position) break
      if (type === undefined || event.type === type) found.push(event)
    }
    seen.positions.set(name, position)
  }
  return found.sort((a, b) => a.position - b.position)
}

/** A delivery that came to nothing has no pull request, no follow-up and no event type to be asked for by. */
function isWanted(trouble: Trouble, { pull, follow_up, type, grep }: LogQuestion, since: Date | undefined): boolean {
  if (follow_up !== undefined || (pull !== undefined && trouble.pull !== pull)) return false
  if (type !== undefined && trouble.type !== type) return false
  if (since !== undefined && Date.parse(trouble.at) < since.getTime()) return false
  return grep === undefined || JSON.stringify(trouble).toLowerCase().includes(grep.toLowerCase())
}

const idOf = ({ kind, id }: Trouble): string => `${kind} ${id}`

/** In the order of their times; of events, the log's order counts. */
function merge(events: readonly LoggedEvent[], troubles: readonly Trouble[]): LogLine[] {
  const lines: LogLine[] = []
  let next = 0
  for (const event of events) {
    for (let trouble = troubles[next]; trouble && trouble.at < event.recorded_at; trouble = troubles[++next])
      lines.push({ event: null, trouble })
    lines.push({ event, trouble: null })
  }
  return [...lines, ...troubles.slice(next).map((trouble) => ({ event: null, trouble }))]
}
