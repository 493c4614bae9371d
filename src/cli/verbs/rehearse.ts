/**
 * `mainkeeper rehearse`: the options of a rehearsal, its answer, and what the process ends with. It needs no database and no
 * GitHub; what a rehearsal is, is not known here.
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { milliseconds } from '../../core/config.ts'
import { withoutUnseen } from '../../core/render/escape.ts'
import { CannotRehearse, type Unfit } from '../../rehearse/cannot-rehearse.ts'
import { type CiRule, type Rehearsed, rehearse } from '../../rehearse/rehearse.ts'
import { examples } from '../examples.ts'
import { EXIT, type ExitCode, Refusal } from '../exit-codes.ts'
import type { Variables } from '../process/environment.ts'
import { withoutSecrets } from '../process/secrets.ts'
import { progressBar } from '../progress-bar.ts'
import { policiesOf } from '../simulate/policies.ts'
import { renderRehearsed } from '../words/rehearsed.ts'

interface Around {
  readonly variables: Variables
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly terminal?: boolean
  readonly stop: AbortSignal
}

interface Options {
  readonly branch?: string
  readonly last: number
  readonly wait: number
  readonly ci: 'conflicts' | number | { readonly command: string }
  readonly minutes: number
  readonly ciTimeout: number
  readonly direct: 'push' | 'queue'
  readonly seed: number
  readonly config?: string
  readonly policy?: readonly string[]
  readonly json?: boolean
}

/** Offers the verb on the command line. */
export function registerRehearse(program: Command, around: Around, end: (code: ExitCode) => void): void {
  program
    .command('rehearse')
    .argument('<clone>', 'a local git clone, bare or with a work tree; nothing is written to it')
    .description(
      'replay the pull requests of a git clone under several policies, and compare with what history came to',
    )
    .option('--branch <name>', 'the branch to replay, instead of the default one')
    .option('--last <count>', 'so many of its latest pull requests', whole, 1000)
    .addOption(
      new Option('--wait <duration>', 'how long before its merge a pull request was approved')
        .argParser(duration)
        .default(1_800_000, '30m'),
    )
    .option(
      '--ci <rule>',
      'conflicts: whatever merges passes; rate=0.05: so great a part fails by chance; or a command, really run',
      ciRule,
      'conflicts',
    )
    .option('--minutes <count>', 'how long a build takes, unless a command is run', whole, 20)
    .addOption(
      new Option('--ci-timeout <duration>', 'how long a command may run').argParser(duration).default(600_000, '10m'),
    )
    .addOption(
      new Option(
        '--direct <how>',
        'what becomes of commits that were no pull request: pushed past the queue, or queued',
      )
        .choices(['push', 'queue'])
        .default('push'),
    )
    .option('--seed <number>', 'of the chance in --ci rate', whole, 1)
    .option('--config <file>', 'the mainkeeper.yml of every policy, instead of the defaults')
    .option('--policy <keys>', 'one more policy beside serial and batches; can be given again', more)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples([
        'mainkeeper rehearse ../rocket',
        'mainkeeper rehearse ../rocket --last 200 --ci rate=0.05 --policy slots=4 --policy slots=4,batch.max=16',
        "mainkeeper rehearse ../rocket --last 50 --ci 'npm ci && npm test' --ci-timeout 20m --json",
        'mainkeeper rehearse ../rocket --branch release/2 --config .github/mainkeeper.yml --direct queue',
      ]),
    )
    .action(async (clone: string, options: Options) => end(await tell(clone, options, around)))
}

async function tell(
  path: string,
  options: Options,
  { variables, out, err, terminal = false, stop }: Around,
): Promise<ExitCode> {
  const policies = await policiesOf(options.config, options.policy ?? [])
  const ahead = policies.find(({ config }) => config.land.method === 'fast-forward')
  if (ahead)
    throw new Refusal(
      EXIT.usage,
      `policy ${ahead.name}: land.method is fast-forward, which lands only heads that contain the tip; nobody in a rehearsal rebases them`,
    )
  const clock = (): number => performance.now()
  const bar = progressBar(err, terminal, clock)
  const { branch = null, last, wait, direct } = options
  try {
    const answer = await rehearse(
      { path, branch, last, wait, direct, ci: ruleOf(options), policies },
      {
        environment: withoutSecrets(variables),
        clock,
        deadline: (ms) => AbortSignal.timeout(ms),
        signal: stop,
        progress: (what, done, all) => bar.show(what, done, all),
      },
    )
    bar.end()
    out(
      `${options.json ? withoutUnseen(JSON.stringify(jsonOf(path, options, answer))) : renderRehearsed(answer, direct)}\n`,
    )
    const left = policies.length - answer.policies.length
    if (left > 0) err(`stopped before ${left} of ${policies.length} policies were played\n`)
    return left > 0 ? EXIT.interrupted : EXIT.ok
  } catch (error) {
    bar.end()
    if (stop.aborted) {
      err('stopped before any policy was played\n')
      return EXIT.interrupted
    }
    if (error instanceof CannotRehearse) throw new Refusal(EXITS[error.code], error.message)
    throw error
  }
}

const EXITS: Readonly<Record<Unfit, ExitCode>> = {
  no_clone: EXIT.notFound,
  no_commits: EXIT.notFound,
  no_branch: EXIT.notFound,
  no_pulls: EXIT.notFound,
  git_missing: EXIT.usage,
  git_too_old: EXIT.usage,
  shallow: EXIT.usage,
  partial: EXIT.usage,
  sha256: EXIT.usage,
  ci_unstartable: EXIT.usage,
  ci_red_at_start: EXIT.usage,
}

function ruleOf({ ci, minutes, seed, ciTimeout }: Options): CiRule {
  const ms = minutes * 60_000
  if (ci === 'conflicts') return { kind: 'conflicts', ms }
  if (typeof ci === 'number') return { kind: 'rate', rate: ci, seed, ms }
  return { kind: 'command', command: ci.command, timeout: ciTimeout }
}

const jsonOf = (path: string, options: Options, answer: Rehearsed): object => {
  const { last, wait, direct } = options
  return { clone: path, asked: { last, wait_ms: wait, direct, ci: ruleOf(options) }, ...answer }
}

function ciRule(text: string): Options['ci'] {
  if (text === 'conflicts') return text
  const [, rate] = /^rate=(.*)$/.exec(text) ?? []
  if (rate === undefined && text.trim() !== '') return { command: text }
  const part = Number(rate)
  if (rate === undefined || rate.trim() === '' || !(part >= 0 && part < 1))
    throw new InvalidArgumentError('write conflicts, rate=0.05 (from 0 to below 1), or a command')
  return part
}

function duration(text: string): number {
  if (!/^\d{1,6}(s|m|h|d)$/.test(text))
    throw new InvalidArgumentError('write a number with its unit: 90s, 10m, 2h or 1d')
  return milliseconds(text)
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('write a number from 1 to 999999')
  return Number(text)
}

const more = (text: string, before: readonly string[] = []): string[] => [...before, text]
