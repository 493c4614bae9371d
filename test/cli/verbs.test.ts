/** What the verbs answer over a seeded log, as data and as text. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { VERBS } from '../../src/cli/verbs/catalogue.ts'
import { append, by, configured, observedRepository } from '../store/lane-facts.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import { BUILT, commit, event, headOf, integrated, planned, REPOSITORY } from '../support/facts.ts'
import { ask, refusal } from './asked.ts'
import { seedFailed, seedLane, seedRefused } from './seeded-lane.ts'

let at: TestStore
beforeAll(async () => {
  at = await openTestStore()
})
afterAll(() => at.close())

const seedAnew = async (): Promise<void> => {
  await at.truncate()
  await seedLane(at.store)
}

describe('explain', () => {
  beforeAll(seedAnew)

  it.each([
    ['its number', `${REPOSITORY}#12`, 12],
    ['its branch', `${REPOSITORY}:topic-13`, 13],
    ['its head', headOf(15), 15],
    ['a piece of its head', headOf(15).slice(0, 7).toUpperCase(), 15],
    ['the commit that it landed as', BUILT, 14],
    ['the commit that CI proves', commit('e2').slice(0, 12), 13],
    ['its follow-up', `${REPOSITORY}!57`, 12],
    ['the number of its follow-up', '57', 12],
    ['the number of its follow-up, written as an issue', `${REPOSITORY}#57`, 12],
  ])('finds a pull request by %s', async (_, subject, pull) => {
    const { answers } = await ask(at.store, 'explain', { subject })
    expect(answers).toMatchObject([{ repository: REPOSITORY, pull }])
  })

  it('says what is not met, with evidence and the next step', async () => {
    const { text, answers } = await ask(at.store, 'explain', { subject: `${REPOSITORY}#15` })
    expect(answers).toMatchObject([{ explanation: { status: 'waiting', readiness: 'not_ready' }, proof: null }])
    expect(text).toContain('acme/rocket#15  Change 15\nWaiting for 1 approval')
    expect(text).toMatch(/- {2}unmet {2}review_approved/)
    expect(text).toMatch(/\+ {2}met {4}checks_passed/)
    expect(text).toContain('Next: Have')
  })

  it('says what blocks it, where its follow-up is and how it is resumed', async () => {
    const { text } = await ask(at.store, 'explain', { subject: `${REPOSITORY}#12` })
    expect(text).toContain('Blocked: merge conflict in src/a.ts — see #57')
    expect(text).toContain('merge_conflict')
    expect(text).toMatch(/follow-up +#57, open/)
    expect(text).toMatch(/resume +comment \/resume on #12/)
    expect(text).toMatch(/integration_blocked +#12 +blocked: merge conflict/)
  })

  it('says where it stands in the queue and what is being built', async () => {
    const { text } = await ask(at.store, 'explain', { subject: `${REPOSITORY}#13` })
    expect(text).toContain('Place 1 of 1 in the queue')
    expect(text).toMatch(/b2 .* published +#13 +e2e2e2e on e1e1e1e/)
  })

  it('shows the proof of what landed, and the events of its build in its history', async () => {
    const { text } = await ask(at.store, 'explain', { subject: `${REPOSITORY}#14` })
    expect(text).toContain('Landed as e1e1e1e')
    expect(text).toMatch(/Proof of landing\n {2}landed +2026-01-05 12:00:00Z\n {2}head +b14/)
    expect(text).toMatch(/check +test passed https:\/\/ci.example\/1/)
    expect(text).toMatch(/approval +rob \(write\) of b14/)
    expect(text).toMatch(/build_concluded +b1 +passed \(test passed\)/)
    expect(text).toMatch(/landing_planned +b1 +to be moved from c0c0c0c to e1e1e1e/)
  })

  it.each([
    ['acme/rocket#99', EXIT.notFound, 'nothing is known of acme/rocket#99'],
    ['acme/plane#1', EXIT.notFound, 'acme/plane is not among acme/rocket'],
    ['acme/rocket:nowhere', EXIT.notFound, 'a pull request from nowhere'],
    ['0123456789', EXIT.notFound, 'the commit 0123456789'],
    ['99', EXIT.notFound, 'the follow-up #99'],
    ['rocket', EXIT.usage, 'owner/repo#12'],
    ['acme/rocket#x', EXIT.usage, 'names no pull request'],
  ])('refuses %s in words', async (subject, exit, words) => {
    const refused = await refusal(() => ask(at.store, 'explain', { subject }))
    expect(refused).toMatchObject({ exit, words: expect.stringContaining(words) })
  })

  it('finds what was on the target already by the commit that held it', async () => {
    await append(at.store, [by('main', integrated(17, { landed_sha: commit('d9') }))])
    const { answers, text } = await ask(at.store, 'explain', { subject: commit('d9').slice(0, 8) })
    expect(answers).toMatchObject([{ pull: 17 }])
    expect(text).toContain('none: the target held it already')
  })

  it('shows control characters of outsiders nowhere', async () => {
    await append(at.store, [
      event('pull_request_observed', {
        pull: 16,
        title: 'red \u001B[31m\nand \u202Eback',
        author: 'ann',
        state: 'open',
        draft: true,
        base: 'main',
        branch: 'topic-16',
        remote: REPOSITORY,
        sha: headOf(16),
        labels: ['a\u0007'],
        auto_merge: null,
        depends_on: [],
        updated_at: '2026-01-05T12:00:00Z',
      }),
    ])
    const { text } = await ask(at.store, 'explain', { subject: `${REPOSITORY}#16` })
    expect(text).toContain('red [31m and back')
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/)
  })

  it('says why nothing is done where the base is no target', async () => {
    await append(at.store, [configured({ targets: ['release'] }, { blob: commit('ad') })])
    const { text, answers } = await ask(at.store, 'explain', { subject: `${REPOSITORY}#15` })
    expect(answers).toMatchObject([{ explanation: null }])
    expect(text).toContain('main is not among the targets of the configuration.')
  })
})

describe('status', () => {
  beforeEach(() => at.truncate())

  it('says that nothing is known yet', async () => {
    expect((await ask(at.store, 'status')).text).toContain('No repository is known yet')
  })

  it('says that a repository without a configuration is left in silence', async () => {
    await append(at.store, [observedRepository()])
    const { text } = await ask(at.store, 'status')
    expect(text).toContain('No repository has a .github/mainkeeper.yml yet')
    expect(text).toContain('acme/rocket')
  })

  it('shows each lane with its queue, builds and blocked work', async () => {
    await seedLane(at.store)
    const { text, answers } = await ask(at.store, 'status', { repository: REPOSITORY })
    expect(answers).toMatchObject([
      {
        repositories: [
          {
            lanes: [
              {
                target: 'main',
                mode: 'live',
                tip: BUILT,
                queue: [{ pull: 13, status: 'in_progress' }],
                builds: [{ build: 'b2', members: [13], sha: commit('e2'), verdict: null }],
                blocked: [{ pull: 12, reason: 'merge_conflict', follow_up: 57 }],
              },
            ],
          },
        ],
      },
    ])
    expect(text).toContain('acme/rocket:main  live  at e1e1e1e')
    expect(text).toMatch(/a change breaks the build +5\.0 % \(likely under \d/)
    expect(text).toMatch(/test +failed by chance in 0 of 1 runs/)
    expect(text).toMatch(/1\. {2}#13 {2}b13b13b .* Testing/)
    expect(text).toMatch(/b2 {2}#13 .* CI runs +e2e2e2e on e1e1e1e/)
    expect(text).toMatch(/#12 {2}b12b12b .* see #57 +merge conflict in src\/a\.ts/)
  })

  it('tells a try from a build that is to land', async () => {
    await seedLane(at.store)
    await append(at.store, [by('main', planned('b9', [15], { base: BUILT, purpose: 'try' }))])
    const { text } = await ask(at.store, 'status', { repository: REPOSITORY })
    expect(text).toMatch(/b9 {2}#15, a try .* being assembled/)
    expect(text).toMatch(/b2 {2}#13 .* CI runs/)
  })

  it('names a held lane, a broken configuration and what came to nothing', async () => {
    await seedLane(at.store)
    await seedFailed(at.store)
    const request = {
      target: 'main',
      request: 'r1',
      by: 'max',
      reason: 'asked' as const,
      words: 'release day',
      evidence: [],
      allow: [],
    }
    await append(at.store, [
      event('lane_held', request),
      configured(
        {},
        {
          blob: commit('ae'),
          config: null,
          errors: [{ line: 3, column: 5, key: 'mode', value: 'lively', fix: 'off, live or paused' }],
        },
      ),
    ])
    const { text } = await ask(at.store, 'status')
    expect(text).toMatch(/held by max for \w+: release day/)
    expect(text).toContain('is broken at 3:5, mode: lively (off, live or paused); the last good one counts')
    expect(text).toContain('1 delivery or event came to nothing: mainkeeper log --failed')
  })

  it('refuses a repository that it does not know, and names those it knows', async () => {
    await seedLane(at.store)
    const refused = await refusal(() => ask(at.store, 'status', { repository: 'acme/plane' }))
    expect(refused).toEqual({ exit: EXIT.notFound, words: 'nothing is known of acme/plane: known are acme/rocket' })
  })
})

describe('log', () => {
  beforeAll(seedAnew)
  const positions = async (question: object): Promise<string[]> => {
    const { answers } = await ask(at.store, 'log', question)
    const [{ lines }] = answers as [{ lines: { event: { type: string } | null; trouble: { kind: string } | null }[] }]
    return lines.map((line) => line.event?.type ?? line.trouble?.kind ?? '')
  }

  it('has one line for each event: position, time, lane, type, subject and words', async () => {
    const { text } = await ask(at.store, 'log', { type: 'integration_completed' })
    expect(text).toMatch(
      /^\d+ {2}2026-01-05 12:00:00Z {2}acme\/rocket:main {2}integration_completed {2}#14 {2}b14b14b landed as e1e1e1e$/,
    )
  })

  it.each<[object, string[]]>([
    [{ pull: 12, limit: 3 }, ['candidate_queued', 'integration_blocked', 'follow_up_opened']],
    [{ follow_up: 57 }, ['follow_up_opened']],
    [{ grep: 'SRC/A.ts' }, ['integration_blocked']],
    [{ type: 'build_planned' }, ['build_planned', 'build_planned']],
    [{ type: 'build_planned', limit: 1 }, ['build_planned']],
    [{ since: '2030-01-01' }, []],
    [{ repository: 'acme/plane' }, []],
    [{ limit: 2 }, ['build_planned', 'build_published']],
  ])('shows what %j asks for', async (question, types) => {
    expect(await positions(question)).toEqual(types)
  })

  it.each([
    [{ type: 'nonsense' }, 'there is no event type nonsense; there are: review_approved'],
    [{ since: 'yesterday' }, 'write 90s, 30m'],
    [{ limit: 0 }, 'limit'],
    [{ colour: 'red' }, 'colour'],
  ])('refuses %j in words', async (question, words) => {
    const refused = await refusal(() => ask(at.store, 'log', question))
    expect(refused).toMatchObject({ exit: EXIT.usage, words: expect.stringContaining(words) })
  })

  it('prints each line as JSON of its own', async () => {
    const { answers } = await ask(at.store, 'log', { pull: 12, limit: 2 })
    const items = answers.flatMap((answer) => VERBS.get('log')?.items(answer))
    expect(items).toMatchObject([{ type: 'integration_blocked' }, { type: 'follow_up_opened' }])
  })

  it('says that nothing will follow where nobody else can write', async () => {
    const { text } = await ask(at.store, 'log', { follow: true, limit: 1 }, false)
    expect(text).toContain('No Mainkeeper runs on this folder, so nothing is going to follow.')
  })

  it('says that nothing fits', async () => {
    expect((await ask(at.store, 'log', { grep: 'no such words' })).text).toBe('Nothing in the log fits.')
  })

  it('shows what came to nothing among the rest, and alone', async () => {
    await seedFailed(at.store)
    await seedRefused(at.store)
    expect((await positions({ limit: 3 })).slice(1)).toEqual(['delivery', 'rejected'])
    expect(await positions({ failed: true })).toEqual(['delivery', 'rejected'])
    const { text } = await ask(at.store, 'log', { failed: true })
    expect(text).toMatch(/! {2}.* push +- +delivery d-1 was not understood: payload\.ref: expected a string/)
    expect(text).toMatch(/! {2}.* review_approved +#12 +refused by the log: .*payload\.reviewer: differs/)
  })
})

describe('rebuild', () => {
  beforeAll(seedAnew)

  it('says that the read models are what the log says', async () => {
    const { text, exit } = await ask(at.store, 'rebuild')
    expect(text).toMatch(/^acme\/rocket: \d+ events, equal$/)
    expect(exit).toBe(EXIT.ok)
  })

  it('lists what differs and ends with 1; with write it replaces it', async () => {
    await at.store.database.query((db) => db.execute(`update queue_entry set status = 'integrated' where pull = 12`))
    const { text, exit } = await ask(at.store, 'rebuild', { repository: REPOSITORY })
    expect(text).toMatch(/1 difference\n {2}queue_entry main 12 \w+, status: "integrated" is "blocked" by the log/)
    expect(exit).toBe(EXIT.differs)
    expect(await ask(at.store, 'rebuild', { write: true })).toMatchObject({
      exit: EXIT.ok,
      text: expect.stringContaining('replaced'),
    })
    expect((await ask(at.store, 'rebuild')).text).toContain('equal')
  })

  it('refuses a repository that it does not know', async () => {
    expect((await refusal(() => ask(at.store, 'rebuild', { repository: 'acme/plane' }))).exit).toBe(EXIT.notFound)
  })
})
