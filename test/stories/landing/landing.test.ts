/** Stories of work that lands: in which order, on what proof, and what keeps it from landing. */
import { expect, test } from 'vitest'
import type { PushSeen } from '../../../src/twin/state.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import { testDatabases } from '../../support/database/database.ts'
import { asStory } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

const text = { 'src/a.ts': 'export const a = 1\n' }

/** Every move of main from now on. */
function movesOfMain(repo: TwinRepository): PushSeen[] {
  const moves: PushSeen[] = []
  repo.onPush((push) => void (push.ref === 'refs/heads/main' && moves.push(push)))
  return moves
}

const ours = async (repo: TwinRepository): Promise<string[]> => Object.keys(await repo.refs('refs/heads/mainkeeper/'))

test.each(testDatabases())(
  'C58 C73 an approved pull request is built once and told so, and lands as the very commit that CI proved (%s)',
  asStory({}, async (story) => {
    const { repo, ci } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const [build] = await story.events('build_published')
    expect(await ours(repo)).toEqual([build?.payload.ref])
    expect(story.checkRun(number)).toMatchObject({ title: 'Testing', status: 'in_progress' })
    await story.merged(number)
    expect(await story.events('build_planned')).toHaveLength(1)
    expect(ci.runs().filter(({ ref }) => ref === build?.payload.ref)).toHaveLength(1)

    const main = await repo.ref('refs/heads/main')
    const [landed] = await repo.log('refs/heads/main')
    expect(landed).toMatchObject({ sha: main, parents: [expect.any(String), repo.pull(number).head.sha] })
    expect(ci.runs().filter((run) => run.sha === main)).toMatchObject([{ conclusion: 'success' }])
    await story.until(() => story.title(number).startsWith('Landed as '))
    expect(story.checkRun(number)).toMatchObject({
      title: `Landed as ${main?.slice(0, 7)}`,
      status: 'completed',
      conclusion: 'success',
    })
    expect(repo.comments(number)).toEqual([])
    expect(await ours(repo)).toEqual([])
    const [proof] = await story.events('integration_completed')
    expect(proof?.payload).toMatchObject({
      pull: number,
      landed_sha: main,
      tree: landed?.tree,
      checks: [{ context: 'test', state: 'passed' }],
      approvals: [{ reviewer: 'bob', permission: 'write', sha: repo.pull(number).head.sha }],
    })
  }),
)

test(
  'C47 pull requests land one by one in the order in which they became ready, each proven on its own',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo, ci } = story
    const numbers: number[] = []
    for (const name of ['one', 'two', 'three']) numbers.push(await story.propose(name, { [`src/${name}.ts`]: name }))
    const moves = movesOfMain(repo)
    const [one = 0, two = 0, three = 0] = numbers
    for (const number of [two, one, three]) {
      await repo.as('bob').review(number, 'approve')
      await story.pass(0.1)
    }
    await story.until(() => numbers.every((number) => repo.pull(number).merged))

    expect(await story.landed()).toEqual([two, one, three].map((number) => repo.pull(number).head.sha))
    expect(moves.map(({ before }) => before).slice(1)).toEqual(moves.map(({ after }) => after).slice(0, -1))
    expect(moves.map(({ by, forced }) => [by, forced])).toEqual([1, 2, 3].map(() => ['app', false]))
    for (const { after } of moves)
      expect(ci.runs().filter((run) => run.sha === after)).toMatchObject([{ conclusion: 'success' }])
  }),
)

test(
  'C23 a push after the approval lands nothing until the new head is approved',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const moves = movesOfMain(repo)
    await repo.as('alice').commit('topic', { 'src/a.ts': 'export const a = 2\n' })
    await story.pass(6)

    expect(moves).toEqual([])
    expect(story.title(number)).toBe('Waiting for 1 approval')
    expect(await ours(repo)).toEqual([])
    await repo.as('bob').review(number, 'approve')
    await story.merged(number)
    expect(await story.landed()).toEqual([repo.pull(number).head.sha])
  }),
)

test(
  'a head that another one took the place of is queued again when it is back',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const approved = repo.pull(number).head.sha
    const alice = repo.as('alice')
    await alice.commit('topic', { 'src/a.ts': 'export const a = 2\n' })
    await story.until(async () => (await story.events('candidate_superseded')).length === 1)
    await alice.push('topic', approved, { force: true })
    await story.merged(number)
    expect(await story.landed()).toEqual([approved])
  }),
)

test(
  'C30 an approval that is dismissed while the build runs keeps it from landing',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const [review] = repo.pull(number).reviews
    await repo.as('carol').dismiss(number, review?.id ?? 0, 'not yet')
    await story.pass(6)

    expect(repo.pull(number).merged).toBe(false)
    expect(story.title(number)).toBe('Waiting for 1 approval')
    expect(await ours(repo)).toEqual([])
  }),
)

test(
  'a dismissal whose webhook is lost is seen before main moves',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    const [review] = repo.pull(number).reviews
    await repo.as('carol').dismiss(number, review?.id ?? 0, 'not yet', { silently: true })
    await story.pass(4)

    expect(repo.pull(number).merged).toBe(false)
    expect(story.title(number)).toBe('Waiting for 1 approval')
  }),
)

test(
  'C63 a verdict of CI whose webhook is lost is found all the same',
  asStory(BUILDS_ONLY, async (story) => {
    const number = await story.approved('topic', text)
    await story.testing(number)
    story.twin.faults.drop({ event: 'check_run' })
    await story.until(() => story.repo.pull(number).merged, 10)
  }),
)

test(
  'C24 a push whose webhook is lost is caught before its build, and the next one goes ahead',
  asStory(async (story) => {
    const { repo } = story
    const first = await story.propose('first', text)
    const second = await story.propose('second', { 'src/b.ts': 'export const b = 1\n' })
    await repo.as('carol').comment(first, '/hold until both wait')
    await story.until(async () => (await story.events('lane_held')).length > 0)
    for (const number of [first, second]) await repo.as('bob').review(number, 'approve')
    await story.until(async () => (await story.events('candidate_queued')).length === 2)
    await story.pass(2)
    await repo.as('alice').commit('first', { 'src/a.ts': 'export const a = 2\n' }, { silently: true })
    await repo.as('carol').comment(first, '/release')
    await story.merged(second, 4)

    expect(repo.pull(first).merged).toBe(false)
    await story.until(() => story.title(first) === 'Waiting for 1 approval')
    expect(await story.landed()).toEqual([repo.pull(second).head.sha])
    const built = (await story.events('build_planned')).flatMap(({ payload }) => payload.members)
    expect(built.map(({ pull }) => pull)).toEqual([second])
  }),
)

test(
  'C131 an approval is acted on at once while GitHub does not say yet whether it merges',
  asStory({ sweepEvery: 86_400_000 }, async (story) => {
    const number = await story.approved('topic', text)
    await story.until(() => story.repo.pull(number).merged, 4)
  }),
)

test(
  'C118 without a configuration the bot writes nothing at all',
  asStory({ config: null }, async (story) => {
    const { repo, twin } = story
    const number = await story.approved('topic', text)
    await repo.as('carol').comment(number, '/merge\n/why')
    await story.pass(20)

    const { contentWrites, refMoves, requests } = twin.meter.snapshot()
    expect({ contentWrites, refMoves }).toEqual({ contentWrites: 0, refMoves: 0 })
    const writes = Object.keys(requests).filter(
      (operation) => !operation.startsWith('GET ') && !operation.includes('access_tokens'),
    )
    expect(writes.filter((operation) => !operation.startsWith('graphql:'))).toEqual([])
    expect(repo.comments(number).map(({ author }) => author)).toEqual(['carol'])
  }),
)

test(
  'a draft waits, and lands once it is ready for review',
  asStory(async (story) => {
    const { repo } = story
    const number = await story.propose('topic', text, { draft: true })
    await repo.as('bob').review(number, 'approve')
    await story.pass(5)
    expect(repo.pull(number).merged).toBe(false)
    expect(story.title(number)).toContain('it is a draft')
    await repo.as('alice').readyForReview(number)
    await story.merged(number)
  }),
)

test(
  'C93 a member that becomes a draft while it is tested does not land',
  asStory(BUILDS_ONLY, async (story) => {
    const { repo } = story
    const number = await story.approved('topic', text)
    await story.testing(number)
    await repo.as('alice').convertToDraft(number)
    await story.pass(5)
    expect(repo.pull(number).merged).toBe(false)
    expect(await ours(repo)).toEqual([])
  }),
)

test(
  'C75 an error of GitHub on the move of main is asked about again, and nobody is blamed',
  asStory(BUILDS_ONLY, async (story) => {
    const { twin } = story
    const number = await story.approved('topic', text)
    twin.faults.next({ operation: /updateRefs|AdvanceTarget/i, times: 2 }, twin.faults.failBefore(502))
    await story.merged(number)
    expect(await story.events('integration_blocked')).toEqual([])
  }),
)

test(
  'C53 two targets are two lanes that do not wait for each other',
  asStory({ config: 'mode: live\ntargets: [main, next]\n' }, async (story) => {
    const { repo } = story
    await repo.as('dave').push('next', (await repo.ref('refs/heads/main')) ?? '')
    repo.protect('next', { requiredChecks: [{ context: 'test' }] })
    const main = await story.approved('topic', text)
    const next = await story.propose('other', { 'src/b.ts': 'b\n' }, { base: 'next' })
    await repo.as('bob').review(next, 'approve')
    await repo.as('carol').comment(main, '/hold release day')
    await story.merged(next)
    expect(repo.pull(main).merged).toBe(false)
  }),
)
