/** All translators, over GitHub’s own examples and over nonsense. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definitionOf } from '../../../src/core/events.ts'
import { translateCheckRun } from '../../../src/ingest/translate/checks/check-run.ts'
import { translateStatus } from '../../../src/ingest/translate/checks/status.ts'
import { translateComment } from '../../../src/ingest/translate/comment.ts'
import { translateInstallation, translateInstallationRepositories } from '../../../src/ingest/translate/installation.ts'
import { translateIssue } from '../../../src/ingest/translate/issue.ts'
import { translatePullRequest } from '../../../src/ingest/translate/pull-request.ts'
import { translatePush } from '../../../src/ingest/translate/push.ts'
import { translateRepository } from '../../../src/ingest/translate/repository.ts'
import { translateReview } from '../../../src/ingest/translate/review.ts'
import { translateReviewComment } from '../../../src/ingest/translate/review-comment.ts'
import { translateMember, translateProtection } from '../../../src/ingest/translate/settings.ts'
import type { Translation, Translator } from '../../../src/ingest/translate/translation.ts'
import {
  checkRun,
  context,
  eventsOf,
  examplesOf,
  followUp,
  NOON,
  person,
  pull,
  push,
  repository,
  sha,
} from '../payloads.ts'

const TRANSLATORS: readonly (readonly [string, Translator])[] = [
  ['pull_request', translatePullRequest],
  ['pull_request_review', translateReview],
  ['pull_request_review_comment', translateReviewComment],
  ['push', translatePush],
  ['check_run', translateCheckRun],
  ['status', translateStatus],
  ['issue_comment', translateComment],
  ['installation', translateInstallation],
  ['installation_repositories', translateInstallationRepositories],
  ['repository', translateRepository],
  ['branch_protection_rule', translateProtection],
  ['member', translateMember],
  ['issues', translateIssue],
]

/** What the catalogue refuses of a translation, or that one failed and does not say why. */
function refusals(translation: Translation): unknown[] {
  if (!translation.ok) return translation.diagnostics.length > 0 ? [] : ['no diagnostics']
  return eventsOf(translation).flatMap((event) => definitionOf(event.type).payload.safeParse(event.payload).error ?? [])
}

describe('every translator', () => {
  it.each(TRANSLATORS)(
    'of %s takes all of GitHub’s examples and makes events that the catalogue accepts',
    (name, translate) => {
      // Two examples are of issues that were pinned, which hold no issue; Mainkeeper does not listen for those.
      for (const example of examplesOf(name).filter(({ action }) => !String(action).endsWith('pinned'))) {
        const translation = translate(example, context({ repositories: ['acme/a'] }))
        expect(translation.ok).toBe(true)
        expect(refusals(translation)).toEqual([])
      }
    },
  )

  it.each(TRANSLATORS)('of %s never throws and never gives an event that the catalogue refuses', (_, translate) => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), likePayload()), (payload) => {
        expect(refusals(translate(payload, context({ repositories: ['acme/a'] })))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('says which field is wrong', () => {
    const translation = translatePush(push({ after: 'c1', sender: 3 }), context())
    expect(translation).toEqual({
      ok: false,
      diagnostics: [
        'after: a full commit id: 40 lower-case hex digits',
        'sender: Invalid input: expected object, received number',
      ],
    })
  })
})

/** Payloads that nearly fit: right shapes with odd leaves. */
function likePayload(): fc.Arbitrary<unknown> {
  const odd = fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.constant(undefined))
  const or = (value: unknown) => fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd })
  return fc
    .record({
      push: or(push()),
      action: fc.oneof(or('labeled'), or('closed'), or('requested_action'), or('opened')),
      repository: or(repository),
      sender: or(person('ann')),
      issue: or(followUp()),
      label: or({ name: 'mainkeeper:resume' }),
      comment: fc.record({ id: or(5), body: fc.string(), user: or(person('ann')), created_at: or(NOON) }),
      check_run: or(checkRun()),
      requested_action: or({ identifier: 'resume' }),
      pull_request: or(pull()),
      review: or({ id: 7, user: person('rob'), state: 'approved', commit_id: sha('b1'), submitted_at: NOON }),
      installation: or({ id: 9 }),
      repositories: or([{ full_name: 'acme/a' }]),
      member: or(person('rob')),
      id: or(3),
      sha: or(sha('b1')),
      context: fc.string(),
      state: fc.oneof(or('success'), or('pending')),
      updated_at: or(NOON),
    })
    .map(({ push: pushed, ...rest }) => ({ ...(typeof pushed === 'object' ? pushed : {}), ...rest }))
}
