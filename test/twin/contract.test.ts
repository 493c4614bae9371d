import { describe, expect, test } from 'vitest'
import { appClient, clientFor, listenFor, pass, twinForTest } from './app-client.ts'

const REPO = { owner: 'acme', repo: 'shop' }
const CI = { slug: 'ci', id: 99 }

describe('what the twin says', () => {
  test('satisfies the published webhook schemas for every act of a person', async () => {
    const { twin, clock } = await twinForTest()
    const received = await listenFor(twin)
    const repository = await twin.repository('acme/shop')
    await twin.repository('acme/other', { private: true })
    for (const login of ['alice', 'bob']) repository.collaborator(login, 'write')
    repository.collaborator('bob', 'maintain')
    repository.collaborator('carol', 'write')
    repository.collaborator('carol', 'none')
    const [alice, bob] = [repository.as('alice'), repository.as('bob')]
    repository.ruleset({ name: 'Proven', include: ['~DEFAULT_BRANCH'], rules: [{ type: 'non_fast_forward' }] })
    repository.protect('release', { requiredChecks: [{ context: 'ci' }], requiredReviews: { count: 1 } })
    await alice.commit('feature', { 'a.txt': 'a\n', 'docs/b.txt': 'b\n' })
    const number = await alice.openPull({ head: 'feature', title: 'Add a', body: 'Please.', draft: true })
    await alice.readyForReview(number)
    const first = await bob.review(number, 'request_changes', { body: 'No.' })
    await bob.editReview(number, first, 'Not yet.')
    const head = await alice.commit('feature', { 'a.txt': 'aa\n', 'docs/b.txt': null })
    await bob.dismiss(number, first, 'done')
    await bob.review(number, 'approve')
    await alice.convertToDraft(number)
    await alice.edit(number, { title: 'Add one a', body: 'Pretty please.' })
    await alice.commit('develop', { 'd.txt': 'd\n' })
    await alice.edit(number, { base: 'develop' })
    await alice.edit(number, { base: 'main' })
    await alice.label(number, 'wip')
    await alice.unlabel(number, 'wip')
    await alice.assign(number, ['bob'])
    await alice.assign(number, [])
    await alice.lock(number)
    await alice.unlock(number)
    await alice.enableAutoMerge(number)
    await alice.disableAutoMerge(number)
    await alice.close(number)
    await alice.reopen(number)
    await alice.readyForReview(number)
    const comment = await bob.comment(number, '/why')
    await bob.editComment(comment, '/merge')
    const issue = await alice.openIssue({ title: 'Broken', body: 'It is.', labels: ['bug'] })
    await alice.label(issue, 'mainkeeper:resume')
    await alice.unlabel(issue, 'mainkeeper:resume')
    await alice.comment(issue, '/resume')
    await alice.assign(issue, ['alice'])
    await alice.closeIssue(issue, { reason: 'not_planned' })
    await alice.reopenIssue(issue)
    const run = repository.reportCheckRun({ sha: head, name: 'test', app: CI, status: 'in_progress' })
    repository.updateCheckRun(run, { status: 'completed', conclusion: 'success', output: { title: 't', summary: 's' } })
    repository.reportStatus({ sha: head, context: 'lint', state: 'success' })
    const fork = await repository.fork('dave')
    await fork.as('dave').commit('patch', { 'p.txt': 'p\n' })
    const foreign = await repository.as('dave').openPull({ head: 'dave:patch', title: 'Patch' })
    await fork.as('dave').commit('patch', { 'p.txt': 'q\n' })
    await bob.merge(number)
    await alice.deleteBranch('feature')
    await alice.close(foreign)
    twin.uninstall('acme/other')
    await alice.push('next', (await repository.ref('main')) ?? '')
    repository.settings({ defaultBranch: 'next' })
    repository.settings({ private: true, archived: true })
    repository.settings({ private: false, archived: false })
    repository.rename('store')
    repository.permissions({ metadata: 'read', contents: 'write' })
    twin.suspend('acme', true)
    twin.suspend('acme', false)
    await pass(twin, clock)
    expect([...new Set(twin.violations)]).toEqual([])
    const kinds = new Set(received.map(({ event, action }) => (action ? `${event}.${action}` : event)))
    expect([...kinds].sort()).toMatchInlineSnapshot(`
      [
        "branch_protection_rule.created",
        "check_run.completed",
        "check_run.created",
        "check_suite.completed",
        "create",
        "delete",
        "installation.created",
        "installation.new_permissions_accepted",
        "installation.suspend",
        "installation.unsuspend",
        "installation_repositories.added",
        "installation_repositories.removed",
        "issue_comment.created",
        "issue_comment.edited",
        "issues.assigned",
        "issues.closed",
        "issues.labeled",
        "issues.opened",
        "issues.reopened",
        "issues.unlabeled",
        "member.added",
        "member.edited",
        "member.removed",
        "pull_request.assigned",
        "pull_request.auto_merge_disabled",
        "pull_request.auto_merge_enabled",
        "pull_request.closed",
        "pull_request.converted_to_draft",
        "pull_request.edited",
        "pull_request.labeled",
        "pull_request.locked",
        "pull_request.opened",
        "pull_request.ready_for_review",
        "pull_request.reopened",
        "pull_request.synchronize",
        "pull_request.unassigned",
        "pull_request.unlabeled",
        "pull_request.unlocked",
        "pull_request_review.dismissed",
        "pull_request_review.edited",
        "pull_request_review.submitted",
        "push",
        "repository.archived",
        "repository.edited",
        "repository.privatized",
        "repository.publicized",
        "repository.renamed",
        "repository.unarchived",
        "repository_ruleset.created",
        "status",
      ]
    `)
  })

  test('satisfies the published description for every operation', async () => {
    const { twin, clock } = await twinForTest()
    await listenFor(twin)
    const repository = await twin.repository('acme/shop', { files: { 'a.txt': 'a\n', 'docs/b.txt': 'b\n' } })
    repository.collaborator('alice', 'write')
    const alice = repository.as('alice')
    const [app, bot] = [appClient(twin), await clientFor(twin, repository)]
    const { rest } = bot
    const head = await alice.commit('feature', { 'a.txt': 'aa\n' })
    const pull_number = await alice.openPull({ head: 'feature', title: 'Change a' })
    await alice.review(pull_number, 'approve').catch(() => repository.as('bob').review(pull_number, 'comment'))
    await pass(twin, clock)

    await app.rest.apps.getAuthenticated()
    const [installation] = (await app.rest.apps.listInstallations()).data
    await app.rest.apps.getInstallation({ installation_id: installation?.id ?? 0 })
    const [delivery] = (await app.rest.apps.listWebhookDeliveries()).data
    await app.rest.apps.getWebhookDelivery({ delivery_id: delivery?.id ?? 0 })
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: delivery?.id ?? 0 })
    await rest.apps.listReposAccessibleToInstallation()
    await rest.rateLimit.get()

    await rest.repos.get(REPO)
    await rest.repos.getContent({ ...REPO, path: 'a.txt', ref: 'main' })
    await rest.repos.getContent({ ...REPO, path: 'docs' })
    await rest.repos.getBranch({ ...REPO, branch: 'main' })
    await rest.repos.getCommit({ ...REPO, ref: 'feature' })
    await rest.repos.compareCommitsWithBasehead({ ...REPO, basehead: 'main...feature' })
    await rest.repos.listPullRequestsAssociatedWithCommit({ ...REPO, commit_sha: head })
    await rest.repos.getCollaboratorPermissionLevel({ ...REPO, username: 'alice' })
    await rest.issues.checkUserCanBeAssigned({ ...REPO, assignee: 'alice' })

    await rest.git.getRef({ ...REPO, ref: 'heads/main' })
    await rest.git.listMatchingRefs({ ...REPO, ref: 'heads/' })
    const { data: commit } = await rest.git.getCommit({ ...REPO, commit_sha: head })
    await rest.git.getTree({ ...REPO, tree_sha: commit.tree.sha, recursive: 'true' })
    const made = await rest.git.createCommit({ ...REPO, message: 'Made', tree: commit.tree.sha, parents: [head] })
    await rest.git.createRef({ ...REPO, ref: 'refs/heads/mainkeeper/scratch/1', sha: head })
    await rest.git.updateRef({ ...REPO, ref: 'heads/mainkeeper/scratch/1', sha: made.data.sha })
    await rest.git.deleteRef({ ...REPO, ref: 'heads/mainkeeper/scratch/1' })

    await rest.pulls.list({ ...REPO, state: 'all' })
    await rest.pulls.get({ ...REPO, pull_number })
    await pass(twin, clock)
    expect((await rest.pulls.get({ ...REPO, pull_number })).data.mergeable).toBe(true)
    await rest.pulls.listReviews({ ...REPO, pull_number })
    await rest.pulls.listFiles({ ...REPO, pull_number })
    await rest.pulls.listCommits({ ...REPO, pull_number })
    await rest.pulls.update({ ...REPO, pull_number, state: 'closed' })
    await rest.pulls.update({ ...REPO, pull_number, state: 'open' })

    const actions = [{ label: 'Resume', description: 'Take it up again', identifier: 'resume' }]
    const output = { title: 'Blocked', summary: 'It conflicts.' }
    const run = await rest.checks.create({ ...REPO, name: 'mainkeeper', head_sha: head, status: 'in_progress', output })
    const done = { status: 'completed', conclusion: 'action_required', output, actions } as const
    await rest.checks.update({ ...REPO, check_run_id: run.data.id, ...done })
    await rest.checks.get({ ...REPO, check_run_id: run.data.id })
    await alice.pressButton(run.data.id, 'resume')
    await alice.rerequestCheck(run.data.id)
    repository.reportStatus({ sha: head, context: 'lint', state: 'pending', by: 'ci' })
    const job = { sha: head, name: 'test', app: { slug: 'github-actions', id: 15368 }, run_id: 77, attempt: 1 }
    repository.reportCheckRun({ ...job, status: 'completed', conclusion: 'failure' })
    await rest.actions.reRunWorkflowFailedJobs({ ...REPO, run_id: 77 })
    await rest.checks.listForRef({ ...REPO, ref: head, filter: 'all' })
    await rest.checks.listSuitesForRef({ ...REPO, ref: 'feature' })
    await rest.repos.getCombinedStatusForRef({ ...REPO, ref: head })
    await rest.repos.listCommitStatusesForRef({ ...REPO, ref: head })

    const opened = await rest.issues.create({ ...REPO, title: 'Blocked', labels: ['a'], assignees: ['alice'] })
    const issue_number = opened.data.number
    await rest.issues.listForRepo({ ...REPO, creator: twin.app.botLogin, state: 'all', labels: 'a' })
    await rest.issues.get({ ...REPO, issue_number })
    await rest.issues.update({ ...REPO, issue_number, state: 'closed', state_reason: 'completed' })
    const said = await rest.issues.createComment({ ...REPO, issue_number, body: 'Hello' })
    const comment_id = said.data.id
    await rest.issues.updateComment({ ...REPO, comment_id, body: 'Hello again' })
    await rest.issues.listComments({ ...REPO, issue_number })
    await rest.issues.listCommentsForRepo({ ...REPO, sort: 'updated', since: '2026-01-01T00:00:00Z' })
    await rest.reactions.createForIssueComment({ ...REPO, comment_id, content: '+1' })
    await rest.reactions.createForIssue({ ...REPO, issue_number, content: '-1' })
    await rest.issues.deleteComment({ ...REPO, comment_id })
    await rest.issues.addLabels({ ...REPO, issue_number, labels: ['b'] })
    await rest.issues.removeLabel({ ...REPO, issue_number, name: 'b' })
    await rest.issues.listLabelsForRepo(REPO)
    await rest.issues.createLabel({ ...REPO, name: 'mainkeeper:blocked', color: 'd73a4a', description: 'x' })
    await rest.issues.getLabel({ ...REPO, name: 'mainkeeper:blocked' })

    repository.protect('main', {
      requiredChecks: [{ context: 'ci' }],
      requiredReviews: { count: 1, bypass: ['app'] },
      restrictPushesTo: ['app'],
    })
    await rest.repos.getBranchProtection({ ...REPO, branch: 'main' })
    const id = repository.ruleset({
      name: 'All',
      include: ['~ALL'],
      rules: [
        { type: 'required_status_checks', checks: [{ context: 'ci', appId: 99 }] },
        { type: 'pull_request', approvals: 1 },
        { type: 'update' },
      ],
      bypass: [{ actor: 'app' }],
    })
    await rest.repos.getBranchRules({ ...REPO, branch: 'main' })
    await rest.repos.getRepoRulesets(REPO)
    const { data: ruleset } = await rest.repos.getRepoRuleset({ ...REPO, ruleset_id: id })
    expect(ruleset.current_user_can_bypass).toBe('always')
    await pass(twin, clock)
    expect([...new Set(twin.violations)]).toEqual([])
  })
})
