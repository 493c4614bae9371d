/** The command line: verbs, options, help, and what the process ends with. It hands everything on and knows no answer. */
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { withoutUnseen } from '../core/render/escape.ts'
import { DatabaseUnavailable } from '../store/connect/unavailable.ts'
import { askVerb } from './answer.ts'
import { type Ask, type Json, laneIn } from './asking.ts'
import { registerConfig } from './config-check.ts'
import { registerCutover } from './cutover.ts'
import { examples } from './examples.ts'
import { EXIT, type ExitCode, exitCodeHelp, Refusal } from './exit-codes.ts'
import { readSettings, readStorage, type StorageOptions, type Variables } from './process/environment.ts'
import { scrubbing } from './process/process-log.ts'
import { secretsIn } from './process/secrets.ts'
import { VERBS } from './verbs/catalogue.ts'
import { registerRehearse } from './verbs/rehearse.ts'
import { registerSimulate } from './verbs/simulate.ts'

/** What the command line needs of the process around it. */
export interface Surroundings {
  readonly variables: Variables
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Whether `err` is a terminal, where a line can be written over. */
  readonly terminal?: boolean
  /** All that comes by standard input. */
  readonly input: () => Promise<string>
  /** Aborted when the process is told to end. */
  readonly stop: AbortSignal
}

/** Runs one command line, `mainkeeper` itself left out; gives the exit code and never throws. */
export async function runCommandLine(given: readonly string[], around: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const program = createProgram(around, (ended) => {
    code = ended
  })
  try {
    await program.parseAsync([...given], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    return told(error, around, given)
  }
}

function told(error: unknown, { err, variables }: Surroundings, given: readonly string[]): ExitCode {
  const scrub = scrubbing(secretsIn(variables, given))
  if (error instanceof Refusal) {
    err(`${scrub(error.message)}\n`)
    return error.exit
  }
  if (error instanceof DatabaseUnavailable) {
    err(`${scrub(error.message)}\n`)
    return EXIT.databaseUnavailable
  }
  err(`${scrub(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`)
  return EXIT.unexpected
}

function createProgram(around: Surroundings, end: (code: ExitCode) => void): Command {
  const program = new Command('mainkeeper')
    .description('Keeps main green: lands only commits whose exact tree passed CI, and says why when it can’t.')
    .option('--database <url>', 'the PostgreSQL to use, instead of DATABASE_URL')
    .option('--folder <path>', 'the folder of the embedded database, instead of MAINKEEPER_FOLDER (.mainkeeper)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: around.out, writeErr: around.err })
    .addHelpText('after', `\n${exitCodeHelp()}`)
  const ask = (verb: string, question: object, json: boolean | undefined, command: Command): Promise<void> =>
    askAndTell({ verb, arguments: question }, json ?? false, command.optsWithGlobals<StorageOptions>(), around, end)

  registerStart(program, around, end)
  registerDemo(program, around, end)
  registerExplain(program, ask)
  registerStatus(program, ask)
  registerLog(program, ask)
  registerReplay(program, ask)
  registerRebuild(program, ask)
  registerConfig(program, around, end)
  registerCutover(program, ask)
  registerSimulate(program, around, end)
  registerRehearse(program, around, end)
  return program
}

function registerStart(program: Command, around: Surroundings, end: (code: ExitCode) => void): void {
  program
    .command('start')
    .description('run against GitHub, with the App’s credentials from the environment or a .env file')
    .addHelpText(
      'after',
      examples([
        'mainkeeper start',
        'PORT=8080 mainkeeper start',
        'mainkeeper start --database postgres://keeper@db/mainkeeper',
      ]),
    )
    .action(async (_options, command: Command) => {
      const settings = readSettings(around.variables, command.optsWithGlobals<StorageOptions>())
      // Most of the program is for this verb alone, and takes longer to load than the others take to answer.
      const { start } = await import('./start.ts')
      end(await start(settings, around.stop))
    })
}

function registerDemo(program: Command, around: Surroundings, end: (code: ExitCode) => void): void {
  program
    .command('demo')
    .description('see the whole of it at work in a minute: a local GitHub, real git, real CI, nothing to set up')
    .addHelpText('after', examples(['mainkeeper demo']))
    .action(async () => {
      // The local GitHub is loaded for the demo alone.
      const { demo } = await import('./demo.ts')
      end(await demo(around.out, around.stop))
    })
}

function registerExplain(program: Command, ask: Ask): void {
  program
    .command('explain')
    .argument(
      '<subject>',
      'owner/repo#12, owner/repo:branch, a commit (at least 7 digits), owner/repo!57 or 57 (a follow-up issue)',
    )
    .description('why a pull request is not landing, or how it landed')
    .option('--proof', 'only what each landing rested on: base, heads, trees, checks and approvals')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples([
        'mainkeeper explain acme/rocket#12',
        'mainkeeper explain acme/rocket:fix-engine',
        'mainkeeper explain 1a2b3c4',
        'mainkeeper explain 57 --json',
        'mainkeeper explain acme/rocket#12 --proof',
      ]),
    )
    .action((subject: string, { json, proof }: Json & { readonly proof?: true }, command: Command) =>
      ask('explain', { subject, ...(proof ? { proof } : {}) }, json, command),
    )
}

function registerStatus(program: Command, ask: Ask): void {
  program
    .command('status')
    .argument('[repository]', 'owner/repo; every one without it')
    .description('queues, builds and blocked work of every lane')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples(['mainkeeper status', 'mainkeeper status acme/rocket --json']))
    .action((repository: string | undefined, { json }: Json, command: Command) =>
      ask('status', { repository }, json, command),
    )
}

function registerLog(program: Command, ask: Ask): void {
  program
    .command('log')
    .description('the log in plain lines, with what came to nothing beside what was recorded')
    .option('--repository <owner/repo>', 'only this repository')
    .option('--grep <text>', 'only what holds this text, in any case')
    .option('--pull <number>', 'only what is about this pull request', whole)
    .option('--follow-up <number>', 'only what is about this follow-up issue', whole)
    .option('--since <time>', 'only what was recorded since: 90s, 30m, 2h, 3d ago, or a date or time')
    .option('--type <type>', 'only this event type')
    .option('--failed', 'only deliveries and events that came to nothing')
    .option('--follow', 'go on with what comes')
    .option('--limit <count>', 'so many of the latest (100)', whole)
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      examples([
        'mainkeeper log --pull 12',
        'mainkeeper log --since 2h --grep conflict',
        'mainkeeper log --type integration_completed --json',
        'mainkeeper log --follow',
        'mainkeeper log --failed',
      ]),
    )
    .action(({ json, followUp, ...rest }: Json & { followUp?: number }, command: Command) =>
      ask('log', { ...rest, follow_up: followUp }, json, command),
    )
}

function registerReplay(program: Command, ask: Ask): void {
  program
    .command('replay')
    .argument('<lane>', 'owner/repo, or owner/repo:target for one lane alone')
    .description('make every recorded decision again and report where it would be another; ends with 1 if one would')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples(['mainkeeper replay acme/rocket', 'mainkeeper replay acme/rocket:main --json']))
    .action((lane: string, { json }: Json, command: Command) => ask('replay', laneIn(lane), json, command))
}

function registerRebuild(program: Command, ask: Ask): void {
  program
    .command('rebuild')
    .argument('[repository]', 'owner/repo; every one without it')
    .description('fold the read models from the log again and say whether the live ones are equal; ends with 1 if not')
    .option('--write', 'replace what differs by what the log says')
    .option('--json', 'one JSON object')
    .addHelpText('after', examples(['mainkeeper rebuild', 'mainkeeper rebuild acme/rocket --write']))
    .action((repository: string | undefined, { json, write }: Json & { write?: boolean }, command: Command) =>
      ask('rebuild', { repository, write }, json, command),
    )
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('write a number from 1 on')
  return Number(text)
}

async function askAndTell(
  request: { readonly verb: string; readonly arguments: object },
  json: boolean,
  options: StorageOptions,
  around: Surroundings,
  end: (code: ExitCode) => void,
): Promise<void> {
  const verb = VERBS.get(request.verb)
  if (!verb) throw new Error(`there is no verb ${request.verb}`)
  end(EXIT.interrupted)
  await askVerb(readStorage(around.variables, options), request, {
    signal: around.stop,
    progress: (words) => around.err(`${words}\n`),
    // Through JSON also when it was answered here: the words have to do with what a socket would bring.
    answer: (answer) => {
      const plain: unknown = JSON.parse(JSON.stringify(answer))
      const text = json
        ? verb
            .items(plain)
            .map((item) => withoutUnseen(JSON.stringify(item)))
            .join('\n')
        : verb.render(plain)
      if (text !== '') around.out(`${text}\n`)
      end(verb.exit(plain))
    },
  })
}
