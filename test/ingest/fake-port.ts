/** GitHub's side of a sweep, in memory: what a test puts there is what is read, and every request is counted. */
import type { NewEvent } from '../../src/core/events.ts'
import type { Answer, Comment, Failure, Issue, IssueEvent } from '../../src/github/port.ts'
import type { SweepPort } from '../../src/ingest/sweep/look.ts'
import { seen } from '../support/facts.ts'
import { BOT, REPOSITORY, sha } from './payloads.ts'

export interface FakeGitHub {
  readonly port: SweepPort
  /** Every request, by name, in order. */
  readonly asked: string[]
  /** Branches and the commits they stand at. */
  readonly tips: Record<string, string>
  /** The configuration file of a branch or commit; one without it is not here. */
  readonly configs: Record<string, string>
  /** Pull requests, by number. */
  readonly pulls: Map<number, NewEvent<'pull_request_observed'>>
  readonly issues: Issue[]
  readonly histories: Record<number, IssueEvent[]>
  readonly comments: Comment[]
  /** Requests that fail, by name. */
  readonly failing: Record<string, Failure>
}

const NOON = '2026-01-05T12:00:00Z'

export function fakeGitHub(): FakeGitHub {
  const asked: string[] = []
  const failing: Record<string, Failure> = {}
  const tips: Record<string, string> = { main: sha('c1') }
  const configs: Record<string, string> = { main: 'mode: live' }
  const pulls = new Map<number, NewEvent<'pull_request_observed'>>()
  const issues: Issue[] = []
  const histories: Record<number, IssueEvent[]> = {}
  const comments: Comment[] = []

  const answer = async <T>(name: string, value: () => T): Promise<Answer<T>> => {
    asked.push(name)
    const failure = failing[name]
    return failure ? { ok: false, ...failure } : { ok: true, value: value() }
  }
  const port: SweepPort = {
    observeChecks: () => answer('observeChecks', () => []),
    observePulls: (numbers) =>
      answer('observePulls', () => ({
        facts: numbers.flatMap((number) => pulls.get(number) ?? []),
        tip: null,
        missing: numbers.filter((number) => !pulls.has(number)),
        incomplete: [],
      })),
    observeOpenPulls: () =>
      answer('observeOpenPulls', () => {
        const open = [...pulls.values()].filter(({ payload }) => payload.state === 'open')
        return { facts: open, tip: null, missing: [], incomplete: [], open: open.map(({ payload }) => payload.pull) }
      }),
    survey: (branches, _path, _label, owners) =>
      answer(owners ? 'survey with owners' : 'survey', () => ({
        branches: branches.map((branch) => {
          const text = configs[branch]
          const file = text === undefined ? null : { blob: sha('f0'), text }
          return { branch, tip: tips[branch] ?? null, file, owners: owners ? [] : null }
        }),
        open: [...pulls.values()].filter(({ payload }) => payload.state === 'open').length,
        issues: [...issues],
      })),
    readProtection: (branch) =>
      answer('readProtection', () => ({ branch, required: [], rules: [], bypass: 'unknown' as const })),
    readRepository: () =>
      answer('readRepository', () => ({
        default_branch: 'main',
        private: false,
        has_issues: true,
        node_id: 'R_1',
        full_name: REPOSITORY,
      })),
    listCommentsSince: (since) =>
      answer('listCommentsSince', () => comments.filter(({ updated_at }) => updated_at >= since.replace('.000Z', 'Z'))),
    readFile: (_, ref) =>
      answer('readFile', () => {
        const text = configs[ref]
        return text === undefined ? null : { blob: sha('f0'), commit: ref, text }
      }),
    readIssueEvents: (issue) => answer('readIssueEvents', () => histories[issue] ?? []),
  }
  return { port, asked, tips, configs, pulls, issues, histories, comments, failing }
}

/** A pull request as a read tells it. */
export const pullOn = (number: number, rest: Parameters<typeof seen>[1] = {}) => seen(number, rest, 'read')

export const issue = (rest: Partial<Issue> = {}): Issue => ({
  number: 57,
  body: '<!-- mainkeeper:follow-up target=main pull=12 -->',
  state: 'open',
  state_reason: null,
  labels: ['mainkeeper:blocked'],
  locked: false,
  author: BOT,
  is_pull: false,
  updated_at: NOON,
  ...rest,
})

export const comment = (id: number, body: string, rest: Partial<Comment> = {}): Comment => ({
  id,
  issue: 12,
  body,
  author: 'ann',
  author_is_bot: false,
  created_at: NOON,
  updated_at: NOON,
  ...rest,
})
