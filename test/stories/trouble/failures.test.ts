/**
 * Stories of writes whose answer is lost, done or not: what stands on GitHub at the end is what stands there when nothing was
 * lost, one of each thing, and nothing was repeated before it was looked at.
 */
import { expect, test } from 'vitest'
import { asStory, type Story } from '../../support/story/story.ts'

type When = 'after' | 'before'

/**
 * Every write of a lane's work, and what is read between one that was not answered and the next of its kind. `level`: it says
 * how a thing has to be, so that a second one changes nothing. Numbers: the next has another name, so it repeats nothing; these
 * calls fail, so that a build meets one failure after the other and not the same again.
 */
const WRITES: Readonly<Record<string, RegExp | 'level' | readonly number[]>> = {
  'POST /repos/{owner}/{repo}/git/refs': [1, 5],
  'POST /repos/{owner}/{repo}/merges': [1],
  'POST /repos/{owner}/{repo}/git/commits': [1],
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}': 'level',
  // The same mutation deletes a head branch.
  'graphql:AdvanceTarget': /^(graphql:ReadTarget|GET .*\/git\/ref\/{ref})$/,
  'POST /repos/{owner}/{repo}/check-runs': /^GET .*\/check-runs$/,
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': 'level',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': /^GET .*\/comments$/,
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': 'level',
  'POST /repos/{owner}/{repo}/issues': /^GET .*\/issues$/,
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': 'level',
  'POST /repos/{owner}/{repo}/labels': /^GET .*\/labels\/{name}$/,
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}': /^GET .*\/pulls\/{pull_number}$/,
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': 'level',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': 'level',
}

const CALLS = 12

/** Which calls fail, of the first ones. What was done and can be read may fail each time; what has to be repeated comes through the second time. */
function failing(operation: string, when: When): readonly number[] {
  const look = WRITES[operation]
  if (Array.isArray(look)) return look
  const every = look instanceof RegExp && when === 'after' ? 1 : 2
  return Array.from({ length: CALLS / every }, (_, index) => 1 + index * every)
}
const TOKEN = 'POST /app/installations/{installation_id}/access_tokens'

const options = {
  config: 'mode: live\nland: { method: squash, delete_branch: true }\n',
  files: { 'src/a.ts': '0\n' },
}

/** One lands, one is blocked by a conflict, mended, taken up again by its label and lands, and somebody asks why. */
async function play(story: Story): Promise<void> {
  const { repo } = story
  const first = await story.approved('first', { 'src/a.ts': '1\n' })
  await story.testing(first)
  const second = await story.approved('second', { 'src/a.ts': '2\n' })
  await story.until(() => story.followUp(second) !== undefined && story.title(second).includes('see #'), 60)
  await repo.as('alice').comment(second, '/why')
  const main = (await repo.ref('refs/heads/main')) ?? ''
  await repo.as('alice').commit('second', { 'src/a.ts': '2\n' }, { from: main, force: true })
  await repo.as('bob').review(second, 'approve')
  // Heard before the label, which takes up another head otherwise.
  const { sha } = repo.pull(second).head
  await story.until(async () => (await story.events('finalize_ready')).some(({ payload }) => payload.sha === sha))
  const issue = story.followUp(second)?.number ?? 0
  await repo.as('bob').label(issue, 'mainkeeper:resume')
  const both = [first, second]
  await story.until(() => both.every((pull) => repo.pull(pull).state === 'closed'), 60)
  await story.until(
    () => repo.issue(issue).state === 'closed' && !repo.issue(issue).labels.includes('mainkeeper:resume'),
    60,
  )
  await story.until(() => both.every((pull) => story.title(pull).startsWith('Landed as ')), 60)
  await story.until(() => repo.comments(second).some(({ body }) => body.startsWith('<!-- mainkeeper:reply')), 60)
  await story.pass(2)
}

/** What people find on GitHub; of what we said, the markers alone. */
async function ending({ repo }: Story) {
  const commits = await repo.log('refs/heads/main')
  const said = (number: number) =>
    repo
      .comments(number)
      .filter(({ author }) => author.endsWith('[bot]'))
      .map(({ body }) => /<!-- mainkeeper:([\w-]+)/.exec(body)?.[1] ?? body)
      .sort()
  return {
    main: commits.map(({ message }) => message.split('\n')[0]),
    branches: Object.keys(await repo.refs('refs/heads/')),
    pulls: repo.pulls().map(({ number, state, head }) => ({
      state,
      checks: repo
        .checkRuns(head.sha)
        .flatMap(({ name, title }) => (name === 'mainkeeper' ? [title?.slice(0, 9)] : [])),
      said: said(number),
      reactions: repo.comments(number).flatMap(({ reactions }) => reactions),
    })),
    issues: repo.issues().map(({ number, state, labels }) => ({ state, labels, said: said(number) })),
  }
}

/** Where it ends when nothing fails, and so where it has to end. */
const END: Awaited<ReturnType<typeof ending>> = {
  main: ['Change second (#2)', 'Change first (#1)', 'Begin'],
  branches: ['refs/heads/main'],
  pulls: [
    { state: 'closed', checks: ['Landed as'], said: ['landed'], reactions: [] },
    { state: 'closed', checks: ['Landed as'], said: ['landed', 'pull', 'reply'], reactions: ['+1'] },
  ],
  issues: [{ state: 'closed', labels: ['mainkeeper:blocked'], said: ['closed', 'resume'] }],
}

/** Plays with the writes failing like this, and tells what came of it. */
async function playWith(story: Story, when: When) {
  const { faults } = story.twin
  // GitHub may list what it made only some looks later.
  const lost = faults.failAfter(502, undefined, 20)
  const trace: string[] = []
  faults.on('before', /./, (operation) => void trace.push(operation))
  for (const operation of Object.keys(WRITES))
    for (const nth of failing(operation, when))
      faults.next({ operation, nth }, when === 'after' ? lost : faults.failBefore(502))
  await play(story)
  const writes = trace.filter((operation) => !/^(GET|graphql:(Observe|Read))/.test(operation) && operation !== TOKEN)
  return { trace, writes: [...new Set(writes)].sort(), end: await ending(story) }
}

/** Calls that followed one that failed without the read that belongs in between. */
function unread(trace: readonly string[], when: When): string[] {
  return Object.entries(WRITES).flatMap(([operation, look]) => {
    if (!(look instanceof RegExp)) return []
    const failed = failing(operation, when)
    const at = trace.flatMap((asked, index) => (asked === operation ? [index] : []))
    return at.flatMap((from, index) => {
      const to = at[index + 1]
      if (!failed.includes(index + 1) || to === undefined) return []
      return trace.slice(from, to).some((asked) => look.test(asked)) ? [] : [operation]
    })
  })
}

test.each<[string, When]>([
  ['done and not answered', 'after'],
  ['not done and not answered', 'before'],
])(
  'writes that are %s come to the same end, one of each, and are looked for before they are repeated',
  async (_, when) => {
    await asStory(options, async (story) => {
      const { trace, writes, end } = await playWith(story, when)
      expect(writes).toEqual(Object.keys(WRITES).sort())
      expect(unread(trace, when)).toEqual([])
      expect(end).toEqual(END)
      expect(await story.events('integration_completed')).toHaveLength(2)
    })(undefined)
  },
)
