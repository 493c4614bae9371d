/**
 * `mainkeeper cutover`: compares what a lane in mode shadow would have done with what people merged, and records that somebody
 * accepted it. What counts as agreement, and when it is enough, is judged in `core/queue/shadow/compare.ts`.
 */
import { z } from 'zod'
import type { Config } from '../../core/config.ts'
import { iso, login, REPOSITORY_LANE } from '../../core/ids.ts'
import { compareShadow } from '../../core/queue/shadow/compare.ts'
import { laneConfig } from '../../core/queue/shadow/shadow.ts'
import type { LaneView } from '../../core/queue/view.ts'
import { requiredContexts } from '../../core/readiness/checks.ts'
import { configFor } from '../../core/repository.ts'
import { acceptCutover } from '../../ingest/operator.ts'
import type { Store } from '../../store/store.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { type CutoverAnswer, type LaneCutover, renderCutover, renderNoGo } from '../words/cutover.ts'
import { readLog } from './reading/read-log.ts'
import type { Desk, Verb } from './verb.ts'

const question = z.strictObject({
  repository: z.string(),
  target: z.string().optional(),
  /** Who accepts; absent: nobody does, it is only compared. */
  accept: login.optional(),
})
type CutoverQuestion = z.infer<typeof question>

export const cutoverVerb: Verb<CutoverQuestion, CutoverAnswer> = {
  name: 'cutover',
  question,
  async *query(desk, asked) {
    const lanes = await lanesAsked(desk.store, asked)
    const compared: LaneCutover[] = []
    for (const { view, config } of lanes) compared.push(await compareLane(desk, view, config))
    if (asked.accept === undefined) yield { repository: asked.repository, lanes: compared }
    else yield await accept(desk, asked.repository, asked.accept, compared)
  },
  render: renderCutover,
  items: (answer) => [answer],
  exit: ({ lanes }) =>
    lanes.every(({ comparison }) => comparison === null || comparison.against.length === 0) ? EXIT.ok : EXIT.differs,
}

interface Asked {
  readonly view: LaneView
  readonly config: Config
}

async function lanesAsked(store: Store, { repository, target }: CutoverQuestion): Promise<Asked[]> {
  const found: Asked[] = []
  for (const lane of await store.models.lanes(repository)) {
    if (lane.target === REPOSITORY_LANE) continue
    const view = await store.views.load(repository, lane.target)
    const config = view && laneConfig(view)
    if (view && config) found.push({ view, config })
  }
  const chosen = found.filter(({ view }) => target === undefined || view.lane.target === target)
  if (chosen.length > 0) return chosen
  const names = found.map(({ view }) => view.lane.target).join(', ')
  throw new Refusal(
    EXIT.notFound,
    `there is no lane ${target === undefined ? '' : `${target} `}of ${repository}${names === '' ? ': the App is not installed there, or it has no .github/mainkeeper.yml that names a mode' : `; there are ${names}`}`,
  )
}

async function compareLane({ store, now }: Desk, view: LaneView, config: Config): Promise<LaneCutover> {
  const { lane, repository } = view
  const { shadow, target } = lane
  const written = configFor(repository, target)?.mode ?? config.mode
  const about = { target, mode: config.mode, written, accepted: shadow?.accepted ?? null }
  if (!shadow) return { ...about, shadow: null, comparison: null }
  const required = requiredContexts(repository, target, config)
  const comparing = compareShadow({
    target,
    shadow,
    required: required === 'unknown' ? [] : required,
    neutral: config.checks.neutral,
  })
  for await (const event of readLog(store.models, { repository: repository.name })) comparing.apply(event)
  return { ...about, shadow: shadow.position, comparison: comparing.conclude(now()) }
}

async function accept(
  { store, now }: Desk,
  repository: string,
  by: string,
  compared: readonly LaneCutover[],
): Promise<CutoverAnswer> {
  const open = compared.filter(({ shadow, accepted }) => shadow !== null && accepted === null)
  const [one] = open
  if (open.length > 1)
    throw new Refusal(
      EXIT.usage,
      `several lanes are in shadow: name one of ${open.map(({ target }) => `${repository}:${target}`).join(', ')}`,
    )
  if (!one || one.shadow === null || one.comparison === null) throw new Refusal(EXIT.notFound, nothingOpen(compared))
  const { target, shadow, comparison } = one
  if (comparison.against.length > 0) throw new Refusal(EXIT.differs, `not accepted. ${renderNoGo(comparison)}`)
  const accepted_at = iso(now())
  const { days, merged } = comparison
  const agreed = merged.filter(({ as }) => as === 'agreed').length
  const payload = { target, shadow, by, days, merged: merged.length, agreed, accepted_at }
  if (!(await acceptCutover(store, repository, payload)))
    throw new Refusal(EXIT.differs, `somebody accepted ${target} in the meantime: ask again to see who`)
  return { repository, lanes: [{ ...one, accepted: { by, at: accepted_at } }] }
}

function nothingOpen(compared: readonly LaneCutover[]): string {
  const told = compared.flatMap(({ target, accepted }) =>
    accepted ? [`the shadow of ${target} was accepted by ${accepted.by} at ${accepted.at}`] : [],
  )
  return told.length > 0 ? told.join('\n') : 'nothing to accept: no lane is in shadow'
}
