/** Stories of blocked work that is taken up again: by whom, by which way, when it is not ready yet, and when it is of no use. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { CiRun } from '../../../src/twin/ci/run.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory, type Story } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const BRANCHES = ['one', 'two', 'three', 'four'] as const
type Branch = (typeof BRANCHES)[number]

/** What each branch changes, so that a change of main can be in its way. */
const files = Object.fromEntries(BRANCHES.map((branch) => [`src/${branch}.ts`, '0\n']))
const scene = { ...BUILDS_ONLY, files }

interface Blocked {
  readonly pull: number
  readonly issue: number
}

/** Pull requests that main is in the way of, and their issues. */
async function allBlocked(story: Story, branches: readonly Branch[]): Promise<Blocked[]> {
  const { repo } = story
  const pulls: number[] = []
  for (const branch of branches) pulls.push(await story.propose(branch, { [`src/${branch}.ts`]: `${branch}\n` }))
  await repo.as('dave').commit('main', Object.fromEntries(Object.keys(files).map((file) => [file, 'otherwise\n'])))
  for (const pull of pulls) await repo.as('bob').review(pull, 'approve')
  await story.until(() => pulls.every((pull) => story.followUp(pull) !== undefined && isTold(story, pull)))
  return pulls.map((pull) => ({ pull, issue: story.followUp(pull)?.number ?? 0 }))
}

async function blocked(story: Story): Promise<Blocked> {
  const [one] = await allBlocked(story, ['one'])
  return one ?? { pull: 0, issue: 0 }
}

const isTold = (story: Story, pull: number): boolean => story.title(pull).includes('see #')

/** Nothing of main is in the way any more, and that is known. */
async function mend({ repo, pass }: Story): Promise<void> {
  await repo.as('dave').commit('main', files)
  await pass(0.1)
}

/** What the bot said on an issue or pull request, without its marker and the sticky comment. */
const said = ({ repo, twin }: Story, number: number): string[] =>
  repo
    .comments(number)
    .filter(({ author, body }) => author === twin.app.botLogin && !body.startsWith('<!-- mainkeeper:pull -->'))
    .map(({ body }) => body.split('\n').slice(1).join('\n'))

test.each(testDatabases())(
  'a label on the issue takes the work up again, and the answer takes the label off (%s)',
  asStory(scene, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story)
    await mend(story)
    await repo.as('bob').label(issue, 'mainkeeper:resume')
    await story.merged(pull)
    await story.until(() => repo.issue(issue).state === 'closed')
    expect(repo.issue(issue).labels).toEqual(['mainkeeper:blocked'])
    expect(await story.events('resume_answered')).toHaveLength(1)
  }),
)

test(
  'a label whose webhook is lost is found by the sweep',
  asStory(scene, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story)
    await mend(story)
    await repo.as('bob').label(issue, 'mainkeeper:resume', { silently: true })
    await story.testing(pull)
    await story.until(() => !repo.issue(issue).labels.includes('mainkeeper:resume'))
  }),
)

test(
  '`/resume` on the issue and on the pull request, closing the issue as completed and pressing the button take the work up again',
  asStory(scene, async (story) => {
    const { repo } = story
    const all = await allBlocked(story, BRANCHES)
    const [one, two, three, four] = all
    await mend(story)
    const bob = repo.as('bob')
    await bob.comment(one?.issue ?? 0, '/resume')
    await bob.comment(two?.pull ?? 0, '/resume')
    await bob.closeIssue(three?.issue ?? 0)
    await bob.pressButton(story.checkRun(four?.pull ?? 0)?.id ?? 0, 'resume')
    await story.until(() => all.every(({ pull }) => /^(Testing|Landed)/.test(story.title(pull))))
    const vias = (await story.events('resume_requested')).map(({ payload }) => payload.via)
    expect(vias.toSorted()).toEqual(['button', 'close', 'comment', 'comment'])
  }),
)

test(
  'C15 whoever may not resume is told so in one sentence, and the label is taken off; closing the issue as not planned asks for nothing',
  asStory(scene, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story)
    await mend(story)
    await repo.as('mallory').label(issue, 'mainkeeper:resume')
    await story.until(() => said(story, issue).length > 0)
    const requests = await story.events('resume_requested')
    await repo.as('bob').closeIssue(issue, { reason: 'not_planned' })
    await story.sweep()
    await story.sweep()
    expect(said(story, issue)).toEqual(['`/resume` needs write permission on this repository.'])
    expect(repo.issue(issue).labels).toEqual(['mainkeeper:blocked'])
    expect(repo.pull(pull).merged).toBe(false)
    expect(await story.events('resume_requested')).toEqual(requests)
  }),
)

test(
  'C134 a resume before the approval is answered once with what is missing, and remembered until it comes',
  asStory(scene, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story)
    await mend(story)
    const [review] = repo.pull(pull).reviews
    await repo.as('carol').dismiss(pull, review?.id ?? 0, 'look again')
    await story.pass(0.1)
    await repo.as('carol').label(issue, 'mainkeeper:resume')
    await story.until(() => said(story, issue).length > 0)
    await story.sweep()
    await story.sweep()
    expect(said(story, issue)).toHaveLength(1)
    expect(said(story, issue)[0]).toContain('Remembered: it is queued as soon as it is ready.')
    expect(said(story, issue)[0]).toContain('`review_approved` unmet')
    expect(repo.issue(issue).labels).toEqual(['mainkeeper:blocked'])
    expect(repo.pull(pull).merged).toBe(false)
    await repo.as('bob').review(pull, 'approve')
    await story.testing(pull)
  }),
)

test(
  'C134 a resume before the fixed head is approved is remembered, and the fix lands when it is',
  asStory(scene, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story)
    const fixed = await repo.as('alice').commit('one', { 'src/one.ts': 'mended\n' }, { from: 'main', force: true })
    await story.pass(0.1)
    await repo.as('carol').comment(pull, '/resume')
    await story.sweep()
    await story.sweep()
    expect(repo.pull(pull).merged).toBe(false)
    await repo.as('bob').review(pull, 'approve')
    await story.merged(pull)
    expect(await story.landed()).toEqual([fixed])
    await story.until(() => repo.issue(issue).state === 'closed')
  }),
)

describe('a build that fails', () => {
  let broken = true
  beforeEach(() => {
    broken = true
  })
  const brittle: CiRun = async () => ({ conclusion: broken ? 'failure' : 'success', log: '' })
  const failing = { ...BUILDS_ONLY, ci: { ...BUILDS_ONLY.ci, run: brittle } }
  async function failed(story: Story): Promise<number> {
    const pull = await story.approved('topic', { 'src/topic.ts': 'text\n' })
    await story.until(() => story.followUp(pull) !== undefined && isTold(story, pull))
    return pull
  }

  test(
    'three times of one commit has to be resumed by force',
    asStory(failing, async (story) => {
      const { repo } = story
      const pull = await failed(story)
      const issue = story.followUp(pull)?.number ?? 0
      const history = () =>
        story
          .followUp(pull)
          ?.body?.split('### History')[1]
          ?.match(/`checks_failed`/g)?.length
      for (const times of [2, 3]) {
        await repo.as('bob').comment(issue, '/resume')
        await story.until(() => history() === times)
      }
      await story.until(() => story.followUp(pull)?.body?.includes('`/resume force`') === true)
      await repo.as('bob').comment(issue, '/resume')
      await story.until(() =>
        said(story, issue).some((words) => words.includes('`/resume force` tries it all the same')),
      )
      expect(await story.events('integration_blocked')).toHaveLength(3)
      await repo.as('bob').comment(issue, '/resume force')
      await story.testing(pull)
    }),
  )

  test(
    'is resumed by itself when its check turns green on a re-run',
    asStory(failing, async (story) => {
      const pull = await failed(story)
      broken = false
      story.ci.rerun(story.ci.runs().at(-1)?.sha ?? '')
      await story.merged(pull)
      const requests = await story.events('resume_requested')
      expect(requests.map(({ payload }) => payload.via)).toEqual(['recheck'])
    }),
  )
})

test(
  'a follow-up that is deleted is opened again, one that is locked is answered on the pull request, and a landed one says so',
  asStory(scene, async (story) => {
    const { repo } = story
    const { pull, issue } = await blocked(story)
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

    await mend(story)
    await repo.as('bob').comment(pull, '/resume')
    await story.merged(pull)
    await story.until(() => repo.issue(last).state === 'closed')
    const landed = (await repo.ref('refs/heads/main'))?.slice(0, 7)
    expect(repo.issue(last).title).toBe(`Mainkeeper: #${pull} was blocked: Landed as ${landed}`)
    expect(repo.issues()).toHaveLength(1)
  }),
)

test(
  'a resume of what is queued already is answered with its place',
  asStory({ ...scene, config: `${scene.config}ci: { slots: 1 }\n` }, async (story) => {
    const { repo } = story
    const first = await story.propose('first', { 'src/first.ts': '1\n' })
    const second = await story.propose('second', { 'src/second.ts': '2\n' })
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
