/** Stories of blocked work that is taken up again: by whom, by which way, when it is not ready yet, and when it is of no use. */
import { beforeEach, expect, test } from 'vitest'
import type { CiRun } from '../../src/twin/ci/run.ts'
import { testDatabases } from '../support/database.ts'
import { asStory, type Story } from '../support/story.ts'

/** CI that passes every head, and fails every build as long as it is broken. */
const brittle: CiRun = async (_, job) => ({
  conclusion: broken && job.ref.startsWith('refs/heads/mainkeeper/') ? 'failure' : 'success',
  log: '',
})
let broken = true
beforeEach(() => {
  broken = true
})

const ci = { run: brittle }

/** A pull request that a failed build blocks, and its issue. */
async function blocked(story: Story, branch: string): Promise<{ pull: number; issue: number }> {
  const pull = await story.approved(branch, { [`src/${branch}.ts`]: `${branch}\n` })
  await story.until(() => story.followUp(pull) !== undefined && story.title(pull).includes('see #'))
  return { pull, issue: story.followUp(pull)?.number ?? 0 }
}

/** What the bot said on an issue or pull request, without its marker and the sticky comment. */
const said = ({ repo, twin }: Story, number: number): string[] =>
  repo
    .comments(number)
    .filter(({ author, body }) => author === twin.app.botLogin && !body.startsWith('<!-- mainkeeper:pull -->'))
    .map(({ body }) => body.split('\n').slice(1).join('\n'))

test.each(testDatabases())(
  'a label on the issue takes the work up again, and the answer takes the label off (%s)',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    broken = false
    await repo.as('bob').label(issue, 'mainkeeper:resume')
    await story.merged(pull)
    await story.until(() => repo.issue(issue).state === 'closed')
    expect(repo.issue(issue).labels).toEqual(['mainkeeper:blocked'])
    expect(await story.events('resume_answered')).toHaveLength(1)
  }),
)

test(
  'a label whose webhook is lost is found by the sweep',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    broken = false
    await repo.as('bob').label(issue, 'mainkeeper:resume', { silently: true })
    await story.merged(pull)
    await story.until(() => !repo.issue(issue).labels.includes('mainkeeper:resume'))
  }),
)

test(
  '`/resume` is heard on the issue as on the pull request',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const one = await blocked(story, 'one')
    const two = await blocked(story, 'two')
    broken = false
    await repo.as('bob').comment(one.issue, '/resume')
    await repo.as('bob').comment(two.pull, '/resume')
    await story.until(() => repo.pull(one.pull).merged && repo.pull(two.pull).merged)
  }),
)

test(
  'closing the issue as completed and pressing the button take the work up again',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const one = await blocked(story, 'one')
    const two = await blocked(story, 'two')
    broken = false
    await repo.as('bob').closeIssue(one.issue)
    await repo.as('bob').pressButton(story.checkRun(two.pull)?.id ?? 0, 'resume')
    await story.until(() => repo.pull(one.pull).merged && repo.pull(two.pull).merged)
    await story.until(() => repo.issues().every(({ state }) => state === 'closed'))
  }),
)

test(
  'closing the issue as not planned asks for nothing',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    broken = false
    await repo.as('bob').closeIssue(issue, { reason: 'not_planned' })
    await story.pass(15)
    expect(repo.pull(pull).merged).toBe(false)
    expect(await story.events('resume_requested')).toEqual([])
  }),
)

test(
  'C15 whoever may not resume is told so in one sentence, and the label is taken off',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    broken = false
    await repo.as('mallory').label(issue, 'mainkeeper:resume')
    await story.until(() => said(story, issue).length > 0)
    await story.pass(15)
    expect(said(story, issue)).toEqual(['`/resume` needs write permission on this repository.'])
    expect(repo.issue(issue).labels).toEqual(['mainkeeper:blocked'])
    expect(repo.pull(pull).merged).toBe(false)
  }),
)

test(
  'C134 a resume before the approval is answered once with what is missing, and remembered until it comes',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    broken = false
    const [review] = repo.pull(pull).reviews
    await repo.as('carol').dismiss(pull, review?.id ?? 0, 'look again')
    await story.pass(0.1)
    await repo.as('carol').label(issue, 'mainkeeper:resume')
    await story.until(() => said(story, issue).length > 0)
    await story.pass(20)
    expect(said(story, issue)).toHaveLength(1)
    expect(said(story, issue)[0]).toContain('Remembered: it is queued as soon as it is ready.')
    expect(said(story, issue)[0]).toContain('`review_approved` unmet')
    expect(repo.issue(issue).labels).toEqual(['mainkeeper:blocked'])
    expect(repo.pull(pull).merged).toBe(false)
    await repo.as('bob').review(pull, 'approve')
    await story.merged(pull)
  }),
)

test(
  'C134 a resume before the fixed head is approved is remembered, and the fix lands when it is',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    broken = false
    const fixed = await repo.as('alice').commit('topic', { 'src/topic.ts': 'mended\n' })
    await story.pass(0.1)
    await repo.as('carol').comment(pull, '/resume')
    await story.pass(10)
    expect(repo.pull(pull).merged).toBe(false)
    await repo.as('bob').review(pull, 'approve')
    await story.merged(pull)
    expect(await story.landed()).toEqual([fixed])
    await story.until(() => repo.issue(issue).state === 'closed')
  }),
)

test(
  'after three failures of one commit a resume has to be forced',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    const blocks = async () => (await story.events('integration_blocked')).length
    for (const times of [2, 3]) {
      await repo.as('bob').comment(issue, '/resume')
      await story.until(async () => (await blocks()) === times)
    }
    await story.until(() => story.followUp(pull)?.body?.includes('`/resume force`') === true)
    await repo.as('bob').comment(issue, '/resume')
    await story.until(() => said(story, issue).some((words) => words.includes('`/resume force` tries it all the same')))
    expect(await blocks()).toBe(3)
    broken = false
    await repo.as('bob').comment(issue, '/resume force')
    await story.merged(pull)
  }),
)

test(
  'a follow-up that is deleted is opened again, one that is locked is answered on the pull request, and a landed one says so',
  asStory({ ci }, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story, 'topic')
    await repo.as('carol').deleteIssue(issue)
    await story.until(() => story.followUp(pull) !== undefined)
    const last = story.followUp(pull)?.number ?? 0
    expect(last).toBeGreaterThan(issue)
    await story.until(() => story.title(pull).includes(`see #${last}`))
    await repo.as('carol').lock(last)
    await repo.as('mallory').label(last, 'mainkeeper:resume')
    await story.until(() => said(story, pull).length > 0)
    expect(said(story, pull)).toEqual(['`/resume` needs write permission on this repository.'])
    expect(said(story, last)).toEqual([])

    broken = false
    await repo.as('bob').comment(pull, '/resume')
    await story.merged(pull)
    await story.until(() => repo.issue(last).state === 'closed')
    const landed = (await repo.ref('refs/heads/main'))?.slice(0, 7)
    expect(repo.issue(last).title).toBe(`Mainkeeper: #${pull} was blocked: Landed as ${landed}`)
    expect(repo.issues()).toHaveLength(1)
  }),
)

test(
  'a check of the failed build that turns green on a re-run resumes by itself',
  asStory({ ci }, async (story) => {
    const { pull } = await blocked(story, 'topic')
    const failed = story.ci.runs().findLast(({ conclusion }) => conclusion === 'failure')
    broken = false
    story.ci.rerun(failed?.sha ?? '')
    await story.merged(pull)
    const requests = await story.events('resume_requested')
    expect(requests.map(({ payload }) => payload.via)).toEqual(['recheck'])
  }),
)

test(
  'a resume of what is queued already is answered with its place',
  asStory({ ci, config: 'mode: live\nci: { slots: 1 }\n' }, async (story) => {
    const { repo } = story
    broken = false
    const first = await story.propose('first', { 'src/first.ts': '1\n' })
    const second = await story.propose('second', { 'src/second.ts': '2\n' })
    await story.pass(2)
    for (const number of [first, second]) {
      await repo.as('bob').review(number, 'approve')
      await story.pass(0.1)
    }
    await story.until(() => story.title(second) === 'Queued, 2nd')
    await repo.as('bob').comment(second, '/resume')
    await story.until(() => said(story, second).length > 0)
    expect(said(story, second)).toEqual([`#${second} is in the queue already, at place 2 of 2.`])
  }),
)
