/** What follow-up issues and comments become. */
import { describe, expect, it } from 'vitest'
import { translateComment } from '../../../src/ingest/translate/comment.ts'
import { translateIssue } from '../../../src/ingest/translate/issue.ts'
import { BOT, bot, context, eventsOf, followUp, NOON, payloadsOf, person, repository, typesOf } from '../payloads.ts'

const issueEvents = (payload: Record<string, unknown>) =>
  eventsOf(translateIssue({ repository, sender: person('ann'), ...payload }, context()))

const labelled = (rest: Record<string, unknown> = {}) => ({
  action: 'labeled',
  label: { name: 'mainkeeper:resume' },
  issue: followUp({ labels: [{ name: 'mainkeeper:resume' }, { name: 'mainkeeper:blocked' }] }),
  ...rest,
})

const closedTypes = (state_reason: string) =>
  typesOf(issueEvents({ action: 'closed', issue: followUp({ state: 'closed', state_reason }) }))

describe('an issue webhook', () => {
  it('tells what a follow-up looks like and who changed it', () => {
    expect(payloadsOf(issueEvents({ action: 'unlabeled', label: { name: 'x' }, issue: followUp() }))).toEqual([
      {
        issue: 57,
        pull: 12,
        target: 'main',
        state: 'open',
        state_reason: null,
        labels: ['mainkeeper:blocked'],
        locked: false,
        actor: 'ann',
        updated_at: NOON,
      },
    ])
  })

  it.each(['deleted', 'transferred'])('tells that a follow-up that was %s is gone', (action) => {
    expect(payloadsOf(issueEvents({ action, issue: followUp() }))).toMatchObject([{ issue: 57, state: 'gone' }])
  })

  it('asks to resume by label, named for the state of the issue', () => {
    const events = issueEvents(labelled())
    expect(typesOf(events)).toEqual(['follow_up_observed', 'resume_requested'])
    expect(events[1]?.payload).toEqual({
      pull: 12,
      follow_up: 57,
      by: 'ann',
      via: 'label',
      request: 'label:57:2026-01-05T12:00:00.000Z',
    })
  })

  it('asks to resume when somebody closes it as completed, not when they say it is not planned', () => {
    expect(closedTypes('completed')).toEqual(['follow_up_observed', 'resume_requested'])
    expect(closedTypes('not_planned')).toEqual(['follow_up_observed'])
  })

  it('asks for nothing when we or another bot label it, or the label is another', () => {
    expect(typesOf(issueEvents(labelled({ sender: bot })))).toEqual(['follow_up_observed'])
    expect(typesOf(issueEvents(labelled({ sender: { login: 'renovate[bot]', type: 'Bot' } })))).toEqual([
      'follow_up_observed',
    ])
    expect(typesOf(issueEvents(labelled({ label: { name: 'mainkeeper:blocked' } })))).toEqual(['follow_up_observed'])
  })

  it('is nothing where somebody else wrote the marker, or there is none', () => {
    expect(issueEvents(labelled({ issue: followUp({ user: person('mallory') }) }))).toEqual([])
    expect(issueEvents(labelled({ issue: followUp({ body: 'no marker' }) }))).toEqual([])
    expect(issueEvents(labelled({ issue: followUp({ body: null }) }))).toEqual([])
  })

  it('reads the target of a branch whose name holds what a comment can not', () => {
    const body = '<!-- mainkeeper:follow-up target=a--%3Eb pull=12 -->'
    expect(payloadsOf(issueEvents({ action: 'locked', issue: followUp({ body }) }))).toMatchObject([
      { target: 'a-->b' },
    ])
  })
})

const commentEvents = (body: string, rest: Record<string, unknown> = {}, user: unknown = person('ann')) =>
  eventsOf(
    translateComment(
      {
        action: 'created',
        issue: { ...followUp({ number: 12, user: person('ann'), body: 'x' }), pull_request: { url: 'u' }, ...rest },
        comment: { id: 5, body, user, created_at: NOON },
        repository,
      },
      context(),
    ),
  )

describe('a comment webhook', () => {
  it('is one event for each command line', () => {
    expect(payloadsOf(commentEvents('please\n/merge priority=high\n/why'))).toEqual([
      {
        pull: 12,
        follow_up: null,
        comment: 5,
        line: 2,
        by: 'ann',
        name: 'merge',
        arguments: { priority: '10' },
        error: null,
        requested_at: NOON,
      },
      expect.objectContaining({ line: 3, name: 'why', arguments: {} }),
    ])
  })

  it('is about the pull request of a follow-up when it stands on one', () => {
    const events = commentEvents('/resume', { ...followUp(), pull_request: null })
    expect(payloadsOf(events)).toMatchObject([{ pull: 12, follow_up: 57, name: 'resume' }])
  })

  it('C11 C12 is nothing on other issues, without a command, from bots, from ourselves, and from nobody', () => {
    expect(commentEvents('Thank you!')).toEqual([])
    expect(commentEvents('/merge', { pull_request: null })).toEqual([])
    expect(commentEvents('/merge', {}, bot)).toEqual([])
    expect(commentEvents('/merge', {}, { login: BOT })).toEqual([])
    expect(commentEvents('/merge', {}, { login: 'renovate[bot]', type: 'Bot' })).toEqual([])
    expect(commentEvents('/merge', {}, null)).toEqual([])
  })
})
