/** Webhook payloads for tests: GitHub's own examples, and short ones with only what a translator reads. */
import examples from '@octokit/webhooks-examples'
import { z } from 'zod'
import type { NewEvent } from '../../src/core/events.ts'
import type { Translation, TranslationContext } from '../../src/ingest/translate/translation.ts'

export const APP = { id: 4711, slug: 'mainkeeper' }
export const BOT = 'mainkeeper[bot]'
export const REPOSITORY = 'acme/rocket'
export const NOON = '2026-01-05T12:00:00Z'

export const context = (rest: Partial<TranslationContext> = {}): TranslationContext => ({
  delivery: 'd-1',
  receivedAt: NOON,
  lanes: ['main'],
  repositories: [],
  app: APP,
  ...rest,
})

/** The events of a translation that succeeded, whatever the repository. */
export function eventsOf(translation: Translation): NewEvent[] {
  if (!translation.ok) throw new Error(translation.diagnostics.join('; '))
  return translation.facts.flatMap(({ events }) => events)
}

export const typesOf = (events: readonly NewEvent[]): string[] => events.map(({ type }) => type)
export const payloadsOf = (events: readonly NewEvent[]): unknown[] => events.map(({ payload }) => payload)

export const sha = (seed: string): string => seed.repeat(40).slice(0, 40)

export const repository = { full_name: REPOSITORY, default_branch: 'main', private: false }
export const person = (login: string) => ({ login, type: 'User' })
export const bot = { login: BOT, type: 'Bot' }

const published = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))

/** Every example that GitHub publishes of a webhook. */
export const examplesOf = (event: string): Record<string, unknown>[] =>
  published.parse(examples).flatMap((found) => (found.name === event ? found.examples : []))

export const pull = (rest: Record<string, unknown> = {}) => ({
  number: 12,
  title: 'Change 12',
  user: person('ann'),
  state: 'open',
  draft: false,
  merged: false,
  labels: [],
  head: { ref: 'topic', sha: sha('b1'), repo: { full_name: REPOSITORY } },
  base: { ref: 'main', sha: sha('c0'), repo: { full_name: REPOSITORY } },
  updated_at: NOON,
  ...rest,
})

export const followUp = (rest: Record<string, unknown> = {}) => ({
  number: 57,
  body: '<!-- mainkeeper:follow-up target=main pull=12 -->\n\n#12 can not land',
  user: bot,
  state: 'open',
  state_reason: null,
  labels: [{ name: 'mainkeeper:blocked' }],
  locked: false,
  updated_at: NOON,
  ...rest,
})

export const push = (rest: Record<string, unknown> = {}) => ({
  ref: 'refs/heads/main',
  before: sha('c0'),
  after: sha('c1'),
  forced: false,
  commits: [{ added: ['src/a.ts'], modified: [], removed: [] }],
  repository: { ...repository, pushed_at: Date.parse(NOON) / 1000 },
  sender: person('ann'),
  ...rest,
})

export const checkRun = (rest: Record<string, unknown> = {}) => ({
  id: 900,
  name: 'test',
  head_sha: sha('b1'),
  external_id: '',
  status: 'completed',
  conclusion: 'success',
  details_url: 'https://ci.example/900',
  started_at: '2026-01-05T11:59:00Z',
  completed_at: NOON,
  app: { id: 15368, slug: 'github-actions' },
  check_suite: { head_branch: 'topic' },
  pull_requests: [],
  ...rest,
})

/** The webhook of an approval. */
export const approval = {
  action: 'submitted',
  review: { id: 7, user: person('rob'), state: 'approved', commit_id: sha('b1'), submitted_at: '2026-01-05T12:00:00Z' },
  pull_request: pull(),
  repository,
  installation: { id: 9 },
}
