/** What `cutover` says of a lane in shadow, and when it records that somebody accepted it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { runCommandLine } from '../../src/cli/program.ts'
import type { NewEvent } from '../../src/core/events.ts'
import { iso } from '../../src/core/ids.ts'
import { append, by, configured, installed, observedRepository } from '../store/lane-facts.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'
import {
  check,
  commit,
  configWith,
  event,
  headOf,
  protection,
  REPOSITORY,
  seen,
  targetMoved,
} from '../support/facts.ts'
import { ask, refusal } from './asked.ts'

let at: TestStore
beforeAll(async () => {
  at = await openTestStore()
})
beforeEach(() => at.truncate())
afterAll(() => at.close())

const NOW = Date.now()
const ago = (hours: number): string => iso(NOW - hours * 3_600_000)

const inMode = (mode: 'shadow' | 'live'): NewEvent =>
  event('config_changed', { ...configured().payload, config: { ...configWith(), mode } })

const judged = (pull: number, verdict: 'land' | 'wait', sha = headOf(pull)): NewEvent =>
  by(
    'main',
    event('shadow_judged', {
      pull,
      branch: `topic-${pull}`,
      sha,
      verdict,
      behind: [],
      waits: verdict === 'land' ? [] : [{ code: 'review_approved', reason: 'approvals_missing', words: '1 approval' }],
      judged_at: ago(30),
    }),
  )
const merged = (pull: number, merged_as: string | null = null): NewEvent =>
  seen(pull, { state: 'merged', merged_as, merged_at: ago(26), updated_at: ago(26) })

/** A shadow of so many days in which 1 to `agreed` were merged as they would have been landed. */
async function shadowed(days: number, agreed: number, ...more: NewEvent[]): Promise<void> {
  await append(at.store, [observedRepository(), inMode('shadow'), protection()])
  await append(at.store, [by('main', event('shadow_began', { began_at: ago(days * 24 + 1) }))])
  for (let pull = 1; pull <= agreed; pull++) await append(at.store, [judged(pull, 'land'), merged(pull)])
  await append(at.store, more)
}

const cutover = (rest: object = {}) => ask(at.store, 'cutover', { repository: REPOSITORY, ...rest })

describe('cutover', () => {
  it('says what to do where there is no shadow yet, and what is missing where there is too little of it', async () => {
    await append(at.store, [observedRepository(), inMode('shadow')])
    expect((await cutover()).text).toContain('no shadow yet: there is nothing to compare. Set mode: shadow')
    await at.truncate()
    await shadowed(2, 1)
    const { text, exit } = await cutover()
    expect(exit).toBe(EXIT.differs)
    expect(text).toContain('shadow, in shadow since')
    expect(text).toContain(
      'No go: 2 days and 1 merged pull request are not enough; it takes 14 days or 50 pull requests.',
    )
  })

  it('counts what agreed and lists everything else with its reason', async () => {
    const red = commit('ee')
    await shadowed(20, 1, judged(12, 'land', commit('0a')), merged(12), judged(13, 'wait'), merged(13))
    await append(at.store, [
      merged(14, red),
      targetMoved({ after: red }),
      check({ sha: red, branch: 'main', conclusion: 'failure' }),
    ])
    await append(at.store, [judged(15, 'land'), check({ sha: headOf(15), conclusion: 'failure' })])
    const { text, exit, answers } = await cutover({ target: 'main' })
    expect(exit).toBe(EXIT.differs)
    expect(answers).toMatchObject([{ lanes: [{ comparison: { days: 20, agreement: 33, held_back: [{ pull: 15 }] } }] }])
    expect(text).toMatch(/agreed +1 +33 %; half of them were ready more than 4 hours before/)
    expect(text).toMatch(/would have waited +1\n +would have landed earlier +1 .*\n +would have been caught +1/)
    expect(text).toMatch(/#12 .* would have landed 0a0a0a0 at /)
    expect(text).toMatch(/#13 .* would have waited: 1 approval +Change 13/)
    expect(text).toMatch(/#14 .* would have been caught: test failed on eeeeeee/)
    expect(text).toMatch(/#15 .* would have landed, and a required check was red: test/)
    expect(text).toContain(
      'No go: 33 % agreed; it takes 95 %; 1 commit would have landed that a red required check held back.',
    )
    expect(text).toContain('Nothing is built in shadow.')
  })

  it('records with a name that a shadow was accepted, once, and the lane is live', async () => {
    await shadowed(20, 2, inMode('live'))
    const mode = async () =>
      (await cutover()).answers.map((answer) => (answer as { lanes: { mode: string }[] }).lanes[0]?.mode)
    expect((await cutover()).text).toContain(
      `Go. To accept it: mainkeeper cutover ${REPOSITORY}:main --accept --as <your name>. The configuration says mode: live, and waits for this.`,
    )
    expect(await mode()).toEqual(['shadow'])
    const { text, exit } = await cutover({ accept: 'carol' })
    expect([exit, text]).toEqual([EXIT.ok, expect.stringContaining('Accepted by carol at ')])
    expect(await mode()).toEqual(['live'])
    const [recorded] = await at.store.models.eventsOf({ grep: 'cutover_accepted', limit: 1 })
    expect(recorded).toMatchObject({ source: 'cli:cutover', payload: { by: 'carol', days: 20, merged: 2, agreed: 2 } })
    expect(await refusal(() => cutover({ accept: 'mallory' }))).toMatchObject({
      exit: EXIT.notFound,
      words: expect.stringContaining('the shadow of main was accepted by carol'),
    })
  })

  it('accepts nothing while it is no go, and nothing where there is no shadow', async () => {
    await shadowed(2, 1)
    expect(await refusal(() => cutover({ accept: 'carol' }))).toMatchObject({
      exit: EXIT.differs,
      words: expect.stringContaining('not accepted. No go: 2 days'),
    })
    expect(await at.store.models.eventsOf({ grep: 'cutover_accepted', limit: 1 })).toEqual([])
    await at.truncate()
    await append(at.store, installed())
    expect((await refusal(() => cutover({ accept: 'carol' }))).words).toBe('nothing to accept: no lane is in shadow')
    expect((await refusal(() => cutover({ target: 'next' }))).words).toBe(
      'there is no lane next of acme/rocket; there are main',
    )
  })

  it.each([
    [['cutover', 'acme/rocket', '--accept'], 'say who accepts it: --accept --as <name>'],
    [['cutover', 'acme/rocket', '--as', 'carol'], '--as names who accepts: it goes with --accept'],
    [['cutover', 'rocket'], '“rocket” names no lane; write owner/repo or owner/repo:target'],
  ])('refuses %j', async (given, words) => {
    let told = ''
    const say = (text: string) => {
      told += text
    }
    const { signal } = new AbortController()
    const around = { variables: {}, out: say, err: say, input: async () => '', stop: signal }
    const code = await runCommandLine(given, around)
    expect([code, told.trim()]).toEqual([EXIT.usage, words])
  })
})
