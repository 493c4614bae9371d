/** Stories of work that can't land until a person does something: what is said, where, and that nobody else waits for it. */
import { expect, test } from 'vitest'
import { rule } from '../../../src/twin/ci/run.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const line = (value: number) => ({ 'src/a.ts': `export const a = ${value}\n` })

test.each(testDatabases())(
  'C49 C60 a conflict is blocked with a follow-up that says what to do, the next one lands, and the fix lands and closes it (%s)',
  asStory({ ...BUILDS_ONLY, files: { 'src/a.ts': 'export const a = 0\n' } }, async (story) => {
    const { repo } = story
    const first = await story.approved('first', line(1))
    await story.pass(0.1)
    const second = await story.approved('second', line(2))
    await story.pass(0.1)
    const third = await story.approved('third', { 'src/c.ts': 'export const c = 3\n' })
    await story.merged(third)

    expect(await story.landed()).toEqual([first, third].map((number) => repo.pull(number).head.sha))
    await story.until(() => story.sticky(second)?.body.includes('What to do is in #') === true)
    const issue = story.followUp(second)
    const head = repo.pull(second).head.sha
    expect(issue).toMatchObject({
      state: 'open',
      title: `Mainkeeper: #${second} is blocked: merge conflict in src/a.ts`,
      labels: ['mainkeeper:blocked'],
      assignees: ['alice'],
      author: story.twin.app.botLogin,
    })
    expect(issue?.body).toContain('`merge_conflict`: merge conflict')
    expect(issue?.body).toContain(`#${second}, branch \`second\` at ${head}, for \`main\``)
    expect(issue?.body).toContain('- `src/a.ts`')
    expect(issue?.body).toContain(`comment \`/resume\` here or on #${second}`)
    expect(issue?.body).toContain('add the label `mainkeeper:resume` to this issue')
    expect(story.checkRun(second)).toMatchObject({
      title: `Blocked: merge conflict in src/a.ts — see #${issue?.number}`,
      status: 'completed',
      conclusion: 'action_required',
      actions: [{ identifier: 'resume' }, { identifier: 'retry' }, { identifier: 'why' }],
    })
    expect(story.sticky(second)?.body).toContain(`What to do is in #${issue?.number}.`)

    const fixed = await mended(story, 'second', 2)
    await repo.as('bob').review(second, 'approve')
    await story.merged(second)
    expect((await story.landed()).at(-1)).toBe(fixed)
    const main = await repo.ref('refs/heads/main')
    await story.until(() => repo.issue(issue?.number ?? 0).state === 'closed')
    expect(repo.issue(issue?.number ?? 0).stateReason).toBe('completed')
    expect(repo.comments(issue?.number ?? 0).at(-1)?.body).toContain(`landed on \`main\` as ${main}`)
    expect(repo.issues()).toHaveLength(1)
  }),
)

/** Alice takes main into the branch and settles the conflict in favour of the branch. */
async function mended({ repo }: Story, branch: string, value: number): Promise<string> {
  await repo.as('alice').commit(branch, line(value), { from: 'main', force: true })
  return (await repo.ref(`refs/heads/${branch}`)) ?? ''
}

const breakTogether = rule((files) => ('src/one.ts' in files && 'src/two.ts' in files ? 'failure' : 'success'))
const builds = { ...BUILDS_ONLY, ci: { ...BUILDS_ONLY.ci, run: breakTogether } }

test(
  'C35 two that pass alone and break together: the second is blocked by the check that failed, and main stays green; law 10: blocked again, its one issue is reopened and its history goes on',
  asStory(builds, async (story) => {
    const { repo, ci } = story
    const one = await story.approved('one', { 'src/one.ts': '1\n' })
    await story.pass(0.1)
    const two = await story.approved('two', { 'src/two.ts': '2\n' })
    await story.until(() => story.title(two).startsWith('Blocked: ') && story.title(two).includes('see #'))

    const main = await repo.ref('refs/heads/main')
    expect(await story.landed()).toEqual([repo.pull(one).head.sha])
    expect(ci.runs().filter((run) => run.sha === main)).toMatchObject([{ conclusion: 'success' }])
    expect(story.title(two)).toContain('test failed')
    const [block] = await story.events('integration_blocked')
    expect(block?.payload).toMatchObject({
      reason: 'checks_failed',
      conflict_evidence: [{ kind: 'check', text: 'test: failure', url: expect.stringContaining('http') }],
    })
    const url = block?.payload.conflict_evidence[0]?.url ?? 'none'
    expect(story.followUp(two)?.body).toContain(url)
    expect(story.checkRun(two)?.summary).toContain(url)

    const issue = story.followUp(two)?.number ?? 0
    const history = () => (story.followUp(two)?.body?.split('### History')[1] ?? '').match(/`checks_failed`/g)?.length
    expect(history()).toBe(1)
    await repo.as('bob').closeIssue(issue)
    await story.until(() => history() === 2)
    await story.until(() => repo.issue(issue).state === 'open')
    expect(repo.issues()).toHaveLength(1)
  }),
)

test(
  'where issues are off the pull request itself carries the whole text, and the issue is opened once they are on',
  asStory(builds, async (story) => {
    const { repo } = story
    repo.settings({ issues: false })
    const two = await story.approved('two', { 'src/one.ts': '1\n', 'src/two.ts': '2\n' })
    await story.until(() => story.sticky(two)?.body.includes('could not be opened') === true)

    for (const said of [story.sticky(two)?.body, story.checkRun(two)?.summary]) {
      expect(said).toContain('`checks_failed`: a required check failed')
      expect(said).toContain(`comment \`/resume\` on #${two}`)
      expect(said).toContain('test: failure')
    }
    expect((await story.events('follow_up_failed')).length).toBeGreaterThan(0)
    repo.settings({ issues: true })
    await story.until(() => story.followUp(two)?.state === 'open')
    await story.until(
      () => story.sticky(two)?.body.includes(`What to do is in #${story.followUp(two)?.number}`) === true,
    )
  }),
)

test(
  'C76 a target that refuses the move blocks with the text that GitHub gave',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo, twin } = story
    const number = await story.approved('topic', line(1))
    await story.testing(number)
    repo.ruleset({ name: 'frozen', include: ['~DEFAULT_BRANCH'], rules: [{ type: 'update' }] })
    await story.until(() => story.followUp(number) !== undefined)
    expect(story.followUp(number)?.body).toContain('Cannot update this protected ref')
    expect(repo.pull(number).merged).toBe(false)
    expect(twin.violations).toEqual([])
  }),
)
