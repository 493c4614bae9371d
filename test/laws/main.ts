/**
 * `npm run laws -- --histories N --seed S`: plays drawn histories and judges each by every law. History number i follows from
 * seed S + i alone, so a broken one is played again by its own seed. It says what is broken, and knows no law.
 */
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

const WHOLE = /^\d+$/

function asked(): { histories: number; seed: number } {
  const { values } = parseArgs({
    options: { histories: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
  })
  for (const [name, value] of Object.entries(values))
    if (!WHOLE.test(value)) throw new Error(`--${name} is a whole number, not ${value}`)
  return { histories: Number(values.histories), seed: Number(values.seed) }
}

async function main(): Promise<number> {
  const { histories, seed } = asked()
  process.env['LAWS_HISTORIES'] = String(histories)
  process.env['LAWS_SEED'] = String(seed)
  const ended: { broken: number | undefined } = { broken: undefined }
  const vitest = await startVitest('test', ['test/laws/every-law.test.ts'], {
    watch: false,
    reporters: [
      {
        onTestCaseResult: (test) => {
          ended.broken = test.meta().broken
          for (const error of test.result().errors ?? [])
            if (ended.broken === undefined) process.stderr.write(`${error.stack ?? error.message}\n`)
        },
      },
    ],
  })
  await vitest.close()
  if (ended.broken === undefined) {
    process.stderr.write('the laws could not be judged\n')
    return 2
  }
  process.stdout.write(`laws: ${histories} histories, seed ${seed}, ${ended.broken} broken\n`)
  return ended.broken === 0 ? 0 : 1
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
})
