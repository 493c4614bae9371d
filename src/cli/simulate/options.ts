/** The options of `mainkeeper simulate`: what each may be, and which go together. It plays nothing. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Workload } from '../../simulate/workload/synthetic.ts'
import { laneIn } from '../asking.ts'
import { EXIT, Refusal } from '../exit-codes.ts'

export interface Given {
  readonly arrivals?: number
  readonly rate?: number
  readonly queued?: number
  readonly p?: number
  readonly flake?: number
  readonly minutes?: number
  readonly spread?: Workload['spread']
  readonly slots?: number
  readonly seed: number
  readonly seeds: number
  readonly config?: string
  readonly policy?: readonly string[]
  readonly from?: string
  readonly last?: number
  readonly json?: string
  readonly svg?: string
}

/** A lane whose own past is played again. */
export interface Past {
  readonly from: { readonly repository: string; readonly target: string | undefined }
  readonly last: number
}

const DEFAULTS = { arrivals: 200, rate: 6, p: 0.05, flake: 0, minutes: 30, spread: 'lognormal', last: 200 } as const

/** More than these take hours. */
const MOST_PULLS = 10_000
const MOST_SEEDS = 100
const MOST_SLOTS = 1000

export const options = (command: Command): Command =>
  command
    .option('--arrivals <count>', `so many pull requests come, one after the other (${DEFAULTS.arrivals})`, pulls)
    .option('--rate <count>', `so many of them in an hour, by chance (${DEFAULTS.rate})`, positive)
    .option('--queued <count>', 'so many wait at the beginning, and none comes', pulls)
    .option('--p <share>', `the share of them that breaks the build (${DEFAULTS.p})`, share)
    .option('--flake <chance>', `the chance that a build of a good tree fails (${DEFAULTS.flake})`, share)
    .option('--minutes <count>', `how long a build takes, the median (${DEFAULTS.minutes})`, positive)
    .addOption(
      new Option('--spread <how>', `how that varies from build to build (${DEFAULTS.spread})`).choices([
        'lognormal',
        'fixed',
      ]),
    )
    .option('--slots <count>', 'ci.slots of every policy that does not set it itself', upTo(MOST_SLOTS))
    .option('--config <file>', 'the mainkeeper.yml that every policy begins with, instead of the defaults')
    .option('--policy <keys>', 'one more policy beside serial and batches; can be given again', more)
    .option('--from <lane>', 'play what came of owner/repo:target again, as the log has it')
    .option('--last <count>', `so many of the latest pull requests of that log (${DEFAULTS.last})`, pulls)
    .option('--seed <number>', 'the first seed', upTo(1_000_000), 1)
    .option('--seeds <count>', 'so many seeds from that on; figures are told with their range', upTo(MOST_SEEDS), 1)
    .option('--json <file>', 'every figure of every run')
    .option('--svg <file>', 'a plot of builds for each landing against the wait')

export const seedsOf = ({ seed, seeds }: Given): number[] => Array.from({ length: seeds }, (_, index) => seed + index)

/** The workload that is asked for; throws a `Refusal` where options do not go together. */
export function workloadOf(given: Given): Workload | Past {
  const { from, last, queued, arrivals, rate } = given
  if (from !== undefined) {
    const drawn = (['arrivals', 'rate', 'queued', 'p', 'flake', 'minutes', 'spread'] as const).filter(
      (name) => given[name] !== undefined,
    )
    if (drawn.length > 0)
      throw new Refusal(EXIT.usage, `--from takes the workload from the log: leave out --${drawn.join(', --')}`)
    return { from: laneIn(from), last: last ?? DEFAULTS.last }
  }
  if (last !== undefined) throw new Refusal(EXIT.usage, '--last counts pull requests of a log: name it by --from')
  if (queued !== undefined && (arrivals !== undefined || rate !== undefined))
    throw new Refusal(EXIT.usage, '--queued has all of them wait at the beginning: leave out --arrivals and --rate')
  const { p = DEFAULTS.p, flake = DEFAULTS.flake, minutes = DEFAULTS.minutes, spread = DEFAULTS.spread } = given
  return {
    count: queued ?? arrivals ?? DEFAULTS.arrivals,
    rate: queued === undefined ? (rate ?? DEFAULTS.rate) : null,
    bad: p,
    flake,
    minutes,
    spread,
  }
}

function number(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN
}

function share(text: string): number {
  const value = number(text)
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('write a share from 0 to below 1, as in 0.05')
  return value
}

function positive(text: string): number {
  const value = number(text)
  if (!(value > 0 && value <= 100_000)) throw new InvalidArgumentError('write a number above 0, up to 100000')
  return value
}

const upTo =
  (most: number) =>
  (text: string): number => {
    const value = number(text)
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new InvalidArgumentError(`write a whole number from 1 to ${most}`)
    return value
  }

const pulls = upTo(MOST_PULLS)

const more = (text: string, before: readonly string[] = []): string[] => [...before, text]
