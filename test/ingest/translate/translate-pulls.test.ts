/** What pull requests, reviews and pushes become. */
import { describe, expect, it } from 'vitest'
import { ZERO_SHA } from '../../../src/core/ids.ts'
import { translatePullRequest } from '../../../src/ingest/translate/pull-request.ts'
import { translatePush } from '../../../src/ingest/translate/push.ts'
import { translateReview } from '../../../src/ingest/translate/review.ts'
import { translateReviewThread } from '../../../src/ingest/translate/review-thread.ts'
import {
  context,
  eventsOf,
  NOON,
  payloadsOf,
  person,
  pull,
  push,
  REPOSITORY,
  repository,
  sha,
  typesOf,
} from '../payloads.ts'

const pullEvents = (payload: Record<string, unknown>) =>
  eventsOf(translatePullRequest({ repository, ...payload }, context()))

describe('a pull_request webhook', () => {
  it('tells what the pull request looks like, labels sorted', () => {
    const labels = [{ name: 'wip' }, { name: 'Bug' }, { name: 'area' }]
    const [event] = pullEvents({ action: 'labeled', pull_request: pull({ labels }) })
    expect(event).toEqual({
      type: 'pull_request_observed',
      occurred_at: NOON,
      source: 'delivery:d-1',
      payload: {
        pull: 12,
        title: 'Change 12',
        author: 'ann',
        state: 'open',
        draft: false,
        base: 'main',
        branch: 'topic',
        remote: REPOSITORY,
        sha: sha('b1'),
        labels: ['Bug', 'area', 'wip'],
        auto_merge: null,
        depends_on: [],
        updated_at: NOON,
      },
    })
  })

  it('tells who switched auto-merge on, and what the description says it depends on', () => {
    const told = pull({ auto_merge: { enabled_by: { login: 'max' } }, body: 'Text\n\nDepends on #13 and #7' })
    expect(pullEvents({ action: 'edited', pull_request: told })[0]?.payload).toMatchObject({
      auto_merge: 'max',
      depends_on: [7, 13],
    })
    const nobody = pull({ auto_merge: { enabled_by: null }, body: null })
    expect(pullEvents({ action: 'edited', pull_request: nobody })[0]?.payload).toMatchObject({
      auto_merge: 'ghost',
      depends_on: [],
    })
  })

  it('tells that a conversation was resolved, and not how many are open', () => {
    const payload = {
      action: 'resolved',
      repository,
      pull_request: { number: 12 },
      thread: { node_id: 'T', comments: [] },
    }
    expect(eventsOf(translateReviewThread(payload, context()))).toMatchObject([
      { type: 'conversation_touched', payload: { pull: 12, delivery: 'd-1' } },
    ])
  })

  it('tells merged from closed', () => {
    const closed = pullEvents({ action: 'closed', pull_request: pull({ state: 'closed' }) })
    const merged = pullEvents({ action: 'closed', pull_request: pull({ state: 'closed', merged: true }) })
    expect(payloadsOf([...closed, ...merged])).toMatchObject([{ state: 'closed' }, { state: 'merged' }])
  })

  it('tells as what and when it was merged, and takes no test merge for that', () => {
    const commit = { merge_commit_sha: sha('c1') }
    const open = pullEvents({ action: 'edited', pull_request: pull(commit) })
    const over = pull({ ...commit, state: 'closed', merged: true, merged_at: NOON })
    expect(payloadsOf(open)[0]).not.toHaveProperty('merged_as')
    expect(payloadsOf(pullEvents({ action: 'closed', pull_request: over }))[0]).toMatchObject({
      merged_as: sha('c1'),
      merged_at: NOON,
    })
  })

  it('names nobody where the author and the fork are gone', () => {
    const gone = pull({ user: null, head: { ref: 'topic', sha: sha('b1'), repo: null } })
    expect(payloadsOf(pullEvents({ action: 'opened', pull_request: gone }))).toMatchObject([
      { author: 'ghost', remote: null },
    ])
  })

  const fork = { head: { ref: 'topic', sha: sha('b1'), repo: { full_name: 'ann/rocket' } } }
  it.each([
    ['opened', {}, true],
    ['synchronize', {}, false],
    ['reopened', {}, false],
    ['opened', fork, true],
    ['synchronize', fork, true],
    ['reopened', fork, true],
    ['labeled', fork, false],
    ['closed', { ...fork, state: 'closed' }, false],
  ])('of action %s with %j tells where the head branch stands: %s', (action, head, tells) => {
    const events = pullEvents({ action, pull_request: pull(head), sender: person('ann'), before: sha('b0') })
    expect(typesOf(events).includes('branch_pushed')).toBe(tells)
  })

  it('names the fork as the remote, and the head before where GitHub says it', () => {
    const events = pullEvents({
      action: 'synchronize',
      pull_request: pull(fork),
      sender: person('ann'),
      before: sha('b0'),
    })
    expect(events[1]?.payload).toEqual({
      branch: 'topic',
      sha: sha('b1'),
      before: sha('b0'),
      remote: 'ann/rocket',
      forced: false,
      pusher: 'ann',
      pushed_at: NOON,
    })
  })
})

const reviewed = (rest: Record<string, unknown> = {}) => ({
  id: 7,
  user: person('rob'),
  state: 'approved',
  commit_id: sha('b1'),
  submitted_at: NOON,
  ...rest,
})

const reviewEvents = (action: string, rest?: Record<string, unknown>) =>
  eventsOf(translateReview({ action, review: reviewed(rest), pull_request: pull(), repository }, context()))

describe('a review webhook', () => {
  it('C02 binds an approval to the commit that was reviewed', () => {
    expect(payloadsOf(reviewEvents('submitted'))).toEqual([
      { pull: 12, sha: sha('b1'), reviewer: 'rob', review_id: 7, approved_at: NOON },
    ])
  })

  it('is a retraction when changes are requested or the review is dismissed', () => {
    const events = [
      ...reviewEvents('submitted', { state: 'changes_requested' }),
      ...reviewEvents('dismissed', { state: 'dismissed' }),
    ]
    expect(payloadsOf(events)).toEqual([
      { pull: 12, reviewer: 'rob', review_id: 7, reason: 'changes_requested' },
      { pull: 12, reviewer: 'rob', review_id: 7, reason: 'dismissed' },
    ])
  })

  it('is the same occurrence when the review is edited', () => {
    expect(reviewEvents('edited')).toEqual(reviewEvents('submitted'))
  })

  it('is nothing for a comment, nor for an approval whose commit is gone', () => {
    expect([
      ...reviewEvents('submitted', { state: 'commented' }),
      ...reviewEvents('submitted', { commit_id: null }),
    ]).toEqual([])
  })
})

const pushEvents = (rest: Record<string, unknown> = {}, lanes: readonly string[] = []) =>
  eventsOf(translatePush(push(rest), context({ lanes })))

describe('a push webhook', () => {
  it('tells where a branch stands', () => {
    const events = pushEvents({ ref: 'refs/heads/topic', forced: true })
    expect(events).toEqual([
      {
        type: 'branch_pushed',
        occurred_at: '2026-01-05T12:00:00.000Z',
        source: 'delivery:d-1',
        payload: {
          branch: 'topic',
          sha: sha('c1'),
          before: sha('c0'),
          remote: REPOSITORY,
          forced: true,
          pusher: 'ann',
          pushed_at: '2026-01-05T12:00:00.000Z',
        },
      },
    ])
  })

  it('tells that a target moved, for the default branch and for every lane', () => {
    expect(typesOf(pushEvents())).toEqual(['branch_pushed', 'target_moved'])
    expect(typesOf(pushEvents({ ref: 'refs/heads/release/1' }, ['release/1']))).toEqual([
      'branch_pushed',
      'target_moved',
    ])
    expect(typesOf(pushEvents({ ref: 'refs/heads/release/1' }))).toEqual(['branch_pushed'])
  })

  it.each([
    ['adds the file', { commits: [{ added: ['.github/mainkeeper.yml'], modified: [], removed: [] }] }],
    ['changes who owns code', { commits: [{ added: [], modified: ['docs/CODEOWNERS'], removed: [] }] }],
    ['removes the file', { commits: [{ added: [], modified: [], removed: ['.github/mainkeeper.yml'] }] }],
    ['is forced', { forced: true }],
    ['lists no commit', { commits: [] }],
    ['lists as many commits as GitHub ever does', { commits: Array.from({ length: 2048 }, () => ({})) }],
  ])('has the configuration read again when it %s', (_, rest) => {
    expect(pushEvents(rest).at(-1)?.payload).toEqual({ what: 'config', branch: 'main', user: 'ann', delivery: 'd-1' })
  })

  it.each([
    ['of a tag', { ref: 'refs/tags/main' }],
    ['that deletes', { after: ZERO_SHA }],
    ['to a ref of our own', { ref: 'refs/heads/mainkeeper/queue/main/b1' }],
  ])('%s is nothing', (_, rest) => {
    expect(pushEvents(rest, ['main'])).toEqual([])
  })
})
