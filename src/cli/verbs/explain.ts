/**
 * `mainkeeper explain`: why a pull request is not landing, or how it landed: its requirements with their evidence, its place,
 * its builds, what blocks it, its history and its proof.
 */
import { z } from 'zod'
import type { LoggedEvent } from '../../core/events.ts'
import { laneConfig } from '../../core/queue/shadow/shadow.ts'
import { explain } from '../../core/readiness/explain.ts'
import type { PullRequest } from '../../core/readiness/pull-request.ts'
import { configFor, isLane, type Repository, unknownRepository } from '../../core/repository.ts'
import type { Store } from '../../store/store.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { type Explained, type ExplainedBuild, renderExplained } from '../words/explained.ts'
import { type Proofs, proofOf, renderProofs } from '../words/proof.ts'
import { type Found, findPull, parseSubject } from './reading/subject.ts'
import type { Verb } from './verb.ts'

const question = z.strictObject({ subject: z.string(), proof: z.boolean().optional() })

/** How many events of one pull request are told. */
const HISTORY = 1000

export const explainVerb: Verb<z.infer<typeof question>, Explained | Proofs> = {
  name: 'explain',
  question,
  async *query({ store, now }, { subject, proof = false }) {
    const found = await findPull(store, parseSubject(subject))
    yield proof ? await proofsOf(store, found) : await explainPull(store, found, now())
  },
  render: (answer) => ('proofs' in answer ? renderProofs(answer) : renderExplained(answer)),
  items: (answer) => ('proofs' in answer ? answer.proofs : [answer]),
  exit: () => EXIT.ok,
}

async function explainPull(store: Store, found: Found, now: number): Promise<Explained> {
  const { repository, pull: number } = found
  const row = await store.models.pull(repository, number)
  if (!row) throw new Refusal(EXIT.notFound, `nothing is known of ${repository}#${number}`)
  const target = row.base
  const builds = target === null ? [] : await buildsWith(store, found, target)
  const history = await historyOf(store, found, builds)
  return {
    now,
    repository,
    pull: number,
    title: row.doc.seen?.title ?? null,
    target,
    ...(await explanationOf(store, found, row.doc)),
    proof: history.findLast((event) => event.type === 'integration_completed')?.payload ?? null,
    builds,
    history,
  }
}

/** Every landing of a pull request, oldest first, each with the commit that its checks are about. */
async function proofsOf(store: Store, { repository, pull }: Found): Promise<Proofs> {
  const events = await store.models.eventsOf({ repository, pull, limit: HISTORY })
  const landings = events.filter((event) => event.type === 'integration_completed')
  if (landings.length === 0) throw new Refusal(EXIT.notFound, `${repository}#${pull} was not landed by Mainkeeper`)
  const proofs = landings.map(async (landing) => {
    const { build } = landing.payload
    const about =
      build === null || landing.lane === null
        ? []
        : await store.models.eventsOf({ repository, lane: landing.lane, grep: `"build": "${build}"`, limit: HISTORY })
    const published = about.find((event) => event.type === 'build_published' && event.payload.build === build)
    return proofOf(landing, published?.type === 'build_published' ? published.payload : null)
  })
  return { proofs: await Promise.all(proofs) }
}

async function explanationOf(
  store: Store,
  { repository, pull: number }: Found,
  doc: PullRequest,
): Promise<Pick<Explained, 'explanation' | 'silent'>> {
  const base = doc.seen?.base ?? null
  const view = base === null ? null : await store.views.load(repository, base)
  const known = view?.repository ?? (await repositoryOf(store, repository))
  const config = view && laneConfig(view)
  if (view && config && base !== null && isLane(known, base))
    return { explanation: explain(view, config, view.pulls.get(number) ?? doc), silent: null }
  return { explanation: null, silent: silentBecause(known, base) }
}

async function repositoryOf(store: Store, name: string): Promise<Repository> {
  const row = (await store.models.repositories()).find((repository) => repository.name === name)
  return row?.doc ?? unknownRepository(name)
}

function silentBecause(repository: Repository, base: string | null): string {
  if (base === null) return 'GitHub was not heard to speak of this pull request yet'
  if (repository.default_branch === null) return 'it is not known yet what the default branch is'
  const config = configFor(repository, base)
  if (!config)
    return `there is no readable .github/mainkeeper.yml on ${repository.default_branch}, so Mainkeeper is silent`
  if (config.mode === 'off') return 'the configuration says mode: off'
  return `${base} is not among the targets of the configuration`
}

async function buildsWith(store: Store, { repository, pull }: Found, target: string): Promise<ExplainedBuild[]> {
  const rows = await store.models.builds(repository, target)
  return rows
    .filter(({ members }) => members.some((member) => member.pull === pull))
    .map(({ build, stage, verdict, members, sha, doc }) => ({
      build,
      target,
      stage,
      verdict,
      members: members.map((member) => member.pull),
      base: doc.base,
      sha,
      planned_at: doc.planned_at,
    }))
}

/** Its own events, and those of the builds that it was in, which name the build alone. */
async function historyOf(
  store: Store,
  { repository, pull }: Found,
  builds: readonly ExplainedBuild[],
): Promise<LoggedEvent[]> {
  const own = await store.models.eventsOf({ repository, pull, limit: HISTORY })
  const events = new Map(own.map((event) => [event.position, event]))
  for (const { build, target } of builds)
    for (const event of await store.models.eventsOf({
      repository,
      lane: target,
      grep: `"build": "${build}"`,
      limit: HISTORY,
    }))
      if ('build' in event.payload && event.payload.build === build) events.set(event.position, event)
  return [...events.values()].sort((a, b) => a.position - b.position)
}
