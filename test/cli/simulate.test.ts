/** `mainkeeper simulate`: what is told of a simulation, in which form, what is refused, and what the process ends with. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { runCommandLine } from '../../src/cli/program.ts'
import { subjectOf } from '../../src/cli/simulate/past.ts'
import type { RecordedAnswer } from '../../src/cli/verbs/recorded.ts'
import { openTestStore, type TestStore, testDatabases } from '../support/database/database.ts'
import { ask, refusal } from './asked.ts'
import { seedLane } from './seeded-lane.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-simulate-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function simulate(given: readonly string[], stop = new AbortController().signal, onErr: () => void = () => {}) {
  const told = { out: '', err: '' }
  const code = await runCommandLine(['simulate', ...given], {
    variables: {},
    out: (text) => void (told.out += text),
    err(text) {
      told.err += text
      onErr()
    },
    input: async () => '',
    stop,
  })
  return { code, ...told }
}

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const small = ['--queued', '6', '--spread', 'fixed', '--p', '0']

describe('simulate', () => {
  it('tells the workload and a table of the policies', async () => {
    const { code, out, err } = await simulate([...small, '--policy', 'slots=2,batch.max=3'])
    expect(code).toBe(EXIT.ok)
    expect(out).toMatchInlineSnapshot(`
      "6 pull requests waiting, 0 % break the build, 0 % of builds fail for nothing, builds of 30 min (fixed); seed 1

      policy               landed  blocked  builds  per landed  wait P50  wait P95  took  requests per landed
      serial               6       0        6       1.00        2.0h      3.0h      3.0h  28.3
      batches              6       0        2       0.33        30m       30m       30m   10.5
      slots=2,batch.max=3  6       0        2       0.33        30m       30m       30m   10.8
      "
    `)
    expect(err).toContain('serial: 6 of 6')
  })

  it('says the same for the same seed, and gives ranges over several', async () => {
    const given = ['--arrivals', '10', '--rate', '4', '--p', '0.2', '--seeds', '2', '--seed', '7']
    const [first, again] = [await simulate(given), await simulate(given)]
    expect(again.out).toBe(first.out)
    expect(first.out).toContain('10 pull requests at 4 an hour, 20 % break the build')
    expect(first.out).toContain('seeds 7 to 8')
    expect(first.out).toMatch(/batches +8 +2 .* 45m \(43m–47m\)/)
  })

  it('begins every policy with the file, and gives the slots to whoever has none of its own', async () => {
    const config = await file('max.yml', 'mode: live\nbatch: { max: 3 }\n')
    const { out } = await simulate([...small, '--config', config, '--slots', '1', '--policy', 'slots=2'])
    // Six in batches of three: one after the other in one slot, at once in two.
    expect(out).toMatch(/batches +6 +0 +2 +0.33 +60m +60m/)
    expect(out).toMatch(/slots=2 +6 +0 +2 +0.33 +30m +30m/)
  })

  it('writes every figure as JSON and a plot as SVG', async () => {
    const [json, svg] = [join(folder, 'a.json'), join(folder, 'a.svg')]
    await simulate([...small, '--seeds', '2', '--json', json, '--svg', svg])
    const written: unknown = JSON.parse(await readFile(json, 'utf8'))
    const run = {
      landed: 6,
      blocked: 0,
      left: 0,
      builds: 6,
      builds_per_landed: 1,
      wait_ms: { p50: 7_200_000, p95: 10_800_000 },
      took_ms: 10_800_000,
      requests: { 'advance-target': 12 },
      held: null,
    }
    expect(written).toMatchObject({
      workload: { count: 6, rate: null, bad: 0, flake: 0, minutes: 30, spread: 'fixed' },
      seeds: [1, 2],
      policies: [
        { policy: 'serial', config: { ci: { slots: 1 }, batch: { max: 1 } }, runs: [{ seed: 1, ...run }, { seed: 2 }] },
        { policy: 'batches' },
      ],
    })
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg [^]*<circle [^]*<\/svg>\n$/)
  })

  it('ends when it is told to, with what was played until then', async () => {
    const stop = new AbortController()
    let lines = 0
    // After the whole of `serial`, in the middle of `batches`.
    const { code, out, err } = await simulate(
      ['--arrivals', '20', '--spread', 'fixed'],
      stop.signal,
      () => (lines += 1) === 15 && stop.abort(),
    )
    expect(code).toBe(EXIT.interrupted)
    expect(out).toMatch(/\nserial /)
    expect(out).not.toMatch(/\nbatches /)
    expect(err).toContain('stopped after 1 of 2 runs')
  })

  it.each([
    [['--queued', '0'], 'a whole number from 1 to 10000'],
    [['--arrivals', '2.5'], 'a whole number from 1 to 10000'],
    [['--slots', '0'], 'a whole number from 1 to 1000'],
    [['--rate', '-1'], 'a number above 0'],
    [['--rate', '0'], 'a number above 0'],
    [['--minutes', '0'], 'a number above 0'],
    [['--p', '1'], 'a share from 0 to below 1'],
    [['--flake', '-0.1'], 'a share from 0 to below 1'],
    [['--p', 'much'], 'a share from 0 to below 1'],
    [['--spread', 'wide'], 'lognormal, fixed'],
    [['--seeds', '0'], 'a whole number from 1 to 100'],
    [['--queued', '5', '--rate', '3'], 'leave out --arrivals and --rate'],
    [['--last', '5'], '--from'],
    [['--from', 'acme/rocket', '--p', '0.1', '--rate', '3'], 'leave out --rate, --p'],
    [['--from', 'rocket'], 'owner/repo'],
    [['--policy', 'slots=0'], 'policy slots=0: ci.slots is 0'],
    [['--policy', 'batch.max=0'], 'policy batch.max=0: batch.max is 0'],
    [['--policy', 'slots'], 'write KEY=VALUE'],
    [['--policy', 'speed=9'], 'speed'],
    [['--policy', 'land.method=fast-forward'], 'nobody in a simulation rebases'],
    [['--json', '/nowhere/at/all.json'], '/nowhere/at/all.json can not be written'],
  ])('refuses %j with words', async (given, words) => {
    const { code, out, err } = await simulate(given)
    expect(err).toContain(words)
    expect(code).toBe(EXIT.usage)
    expect(out).toBe('')
  })

  it('refuses a file that can not be, with its place, and one that is not there', async () => {
    const never = 'mode: live\nwindows:\n  - { opens: 0 8 30 2 *, closes: 0 16 * * * }\n'
    const { code, err } = await simulate(['--config', await file('never.yml', never)])
    expect(code).toBe(EXIT.usage)
    expect(err).toMatch(/never\.yml:3:\d+: `windows\.0\.opens` is "0 8 30 2 \*": an instant that comes/)
    expect((await simulate(['--config', await file('none.yml', 'mode: live\nci: { slots: 0 }\n')])).err).toContain(
      'none.yml:2:',
    )
    expect(await simulate(['--config', join(folder, 'absent.yml')])).toMatchObject({ code: EXIT.notFound })
  })

  it('keeps what stands in a file until there is something better', async () => {
    const json = await file('kept.json', 'kept')
    const stop = new AbortController()
    stop.abort()
    expect(await simulate([...small, '--json', json], stop.signal)).toMatchObject({
      code: EXIT.interrupted,
      out: '',
      err: 'stopped after 0 of 2 runs\n',
    })
    expect(await readFile(json, 'utf8')).toBe('kept')
    await simulate([...small, '--json', json, '--policy', 'slots=0'])
    expect(await readFile(json, 'utf8')).toBe('kept')
  })
})

describe('simulate --from', () => {
  let at: TestStore
  beforeAll(async () => {
    at = await openTestStore({ kind: testDatabases().at(-1) ?? 'pglite' })
    await seedLane(at.store)
  })
  afterAll(() => at.close())

  const read = async (asked: object) => {
    const { answers } = await ask(at.store, 'recorded', { repository: 'acme/rocket', last: 100, ...asked })
    return answers[0] as RecordedAnswer
  }

  it('reads what a lane has been through, and what counts there', async () => {
    const { target, recorded, config } = await read({})
    expect(target).toBe('main')
    expect(recorded).toMatchObject({ came: [{ title: '#14 Change 14', fate: 'landed' }, {}], unknown: 1 })
    expect(config).toMatchObject({ mode: 'live', batch: { max: 50 } })
    expect(subjectOf(await read({ last: 1 }), 1).words).toBe(
      'acme/rocket:main: 1 pull request since 2026-01-05, 0 broke the build, 1 conflicted, 0 of 1 good build failed for nothing, builds of 0 min, 1 left out, their outcome is not known',
    )
  })

  it('says what is not known', async () => {
    expect(await refusal(() => read({ target: 'next' }))).toEqual({
      exit: EXIT.notFound,
      words: 'there is no lane next of acme/rocket; there are acme/rocket:main',
    })
    const { recorded, ...lane } = await read({})
    const nobody = { ...lane, recorded: { ...recorded, came: [] } }
    expect((await refusal(() => subjectOf(nobody, 1))).words).toContain('of no pull request of acme/rocket:main')
    const unbuilt = { ...lane, recorded: { ...recorded, builds: [] } }
    expect((await refusal(() => subjectOf(unbuilt, 1))).words).toContain('how long one takes is not known')
    const nowhere = ['--folder', join(folder, 'nowhere'), '--from', 'acme/rocket']
    expect(await simulate(nowhere)).toMatchObject({
      code: EXIT.notFound,
      err: expect.stringContaining('there is no database'),
    })
  })

  it.runIf(testDatabases().includes('postgres'))('plays it again under a policy', async () => {
    const json = join(folder, 'past.json')
    const given = ['--database', at.url ?? '', '--from', 'acme/rocket:main', '--policy', 'slots=3', '--json', json]
    const { code, out } = await simulate(given)
    expect(code).toBe(EXIT.ok)
    expect(out).toMatch(/^acme\/rocket:main: 2 pull requests since 2026-01-05, /)
    expect(out).toMatch(/slots=3 +1 +1 +1 +1.00/)
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      workload: { lane: 'acme/rocket:main', last: 200, came: [{ fate: 'landed' }, { fate: 'conflicted' }] },
    })
  })
})
