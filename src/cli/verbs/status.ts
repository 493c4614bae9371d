/**
 * `mainkeeper status`: where every lane stands: its mode and tip, what holds it, its queue in order, the builds under way and
 * what is blocked. Where there is nothing, it says why.
 */
import { z } from 'zod'
import type { Config } from '../../core/config.ts'
import { REPOSITORY_LANE } from '../../core/ids.ts'
import { learnedOf } from '../../core/queue/estimates/shown.ts'
import { withStandingHold } from '../../core/queue/hold/standing-hold.ts'
import { resumeOf } from '../../core/queue/lane.ts'
import { inOrder } from '../../core/queue/order.ts'
import { laneConfig } from '../../core/queue/shadow/shadow.ts'
import type { LaneView } from '../../core/queue/view.ts'
import { explain } from '../../core/readiness/explain.ts'
import { blockedBecause } from '../../core/render/words/headline.ts'
import { isLane, type Repository } from '../../core/repository.ts'
import type { Store } from '../../store/store.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import {
  type BrokenConfig,
  type LaneStatus,
  type RepositoryStatus,
  renderStatus,
  type StatusAnswer,
} from '../words/lane-status.ts'
import { findTroubles } from './reading/troubles.ts'
import type { Verb } from './verb.ts'

const question = z.strictObject({ repository: z.string().optional() })

export const statusVerb: Verb<z.infer<typeof question>, StatusAnswer> = {
  name: 'status',
  question,
  async *query({ store, now }, { repository: wanted }) {
    const known = (await store.models.repositories()).map(({ doc }) => doc)
    const chosen = wanted === undefined ? known : known.filter(({ name }) => name === wanted)
    if (wanted !== undefined && chosen.length === 0) throw unheardOf(wanted, known)
    const repositories: RepositoryStatus[] = []
    for (const repository of chosen) repositories.push(await repositoryStatus(store, repository))
    const troubles = await findTroubles(store, wanted === undefined ? {} : { repository: wanted })
    yield { now: now(), repositories, troubles: troubles.length }
  },
  render: renderStatus,
  items: (answer) => [answer],
  exit: () => EXIT.ok,
}

function unheardOf(wanted: string, known: readonly Repository[]): Refusal {
  const names = known.map(({ name }) => name).join(', ')
  return new Refusal(
    EXIT.notFound,
    `nothing is known of ${wanted}: ${names === '' ? 'no repository is known yet' : `known are ${names}`}`,
  )
}

async function repositoryStatus(store: Store, repository: Repository): Promise<RepositoryStatus> {
  const lanes: LaneStatus[] = []
  for (const { target } of await store.models.lanes(repository.name)) {
    if (target === REPOSITORY_LANE) continue
    const view = await store.views.load(repository.name, target)
    const config = view && laneConfig(view)
    if (view && config) lanes.push(laneStatus(view, config))
  }
  const { name, installed, suspended, default_branch } = repository
  const configured = default_branch !== null && (repository.configs[default_branch]?.good ?? null) !== null
  return { name, installed, suspended, default_branch, configured, broken: brokenConfigs(repository), lanes }
}

const brokenConfigs = ({ configs }: Repository): BrokenConfig[] =>
  Object.entries(configs).flatMap(([branch, { good, latest }]) =>
    latest.errors.map((error) => ({ branch, good: good !== null, ...error })),
  )

function laneStatus(view: LaneView, config: Config): LaneStatus {
  const { repository, pulls } = view
  const lane = withStandingHold(view.lane, config, view.now)
  const headline = (pull: number): string => {
    const doc = pulls.get(pull)
    return doc ? explain(view, config, doc).headline : ''
  }
  const title = (pull: number): string | null => pulls.get(pull)?.seen?.title ?? null
  return {
    target: lane.target,
    mode: isLane(repository, lane.target) ? config.mode : 'off',
    tip: lane.tip,
    hold: lane.hold && { by: lane.hold.by, reason: lane.hold.reason, words: lane.hold.words, since: lane.hold.since },
    landing: lane.landing && {
      build: lane.landing.build,
      from: lane.landing.from,
      to: lane.landing.to,
      planned_at: lane.landing.planned_at,
    },
    queue: inOrder(lane).map(({ pull, sha, status, priority, ready_at }) => ({
      pull,
      title: title(pull),
      sha,
      status,
      priority,
      ready_at,
      headline: headline(pull),
    })),
    builds: Object.values(lane.builds)
      .filter(({ spent }) => !spent)
      .map(({ build, purpose, members, base, published, verdict, planned_at }) => ({
        build,
        purpose,
        members: members.map(({ pull }) => pull),
        base,
        sha: published?.sha ?? null,
        verdict,
        planned_at,
      })),
    blocked: Object.values(lane.blocks).map((block) => ({
      pull: block.pull,
      title: title(block.pull),
      sha: block.sha,
      reason: block.reason,
      words: blockedBecause({
        reason: block.reason,
        evidence: block.conflict_evidence,
        diagnostics: block.diagnostics,
      }),
      blocked_at: block.blocked_at,
      follow_up: lane.follow_ups[block.pull]?.issue ?? null,
      follow_up_error: lane.follow_ups[block.pull]?.error ?? null,
      resume: resumeOf(lane, block.pull),
    })),
    learned: learnedOf(lane.estimates),
    failures: Object.entries(lane.failures).map(([effect, { failure, message, attempt, retry_at }]) => ({
      effect,
      failure,
      message,
      attempt,
      retry_at: new Date(retry_at).toISOString(),
    })),
  }
}
