/** Commands wherever people type them: in a review, on a line of the diff, in a description; and the button that is one. */
import { describe, expect, it } from 'vitest'
import { translateCheckRun } from '../../../src/ingest/translate/checks/check-run.ts'
import { translatePullRequest } from '../../../src/ingest/translate/pull-request.ts'
import { translateReview } from '../../../src/ingest/translate/review.ts'
import { translateReviewComment } from '../../../src/ingest/translate/review-comment.ts'
import type { Translation } from '../../../src/ingest/translate/translation.ts'
import { APP, approval, bot, checkRun, context, eventsOf, NOON, person, pull, repository } from '../payloads.ts'

const commandsIn = (translation: Translation) =>
  eventsOf(translation).flatMap(({ type, payload }) => (type === 'command_requested' ? [payload] : []))

const review = (body: string, action = 'submitted', user: unknown = person('rob')) =>
  translateReview({ ...approval, action, review: { ...approval.review, body, user } }, context())
const onLine = (body: string, user: unknown = person('rob')) =>
  translateReviewComment(
    { action: 'created', comment: { id: 8, body, user, created_at: NOON }, pull_request: pull(), repository },
    context(),
  )
const described = (body: string | null, action = 'opened', user: unknown = person('ann')) =>
  translatePullRequest({ action, pull_request: pull({ body, user }), repository, sender: person('max') }, context())

describe('C10 a command', () => {
  it('C10 in the text of a review is its author’s, once, and the approval counts beside it', () => {
    expect(commandsIn(review('Fine.\n\n/merge priority=high'))).toEqual([
      {
        pull: 12,
        follow_up: null,
        comment: 7,
        on: 'review',
        line: 3,
        by: 'rob',
        name: 'merge',
        arguments: { priority: '10' },
        error: null,
        requested_at: NOON,
      },
    ])
    expect(eventsOf(review('/why'))[0]?.type).toBe('review_approved')
    expect(commandsIn(review('/why', 'edited'))).toEqual([])
    expect(commandsIn(review('/why', 'submitted', bot))).toEqual([])
  })

  it('C10 on a line of the diff is its author’s', () => {
    expect(commandsIn(onLine('/why'))).toMatchObject([{ pull: 12, comment: 8, on: 'review_comment', by: 'rob' }])
    expect([onLine('/why', bot), onLine('/why', null), onLine('see `/why`')].flatMap(commandsIn)).toEqual([])
  })

  it('C10 in a description is the author’s of the pull request, at its opening alone', () => {
    expect(commandsIn(described('/merge alone'))).toMatchObject([
      { pull: 12, comment: 12, on: 'description', by: 'ann', arguments: { alone: 'true' } },
    ])
    expect(
      [described('/merge', 'edited'), described(null), described('/merge', 'opened', bot)].flatMap(commandsIn),
    ).toEqual([])
  })
})

describe('the button Why', () => {
  const press = (delivery: string, sender: unknown = person('ann')) =>
    translateCheckRun(
      {
        action: 'requested_action',
        requested_action: { identifier: 'why' },
        check_run: checkRun({ app: APP, external_id: 'main#12' }),
        sender,
        repository,
      },
      context({ delivery }),
    )

  it('is the command of whoever pressed it, and each press is one', () => {
    expect([press('d-1'), press('d-2')].flatMap(commandsIn)).toMatchObject([
      { pull: 12, comment: 900, on: 'button', press: 'd-1', by: 'ann', name: 'why' },
      { pull: 12, comment: 900, on: 'button', press: 'd-2', by: 'ann', name: 'why' },
    ])
  })

  it('is nothing when a bot presses it', () => {
    expect(commandsIn(press('d-1', bot))).toEqual([])
  })
})
