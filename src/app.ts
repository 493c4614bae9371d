/**
 * Probot's wiring: which webhook goes to which translator. Nothing else happens here; Probot's own server, body reading
 * and Octokit are not used.
 */
import { pino } from 'pino'
import { type ApplicationFunction, Probot } from 'probot'
import type { Intake } from './ingest/intake.ts'
import { translateCheckRun } from './ingest/translate/checks/check-run.ts'
import { translateStatus } from './ingest/translate/checks/status.ts'
import { translateComment } from './ingest/translate/comment.ts'
import { translateInstallation, translateInstallationRepositories } from './ingest/translate/installation.ts'
import { translateIssue } from './ingest/translate/issue.ts'
import { translatePullRequest } from './ingest/translate/pull-request.ts'
import { translatePush } from './ingest/translate/push.ts'
import { translateRepository } from './ingest/translate/repository.ts'
import { translateReview } from './ingest/translate/review.ts'
import { translateReviewComment } from './ingest/translate/review-comment.ts'
import { translateReviewThread } from './ingest/translate/review-thread.ts'
import { translateMember, translateProtection } from './ingest/translate/settings.ts'

/** The Probot app: every webhook that means something, and the translator that says what. */
export function mainkeeper(intake: Intake): ApplicationFunction {
  return (app) => {
    app.on(
      ['pull_request_review.submitted', 'pull_request_review.edited', 'pull_request_review.dismissed'],
      (webhook) => intake.take(translateReview, webhook),
    )
    app.on('pull_request_review_thread', (webhook) => intake.take(translateReviewThread, webhook))
    app.on('push', (webhook) => intake.take(translatePush, webhook))
    app.on('pull_request', (webhook) => intake.take(translatePullRequest, webhook))
    app.on(
      ['check_run.created', 'check_run.completed', 'check_run.requested_action', 'check_run.rerequested'],
      (webhook) => intake.take(translateCheckRun, webhook),
    )
    app.on('status', (webhook) => intake.take(translateStatus, webhook))
    app.on(
      ['issues.labeled', 'issues.unlabeled', 'issues.closed', 'issues.reopened', 'issues.locked', 'issues.unlocked'],
      (webhook) => intake.take(translateIssue, webhook),
    )
    // An edited comment, review or description commands nothing: what was asked first may have been answered already.
    app.on('issue_comment.created', (webhook) => intake.take(translateComment, webhook))
    app.on('pull_request_review_comment.created', (webhook) => intake.take(translateReviewComment, webhook))
    app.on('installation', (webhook) => intake.take(translateInstallation, webhook))
    app.on('installation_repositories', (webhook) => intake.take(translateInstallationRepositories, webhook))
    app.on('repository', (webhook) => intake.take(translateRepository, webhook))
    app.on(['branch_protection_rule', 'repository_ruleset'], (webhook) => intake.take(translateProtection, webhook))
    app.on('member', (webhook) => intake.take(translateMember, webhook))
  }
}

/** A Probot with our handlers in it. Its log is silent: it prints whole payloads with what our handlers throw, and the receiver logs that. */
export async function createProbot(
  credentials: { readonly appId: number | string; readonly privateKey: string; readonly secret: string },
  intake: Intake,
): Promise<Probot> {
  const probot = new Probot({ ...credentials, log: pino({ level: 'silent' }) })
  await probot.load(mainkeeper(intake))
  return probot
}
