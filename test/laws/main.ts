/**
 * `npm run laws`: plays drawn histories and judges each by every law. Which history it is follows from its seed alone, so a
 * broken one is played again by its own seed. It says what is broken, and knows no law.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

const HELP = `Plays histories of people, faults and crashes against the twin, and judges each by every law.

npm run laws                                     10,000 histories from seed 1: hours
npm run laws -- --histories 500 --seed 1         seeds 1 to 500
npm run laws -- --histories 1 --seed 77          the history of seed 77 alone: the way to play a broken one again

--histories N   how many (10000)
--seed S        the seed of the first; each of the others follows from the next number (1)
--shrink S      for how many seconds a broken history is made smaller (60)

Progress, and what is broken, go to standard error. Ctrl-C ends after the history under way. One run uses one core: two runs
with seeds that do not meet use two. The last line is "laws: N histories, seed S, B broken", N being those that were played;
the exit code is 0 when none is broken, 1 when one is, 2 when they could not be judged.
`

const WHOLE = /^\d+$/

function asked(): { histories: string; seed: string; shrink: string } | 'help' {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      shrink: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  })
  const { help, ...numbers } = values
  if (help) return 'help'
  for (const [name, value] of Object.entries(numbers))
    if (!WHOLE.test(value)) throw new Error(`--${name} is a whole number, not ${value}; --help shows examples`)
  return numbers
}

interface Ended {
  readonly played: number
  readonly broken: number
}

async function play(): Promise<Ended | null> {
  const ended: { of: Ended | null } = { of: null }
  const ours = process.listeners('SIGINT')
  const vitest = await startVitest('test', ['test/laws/every-law.test.ts'], {
    watch: false,
    reporters: [
      {
        // Vitest would end at once, and with it what was found so far.
        onInit: () => {
          for (const theirs of process.listeners('SIGINT'))
            if (!ours.includes(theirs)) process.removeListener('SIGINT', theirs)
        },
        onTestCaseResult: (test) => {
          const { played, broken } = test.meta()
          if (played !== undefined && broken !== undefined) ended.of = { played, broken }
          else for (const error of test.result().errors ?? []) process.stderr.write(`${error.stack ?? error.message}\n`)
        },
      },
    ],
  })
  await vitest.close()
  return ended.of
}

async function main(): Promise<number> {
  const given = asked()
  if (given === 'help') {
    process.stdout.write(HELP)
    return 0
  }
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-laws-'))
  const stop = join(folder, 'stop')
  process.env['LAWS_HISTORIES'] = given.histories
  process.env['LAWS_SEED'] = given.seed
  process.env['LAWS_SHRINK'] = String(Number(given.shrink) * 1000)
  process.env['LAWS_STOP'] = stop
  // The process that plays hears of it by the file, whoever sent the signal to whom.
  process.on('SIGINT', () => void writeFile(stop, '').catch(() => {}))
  try {
    const ended = await play()
    if (!ended) {
      process.stderr.write('the laws could not be judged\n')
      return 2
    }
    process.stdout.write(`laws: ${ended.played} histories, seed ${given.seed}, ${ended.broken} broken\n`)
    return ended.broken === 0 ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
})
