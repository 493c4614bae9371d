/** `npm run kill`: reads the command line, shows how far it got, and exits with 1 when a kill made a difference. */
import { parseArgs } from 'node:util'
import { wordsOf } from './point.ts'
import { replayAll } from './replays.ts'
import { STORIES } from './stories.ts'

const USAGE = `npm run kill -- [--only <story>] [--points <number> | --all] [--seed <number>]
  --only    ${[...new Set(STORIES.map(({ name }) => name))].join(', ')}
  --points  how many points, one of every kind first (default 110)
  --all     every point that was recorded
  --seed    which points, and in which order (default 1)
`

const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      points: { type: 'string', default: '110' },
      all: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
    },
  })
  const stories = STORIES.filter(({ name }) => values.only === undefined || name === values.only)
  const points = values.all ? Number.POSITIVE_INFINITY : Number(values.points)
  const seed = Number(values.seed)
  if (stories.length === 0 || !(points > 0) || !Number.isSafeInteger(seed)) {
    process.stderr.write(USAGE)
    return 2
  }
  const replayed = await replayAll({
    stories,
    points,
    seed,
    workers: 2,
    onRecorded: (story, found) => say(`recorded ${story.name} on ${story.database}: ${found} points`),
    onReplayed: ({ point, outcome, told, seconds }, done, of) => {
      say(`${String(done).padStart(4)}/${of}  ${seconds.toFixed(1).padStart(5)} s  ${outcome}  ${wordsOf(point)}`)
      for (const line of told) say(`      ${line.replaceAll('\n', '\n      ')}`)
    },
  })
  const missed = replayed.filter(({ outcome }) => outcome === 'not reached').length
  const different = replayed.filter(({ outcome }) => outcome === 'different').length
  if (missed > 0) say(`${missed} points were not reached: the harness failed`)
  say(`kill: ${replayed.length} points, ${different} differences`)
  return missed + different > 0 ? 1 : 0
}

// Only an exit of our own takes the processes along that were started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2))
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
})
