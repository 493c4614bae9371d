/** `npm run chaos`: reads the command line, shows how far it got, reports, and exits with 1 when something was wrong. */
import { parseArgs } from 'node:util'
import { type ChaosOptions, type Progress, type Report, runChaos } from './chaos.ts'
import { TTL_SECONDS } from './takeovers.ts'

const USAGE = `npm run chaos -- [--seconds <number>] [--lanes <number>] [--replicas <number>] [--seed <number>]

Runs replicas of the app on one PostgreSQL against a local GitHub, kills, pauses and cuts them off at random, and counts in
the local GitHub's git what came of every pull request. Time runs ten times as fast as the machine's.

  --seconds   how long there is trouble, by the machine's clock (default 120)
  --lanes     how many targets, five to a repository (default 20)
  --replicas  how many processes, at least two (default 3)
  --seed      what is drawn: the pull requests, the trouble (default: of the moment; it is printed)
  --help      this

  npm run chaos                                  two minutes, three replicas, twenty lanes
  npm run chaos -- --seconds 20 --lanes 4        a short one
  npm run chaos -- --seed 7 --replicas 5         five replicas, the trouble of seed 7

Ctrl-C ends the trouble; what is under way is brought to its end. Pressed again it ends at once.
Exit code: 0, or 1 when a pull request was lost or landed twice, a target took an untested commit, a stale holder wrote to
the log, or a process ended unasked; 2 when it could not run.
`

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const LINES_TOLD = 12
/** Signals that come within so many milliseconds are one. */
const ONE_PRESS = 1_000

function asked(): Omit<ChaosOptions, 'signal' | 'onProgress'> | 'help' {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '120' },
      lanes: { type: 'string', default: '20' },
      replicas: { type: 'string', default: '3' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const whole = (name: 'seconds' | 'lanes' | 'replicas' | 'seed', least: number): number => {
    if (!/^\d{1,9}$/.test(values[name]) || Number(values[name]) < least)
      throw new Error(`--${name} is a whole number, ${least} or more, not ${values[name]}`)
    return Number(values[name])
  }
  const seconds = whole('seconds', 5)
  const lanes = whole('lanes', 1)
  const pulls = Math.max(lanes, Math.round(seconds / 2))
  return { seconds, lanes, pulls, replicas: whole('replicas', 2), seed: whole('seed', 0) }
}

function tell({ phase, seconds, whole, troubles, verdict }: Progress): void {
  const { kills, pauses, cuts } = troubles
  const { pulls, landed, blocked, dequeued } = verdict
  say(
    `${String(seconds).padStart(4)} s of ${phase}: ${whole} whole; ${kills} kills, ${pauses} pauses, ${cuts} cuts; ` +
      `${pulls} pull requests, ${landed} landed, ${blocked} blocked, ${dequeued} dequeued`,
  )
}

function report(replicas: number, { verdict, troubles, takeovers, stale, crashes, left }: Report): number {
  const { lost, twice, untested } = verdict
  for (const line of [...lost, ...twice, ...untested, ...stale.map((event) => `stale in the log: ${event}`)]) say(line)
  for (const told of crashes) say(`a process ended unasked:\n  ${told.slice(-LINES_TOLD).join('\n  ')}`)
  for (const ref of left) say(`left behind: ${ref}`)
  for (const lane of takeovers.waiting) say(`never taken over: ${lane}`)
  const { kills, pauses, cuts, outages } = troubles
  say(`trouble: ${kills} kills, ${pauses} pauses, ${cuts} cuts from PostgreSQL, ${outages} outages of it for all`)
  say(
    `takeovers: ${takeovers.taken} lanes, largest gap ${takeovers.longest.toFixed(1)} s, at most ${takeovers.late.toFixed(1)} s ` +
      `after the end of a lease of ${TTL_SECONDS} s, at most ${takeovers.free.toFixed(1)} s while a turn was free`,
  )
  say(
    `log: ${stale.length} events of a stale epoch; ${verdict.dequeued} dequeued; ${crashes.length} processes ended unasked`,
  )
  say(
    `chaos: ${replicas} replicas, ${kills} kills, ${verdict.pulls} pull requests, ${verdict.landed} landed, ` +
      `${verdict.blocked} blocked, ${lost.length} lost, ${twice.length} landed twice, ${untested.length} untested trees`,
  )
  return lost.length + twice.length + untested.length + stale.length + crashes.length > 0 ? 1 : 0
}

async function main(): Promise<number> {
  const options = asked()
  if (options === 'help') {
    say(USAGE)
    return 0
  }
  const { seconds, lanes, replicas, pulls, seed } = options
  say(`seed ${seed}: ${seconds} s of trouble for ${replicas} replicas, ${lanes} lanes, ${pulls} pull requests`)
  const stop = new AbortController()
  let stopped = 0
  const end = (): void => {
    if (stop.signal.aborted) {
      // npm and tsx hand on a signal that came from the terminal already. Only an exit of our own takes the processes along.
      if (Date.now() - stopped > ONE_PRESS) process.exit(2)
      return
    }
    stopped = Date.now()
    say('the trouble is over; what is under way is brought to its end (again: end at once)')
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  return report(replicas, await runChaos({ ...options, signal: stop.signal, onProgress: tell }))
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
})
