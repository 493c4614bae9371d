/** What check runs, their buttons and commit statuses become. */
import { describe, expect, it } from 'vitest'
import { translateCheckRun } from '../../../src/ingest/translate/checks/check-run.ts'
import { translateStatus } from '../../../src/ingest/translate/checks/status.ts'
import {
  APP,
  bot,
  checkRun,
  context,
  eventsOf,
  NOON,
  payloadsOf,
  person,
  repository,
  sha,
  typesOf,
} from '../payloads.ts'

const runEvents = (rest: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  eventsOf(translateCheckRun({ action: 'completed', check_run: checkRun(rest), repository, ...more }, context()))

const statusPayload = (state: string) =>
  eventsOf(
    translateStatus(
      { id: 31, sha: sha('b1'), context: 'ci', state, target_url: null, updated_at: NOON, repository },
      context(),
    ),
  )[0]?.payload

const own = { app: APP, external_id: 'release/2#12' }

const press = (identifier: string, by: unknown = person('ann')) =>
  runEvents(own, { action: 'requested_action', requested_action: { identifier }, sender: by })

describe('a check webhook', () => {
  it('tells the state of a check run', () => {
    expect(payloadsOf(runEvents())).toEqual([
      {
        sha: sha('b1'),
        branch: 'topic',
        context: 'test',
        app: 'github-actions',
        app_id: 15368,
        status: 'completed',
        conclusion: 'success',
        run: 900,
        url: 'https://ci.example/900',
        started_at: '2026-01-05T11:59:00Z',
        completed_at: NOON,
      },
    ])
  })

  it('calls everything queued that has not begun', () => {
    const states = ['queued', 'waiting', 'requested', 'pending', 'in_progress'].map((status) => ({
      status,
      conclusion: null,
    }))
    expect(states.flatMap((state) => payloadsOf(runEvents(state)))).toMatchObject([
      { status: 'queued' },
      { status: 'queued' },
      { status: 'queued' },
      { status: 'queued' },
      { status: 'in_progress', conclusion: null, completed_at: null },
    ])
  })

  it('tells a commit status in the same words, without app and branch', () => {
    expect(statusPayload('error')).toEqual({
      sha: sha('b1'),
      branch: null,
      context: 'ci',
      app: null,
      app_id: null,
      status: 'completed',
      conclusion: 'failure',
      run: 31,
      url: null,
      started_at: null,
      completed_at: NOON,
    })
    expect(statusPayload('pending')).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null })
    expect(statusPayload('success')).toMatchObject({ status: 'completed', conclusion: 'success' })
  })

  it('of our own run reports nothing', () => {
    expect(runEvents(own)).toEqual([])
    expect(runEvents(own, { action: 'rerequested' })).toEqual([])
  })

  it('asks to resume when somebody presses Resume or Retry', () => {
    expect(payloadsOf([...press('resume'), ...press('retry')])).toEqual([
      { pull: 12, follow_up: null, by: 'ann', via: 'button', request: 'delivery:d-1' },
      { pull: 12, follow_up: null, by: 'ann', via: 'button', retry: true, request: 'delivery:d-1' },
    ])
  })

  it('asks for nothing when a bot presses, the button is none of ours, or the run is another App’s', () => {
    expect([...press('other'), ...press('resume', bot)]).toEqual([])
    const other = runEvents(
      {},
      { action: 'requested_action', requested_action: { identifier: 'resume' }, sender: person('ann') },
    )
    expect(typesOf(other)).toEqual(['check_reported'])
  })
})
