/** Rehearsals of small real repositories: what lands, what is caught, and what the target comes to. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Config, configSchema } from '../../src/core/config.ts'
import { type Around, type Asked, rehearse } from '../../src/rehearse/rehearse.ts'
import { drawing, git, lines, type Mark, removeClones, temporaryFolder, twoMerges } from './drawn-clone.ts'

// Of this file alone, so that what others are rehearsing is not taken for left behind.
const { TMPDIR } = process.env
beforeAll(() => {
  process.env.TMPDIR = temporaryFolder()
})
afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  removeClones()
})

const policy = (name: string, changes: object = {}) => ({
  name,
  config: { ...configSchema.parse({ mode: 'live', ...changes }), mode: 'live' } satisfies Config,
})
const MINUTES = 60_000

const never = (): AbortSignal => new AbortController().signal

async function rehearsed(path: string, given: Partial<Asked> = {}, around: Partial<Around> = {}) {
  const progress: string[] = []
  let now = 0
  const asked: Asked = {
    path,
    branch: null,
    last: 1000,
    wait: 30 * MINUTES,
    direct: 'push',
    ci: { kind: 'conflicts', ms: 5 * MINUTES },
    policies: [policy('batches')],
    ...given,
  }
  const answer = await rehearse(asked, {
    environment: process.env,
    signal: never(),
    clock: () => (now += 1000),
    deadline: never,
    progress: (what, done, all) => void progress.push(`${what} ${done}/${all}`),
    ...around,
  })
  return { ...answer, progress, outcome: answer.policies[0] }
}

/** Everything that a clone holds: refs, objects, files of its own. */
const stateOf = (path: string): string[] => [
  git(path, 'for-each-ref'),
  git(path, 'count-objects', '-v'),
  ...readdirSync(path, { recursive: true, encoding: 'utf8' }).sort(),
]

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('mainkeeper-rehearse-'))

describe('a rehearsal', () => {
  it('lands what history landed, comes to the same tree, and leaves the clone as it was', async () => {
    const draw = drawing()
    const { second } = twoMerges(draw)
    const squash = draw.commit('Change both (#8)', { 'a.txt': lines({ 1: 'one', 5: 'x' }), 'c.txt': 'c\n' }, [second])
    const path = draw.clone({ main: draw.commit('Fix a typo', { 'd.txt': 'd\n' }, [squash]) })
    const before = stateOf(path)
    const { policies, pulls, odd, progress } = await rehearsed(path, {
      policies: [policy('serial', { ci: { slots: 1 }, batch: { max: 1 } }), policy('batches')],
    })
    expect(pulls).toEqual({ merged: 2, squashed: 1, without_number: 0 })
    expect(odd.map(({ kind }) => kind)).toEqual(['direct'])
    expect(policies).toMatchObject(
      ['serial', 'batches'].map((name) => ({
        policy: name,
        pulls: 3,
        landed: 3,
        conflicts_caught: 0,
        not_landed: [],
        pushes: { done: 1, refused: [] },
        held: null,
        tree: { sha: git(path, 'rev-parse', 'main^{tree}'), equal: true, differs: [] },
      })),
    )
    expect(policies[0]?.builds).toBe(3)
    expect(progress).toContain('serial 3/3')
    expect(stateOf(path)).toEqual(before)
    expect(leftovers()).toEqual([])
  })

  it('is the same whenever it is repeated, and lands what is drawn as broken once it is mended', async () => {
    const draw = drawing()
    let tip = draw.commit('Start', { 'a.txt': lines() })
    for (let at = 1; at <= 8; at += 1) tip = draw.commit(`Change ${at} (#${at})`, { [`${at}.txt`]: 'x\n' })
    const path = draw.clone({ main: tip })
    const ask = (seed: number) => rehearsed(path, { ci: { kind: 'rate', rate: 0.4, seed, ms: 5 * MINUTES } })
    const [once, twice, other] = [await ask(1), await ask(1), await ask(4)]
    expect(once).toEqual(twice)
    expect(once.outcome?.failures_caught).toBeGreaterThan(0)
    expect(once.outcome).toMatchObject({
      landed: 8,
      landed_again: once.outcome?.failures_caught,
      tree: { equal: true },
    })
    expect([once, other].map(({ outcome }) => outcome?.failures_caught)).toEqual([3, 4])
  })

  it('catches a conflict that history settled by hand, lands it once it is settled, and comes to history’s tree', async () => {
    const draw = drawing()
    const start = draw.commit('Start', { 'a.txt': lines() })
    const one = draw.commit('Say one', { 'a.txt': lines({ 1: 'one' }) }, [start])
    const two = draw.commit('Say two', { 'a.txt': lines({ 1: 'two' }) }, [start])
    const first = draw.merge('Merge pull request #1 from a/a\n\nSay one', start, one, start)
    const both = { 'a.txt': lines({ 1: 'one and two' }) }
    const path = draw.clone({ main: draw.merge('Merge pull request #2 from a/a\n\nSay two', first, two, start, both) })
    const { outcome } = await rehearsed(path)
    expect(outcome).toMatchObject({ pulls: 2, landed: 2, landed_again: 1, conflicts_caught: 1, not_landed: [] })
    expect(outcome?.tree.equal).toBe(true)
  })

  it('runs a command in a checkout of each build, and names what did not land for every file that differs', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': lines() })
    draw.commit('Add b (#1)', { 'b.txt': 'broken\n' })
    draw.commit('Add c (#2)', { 'c.txt': 'c\n' })
    const path = draw.clone({ main: draw.commit('Mend b (#3)', { 'b.txt': 'good\n' }) })
    const command = '! grep -rq broken --include=*.txt . && test "$CI" = true'
    const { outcome } = await rehearsed(path, { ci: { kind: 'command', command, timeout: MINUTES } })
    expect(outcome?.not_landed.map(({ pull, reason }) => [pull, reason])).toEqual([
      [1, 'checks_failed'],
      [3, 'merge_conflict'],
    ])
    expect(outcome).toMatchObject({ landed: 1, conflicts_caught: 0, conflicts_for_lack: 1, failures_caught: 1 })
    expect(outcome?.not_landed[1]).toMatchObject({ evidence: ['b.txt'], for_lack_of: [{ pull: 1 }] })
    expect(outcome?.tree.differs.map(({ path, without }) => [path, without.map(({ pull }) => pull)])).toEqual([
      ['b.txt', [1, 3]],
    ])
    expect(leftovers()).toEqual([])
  })

  it('says of what came twice why it did not land in the end', async () => {
    const draw = drawing()
    const start = draw.commit('Start', { 'a.txt': lines() })
    const topic = draw.commit('Mine', { 'a.txt': lines({ 1: 'mine' }) }, [start])
    const one = draw.commit('Add b (#1)', { 'b.txt': 'broken\n' }, [start])
    const three = draw.commit('Theirs (#3)', { 'a.txt': lines({ 1: 'theirs' }) }, [one])
    const settled = { 'a.txt': lines({ 1: 'both' }), 'b.txt': 'mended\n' }
    const path = draw.clone({
      main: draw.merge('Merge pull request #2 from a/a\n\nMine', three, topic, start, settled),
    })
    const ci = { kind: 'command', command: '! grep -rq broken --include=*.txt .', timeout: MINUTES } as const
    const { outcome } = await rehearsed(path, { ci })
    expect(outcome?.not_landed.map(({ pull, evidence }) => [pull, evidence])).toEqual([
      [1, [expect.any(String)]],
      [2, ['b.txt']],
    ])
    expect(outcome?.not_landed[1]?.for_lack_of).toMatchObject([{ pull: 1 }])
  })

  it('counts the wait of a settled conflict from when it was settled', async () => {
    const draw = drawing()
    const start = draw.commit('Start', { 'a.txt': lines() })
    const one = draw.commit('Say one', { 'a.txt': lines({ 1: 'one' }) }, [start])
    const both = { 'a.txt': lines({ 1: 'one and two' }) }
    const pushed = draw.commit('Say two', { 'a.txt': lines({ 1: 'two' }) }, [start])
    const path = draw.clone({
      main: draw.merge('Merge pull request #2 from a/a\n\nSay one', pushed, one, start, both),
    })
    const { outcome } = await rehearsed(path, { wait: 5 * MINUTES })
    expect(outcome).toMatchObject({ landed: 1, landed_again: 1, wait_ms: { p50: 5 * MINUTES, p95: 5 * MINUTES } })
  })

  it('sees through a flaky command, under each policy anew', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': 'a\n' })
    const path = draw.clone({ main: draw.commit('Flake (#1)', { 'flaky.txt': 'x\n' }) })
    const seen = join(temporaryFolder(), 'seen')
    const command = `test ! -e flaky.txt || test -e '${seen}' || { touch '${seen}'; exit 1; }`
    const ci = { kind: 'command', command, timeout: MINUTES } as const
    const { policies } = await rehearsed(path, { ci, policies: [policy('one'), policy('other')] })
    expect(policies.map(({ landed, builds }) => [landed, builds])).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('counts a command that takes too long as failed', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': 'a\n' })
    const path = draw.clone({ main: draw.commit('Hang (#1)', { 'hang.txt': 'x\n' }) })
    const ci = { kind: 'command', command: 'test ! -e hang.txt || sleep 3600', timeout: MINUTES } as const
    const deadlines = [never(), AbortSignal.abort()]
    const { outcome } = await rehearsed(path, { ci }, { deadline: () => deadlines.shift() ?? AbortSignal.abort() })
    expect(outcome?.not_landed).toMatchObject([{ pull: 1, reason: 'checks_failed' }])
  })

  it('pushes what was no pull request past the queue, or has it queue as well', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': lines() })
    draw.commit('Change a (#1)', { 'a.txt': lines({ 1: 'one' }) })
    const path = draw.clone({ main: draw.commit('Change a again', { 'a.txt': lines({ 1: 'two' }) }) })
    const slow = { kind: 'conflicts', ms: 60 * MINUTES } as const
    const pushed = await rehearsed(path, { ci: slow })
    expect(pushed.outcome).toMatchObject({
      pulls: 1,
      landed: 1,
      pushes: { done: 0, refused: [{ pull: null, title: 'Change a again' }] },
      tree: { differs: [{ path: 'a.txt', without: [{ title: 'Change a again' }] }] },
    })
    const queued = await rehearsed(path, { ci: slow, direct: 'queue' })
    expect(queued.outcome).toMatchObject({
      pulls: 2,
      landed: 2,
      pushes: { done: 0, refused: [] },
      tree: { equal: true },
    })
  })

  it('ends when it is told to in the midst of a command, with no policy done, and clears its folder away', async () => {
    const draw = drawing()
    const path = draw.clone({ main: twoMerges(draw).second })
    const stop = new AbortController()
    let looks = 0
    const clock = () => {
      looks += 1
      // Two are for the start of the replay; the third is where the first build begins.
      if (looks === 3) stop.abort()
      return looks
    }
    const ci = { kind: 'command', command: 'true', timeout: MINUTES } as const
    expect((await rehearsed(path, { ci }, { clock, signal: stop.signal })).policies).toEqual([])
    expect(leftovers()).toEqual([])
  })

  it('is not led to another repository by the variables of a hook', async () => {
    const draw = drawing()
    const path = draw.clone({ main: twoMerges(draw).second })
    const environment = { ...process.env, GIT_DIR: '/nowhere/at/all', GIT_OBJECT_DIRECTORY: '/nowhere/at/all' }
    expect((await rehearsed(path, {}, { environment })).outcome?.landed).toBe(2)
  })
})

describe('a rehearsal is refused with a code and words', () => {
  const refusal = (path: string, given: Partial<Asked> = {}) =>
    rehearsed(path, given).then(
      () => null,
      (error: unknown) => {
        const { code, message } = error as { code?: string; message: string }
        return `${code}: ${message.replaceAll(path, 'PATH')}`
      },
    )
  const whole = () => {
    const draw = drawing()
    return draw.clone({ main: twoMerges(draw).second })
  }

  it('for a folder that is not there, or holds no clone, even within one', async () => {
    expect(await refusal('/nowhere/at/all')).toBe('no_clone: there is no folder PATH')
    expect(await refusal(temporaryFolder())).toMatch(/^no_clone: PATH is not a git clone: fatal: not a git repository/)
    expect(await refusal(join(whole(), 'objects'))).toMatch(/^no_clone: PATH is not a git clone/)
  })

  it('for a shallow clone, with the command that makes it whole', async () => {
    const path = temporaryFolder()
    execFileSync('git', ['clone', '--quiet', '--bare', '--depth', '1', `file://${whole()}`, path])
    expect(await refusal(path)).toMatch(/^shallow: .*git -C PATH fetch --unshallow$/)
  })

  it('for a clone without all of its files', async () => {
    const path = whole()
    appendFileSync(join(path, 'config'), '[remote "origin"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n')
    expect(await refusal(path)).toMatch(/^partial: .*without --filter$/)
  })

  it('for no commits, no such branch, and no pull requests', async () => {
    const empty = temporaryFolder()
    execFileSync('git', ['init', '--quiet', '--bare', empty])
    expect(await refusal(empty)).toBe('no_commits: PATH has no commits')
    expect(await refusal(whole(), { branch: '--exec=x' })).toBe('no_branch: PATH has no branch --exec=x; there is main')
    const draw = drawing()
    draw.commit('Start', { 'a.txt': 'a\n' })
    expect(await refusal(draw.clone({ main: draw.commit('More', { 'a.txt': 'b\n' }) }))).toBe(
      'no_pulls: main has 2 commits and no pull request among them: no merge commit, and no subject with (#n)',
    )
  })

  it('for a command that can not be started, or fails where the replay begins', async () => {
    const run = (command: string) => refusal(whole(), { ci: { kind: 'command', command, timeout: MINUTES } })
    expect(await run('no-such-program --now')).toMatch(
      /^ci_unstartable: “no-such-program --now” can not be started at [0-9a-f]{7}: .*not found/,
    )
    expect(await run('echo too bad; exit 3')).toMatch(
      /^ci_red_at_start: “echo too bad; exit 3” fails on [0-9a-f]{7}, where .*: too bad$/,
    )
    expect(leftovers()).toEqual([])
  })
})

/** What is judged is the branch, wherever it was cloned to and whatever is checked out. */
it('rehearses the default branch of a work tree, and a branch that only the remote has', async () => {
  const draw = drawing()
  const { second, first, start } = twoMerges(draw)
  const topic: Mark = draw.commit('Somewhere else', { 'z.txt': 'z\n' }, [start])
  const path = temporaryFolder()
  execFileSync('git', ['clone', '--quiet', draw.clone({ main: second, old: first, topic }), path])
  git(path, 'checkout', '--quiet', 'topic')
  expect(await rehearsed(path)).toMatchObject({ branch: 'main', pulls: { merged: 2 } })
  expect(await rehearsed(path, { branch: 'old' })).toMatchObject({ branch: 'old', pulls: { merged: 1 } })
})
