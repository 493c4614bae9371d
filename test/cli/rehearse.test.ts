/** `mainkeeper rehearse`: what is told of a rehearsal, in which form, and what the process ends with. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { runCommandLine } from '../../src/cli/program.ts'
import { progressBar } from '../../src/cli/progress-bar.ts'
import { renderRehearsed } from '../../src/cli/words/rehearsed.ts'
import type { Outcome } from '../../src/rehearse/outcome.ts'
import { drawing, lines, removeClones, temporaryFolder, twoMerges } from '../rehearse/drawn-clone.ts'

afterAll(removeClones)

async function ask(given: readonly string[], stop = new AbortController().signal, onErr: () => void = () => {}) {
  const told = { out: '', err: '' }
  const code = await runCommandLine(['rehearse', ...given], {
    variables: { ...process.env, WEBHOOK_SECRET: 'hidden-from-ci' },
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

let cloned: string | undefined

/** Three pull requests and a direct commit; with seed 6 the third one fails. No rehearsal changes it: one is enough. */
function clone(): string {
  if (cloned !== undefined) return cloned
  const draw = drawing()
  const { second } = twoMerges(draw)
  const broken = draw.commit('Break it (#8)', { 'c.txt': 'broken\n' }, [second])
  cloned = draw.clone({ main: draw.commit('Fix a typo', { 'd.txt': 'd\n' }, [broken]) })
  return cloned
}

const withoutIds = (text: string): string => text.replaceAll(/\b[0-9a-f]{7}\b/g, '1a2b3c4')

describe('rehearse', () => {
  it('tells the history, what was odd in it, a table of the policies, and who came again', async () => {
    const { code, out, err } = await ask([clone(), '--ci', 'rate=0.35', '--seed', '6', '--policy', 'slots=4'])
    expect(code).toBe(EXIT.ok)
    // How many requests an act takes is counted, and tested, elsewhere.
    expect(withoutIds(out).replaceAll(/\d+( +as in history)/g, 'N$1')).toMatchInlineSnapshot(`
      "main: 3 pull requests from 2026-01-05 to 2026-01-05
        2 by merge, 1 by squash; 1a2b3c4..1a2b3c4

      Not ordinary pull requests:
        1 direct commit: no pull request: pushed past the queue
          1a2b3c4  Fix a typo

      policy   landed  conflicts caught  failures caught  builds  per landed  wait P50  wait P95  requests  final tree
      serial   3 of 3  0                 1                6       2.00        30m       70m       N       as in history
      batches  3 of 3  0                 1                9       3.00        30m       50m       N       as in history
      slots=4  3 of 3  0                 1                9       3.00        20m       50m       N       as in history

      serial; batches; slots=4:
        1 of the landed came again: settled or mended, as in history
      "
    `)
    expect(err).toContain('serial: 4 of 4\n')
  })

  it('prints one JSON object, with everything that the table has', async () => {
    const { code, out } = await ask([clone(), '--json', '--minutes', '7', '--wait', '1h', '--last', '2'])
    expect(code).toBe(EXIT.ok)
    expect(out.split('\n')).toHaveLength(2)
    expect(JSON.parse(out)).toMatchObject({
      asked: { last: 2, wait_ms: 3_600_000, direct: 'push', ci: { kind: 'conflicts', ms: 420_000 } },
      branch: 'main',
      pulls: { merged: 1, squashed: 1, without_number: 0 },
      odd: [{ kind: 'direct', title: 'Fix a typo' }],
      policies: [
        { policy: 'serial', landed: 2, builds: 2, wait_ms: { p50: 420_000 }, tree: { equal: true } },
        { policy: 'batches', landed: 2, tree: { equal: true } },
      ],
    })
  })

  it('has what was no pull request queue where that is asked for, and says so', async () => {
    const { out } = await ask([clone(), '--direct', 'queue'])
    expect(out).toContain('1 direct commit: no pull request: queued like one')
    expect(out).toContain('4 of 4')
  })

  it('hands none of Mainkeeper’s secrets to the command', async () => {
    const { code } = await ask([clone(), '--ci', 'test -n "$PATH" && test -z "$WEBHOOK_SECRET"'])
    expect(code).toBe(EXIT.ok)
  })

  it('judges by a configuration file, and changes single keys of it', async () => {
    const file = join(temporaryFolder(), 'mainkeeper.yml')
    writeFileSync(file, 'mode: shadow\nland:\n  method: squash\n')
    const { code, out } = await ask([clone(), '--config', file, '--policy', 'land.method=rebase,batch.wait=2m'])
    expect(code).toBe(EXIT.ok)
    expect(out).toContain('land.method=rebase,batch.wait=2m')
  })

  it.each([
    ['a folder that is not there', ['/nowhere/at/all'], EXIT.notFound, 'there is no folder /nowhere/at/all'],
    ['a branch that is not there', ['CLONE', '--branch', 'x'], EXIT.notFound, 'has no branch x; there is main'],
    ['a command that is not there', ['CLONE', '--ci', 'no-such-thing'], EXIT.usage, 'can not be started'],
    ['a certain failure', ['CLONE', '--ci', 'rate=1'], EXIT.usage, 'rate=0.05 (from 0 to below 1)'],
    ['a negative rate', ['CLONE', '--ci', 'rate=-0.1'], EXIT.usage, 'rate=0.05 (from 0 to below 1)'],
    ['no command', ['CLONE', '--ci', ' '], EXIT.usage, 'or a command'],
    ['no slots', ['CLONE', '--policy', 'slots=0'], EXIT.usage, 'policy slots=0: ci.slots is 0: it is at least 1'],
    ['an empty batch', ['CLONE', '--policy', 'batch.max=0'], EXIT.usage, 'batch.max is 0: it is at least 1'],
    ['a key that is none', ['CLONE', '--policy', 'slot=4'], EXIT.usage, 'policy slot=4: slot'],
    ['what needs rebasing', ['CLONE', '--policy', 'land.method=fast-forward'], EXIT.usage, 'nobody in a rehearsal'],
    ['a policy that is none', ['CLONE', '--policy', 'fast'], EXIT.usage, '“fast” is no setting; write KEY=VALUE'],
    ['no such file', ['CLONE', '--config', '/nowhere/at/all'], EXIT.notFound, '/nowhere/at/all can not be read'],
    ['a wait without a unit', ['CLONE', '--wait', '30'], EXIT.usage, '90s, 10m, 2h or 1d'],
    ['none of the pull requests', ['CLONE', '--last', '0'], EXIT.usage, 'a number from 1'],
  ])('refuses %s with words', async (_, given, code, words) => {
    const answer = await ask(given.map((each) => (each === 'CLONE' ? clone() : each)))
    expect(answer).toMatchObject({ code, out: '', err: expect.stringContaining(words) })
    expect(answer.err).not.toMatch(/^\s+at /m)
  })

  it('ends when it is told to, and tells the policies that are done', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': lines() })
    const path = draw.clone({ main: draw.commit('Change a (#1)', { 'a.txt': lines({ 1: 'one' }) }) })
    const stop = new AbortController()
    let told = 0
    const answer = await ask([path], stop.signal, () => {
      told += 1
      if (told === 3) stop.abort()
    })
    expect(answer.code).toBe(EXIT.interrupted)
    expect(answer.out).toContain('\nserial  1 of 1')
    expect(answer.out).not.toContain('\nbatches')
    expect(answer.err).toContain('stopped before 1 of 2 policies were played')
    const atOnce = await ask([path], AbortSignal.abort())
    expect(atOnce).toEqual({ code: EXIT.interrupted, out: '', err: 'stopped before any policy was played\n' })
  })
})

describe('the words for a rehearsal', () => {
  it('name who did not land and why, and each file that differs, in a few words each', () => {
    const pull = (number: number) => ({
      pull: number,
      commit: String(number).padStart(40, 'a'),
      title: `Change ${number}`,
    })
    const many = Array.from({ length: 12 }, (_, at) => pull(at + 20))
    const outcome: Outcome = {
      policy: 'serial',
      pulls: 20,
      landed: 6,
      landed_again: 0,
      conflicts_caught: 1,
      failures_caught: 1,
      conflicts_for_lack: 12,
      not_landed: [
        { ...pull(1), reason: 'merge_conflict', evidence: ['a', 'b', 'c', 'd', 'e'], for_lack_of: [] },
        { ...pull(2), reason: 'checks_failed', evidence: [], for_lack_of: [] },
        ...many.map((one) => ({ ...one, reason: 'merge_conflict', evidence: ['a'], for_lack_of: [pull(1), pull(2)] })),
      ],
      builds: 9,
      builds_per_landed: 1.5,
      wait_ms: { p50: 90_000, p95: 9_000_000 },
      requests: { total: 100, by_effect: {} },
      pushes: { done: 1, refused: [{ pull: null, commit: 'b'.repeat(40), title: 'Fix a\u001b[31m typo' }] },
      held: 'because it is so',
      ended_at: '2026-01-06T00:00:00.000Z',
      tree: {
        sha: 'c'.repeat(40),
        equal: false,
        differs: [
          { path: 'a', without: many },
          { path: 'b', without: [] },
        ],
      },
    }
    const about = {
      branch: 'main',
      start: 'd'.repeat(40),
      end: 'e'.repeat(40),
      first_at: '2026-01-05',
      last_at: '2026-01-06',
    }
    const pulls = { merged: 20, squashed: 0, without_number: 3 }
    expect(renderRehearsed({ ...about, pulls, odd: [], policies: [outcome] }, 'push')).toMatchInlineSnapshot(`
      "main: 20 pull requests from 2026-01-05 to 2026-01-06
        20 by merge, 0 by squash; 3 without a number of their own; ddddddd..eeeeeee

      policy  landed   conflicts caught  failures caught  builds  per landed  wait P50  wait P95  requests  final tree
      serial  6 of 20  1                 1                9       1.50        90s       2.5h      100       other in 2 files

      serial:
        12 conflicts beside those caught: only for lack of what did not land here
        did not land:
          #1   aaaaaaa  Change 1   merge_conflict: a, b, c, 2 more
          #2   aaaaaaa  Change 2   checks_failed
          #20  aaaaaaa  Change 20  merge_conflict for lack of #1, #2: a
          #21  aaaaaaa  Change 21  merge_conflict for lack of #1, #2: a
          #22  aaaaaaa  Change 22  merge_conflict for lack of #1, #2: a
          #23  aaaaaaa  Change 23  merge_conflict for lack of #1, #2: a
          #24  aaaaaaa  Change 24  merge_conflict for lack of #1, #2: a
          #25  aaaaaaa  Change 25  merge_conflict for lack of #1, #2: a
          #26  aaaaaaa  Change 26  merge_conflict for lack of #1, #2: a
          #27  aaaaaaa  Change 27  merge_conflict for lack of #1, #2: a
          and 4 more; --json has all
        pushed past the queue, could not be put on the target as it stood then:
            bbbbbbb  Fix a[31m typo
        not as in history:
          a  without #20, #21, #22, 9 more
          b  came together in another order
        the lane was held at the end: because it is so"
    `)
  })
})

describe('a progress bar', () => {
  function drawn(terminal: boolean): string[] {
    const written: string[] = []
    let now = 0
    const bar = progressBar(
      (text) => void written.push(text),
      terminal,
      () => (now += 30),
    )
    for (let done = 0; done <= 20; done += 1) bar.show('serial', done, 20)
    bar.end()
    return written
  }

  it('is written over in a terminal, no more often than an eye sees, and taken away at the end', () => {
    const written = drawn(true)
    expect(written[0]).toBe('\r\u001b[Kserial  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 of 20')
    expect(written.at(-2)).toBe('\r\u001b[Kserial  ██████████████████████████████  20 of 20')
    expect(written.at(-1)).toBe('\r\u001b[K')
    expect(written.length).toBeLessThan(12)
  })

  it('is a line for each tenth elsewhere', () => {
    const written = drawn(false)
    expect(written).toHaveLength(11)
    expect(written.slice(0, 2)).toEqual(['serial: 0 of 20\n', 'serial: 2 of 20\n'])
  })
})
