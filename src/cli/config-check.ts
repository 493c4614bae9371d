/**
 * `mainkeeper config check`: reads a configuration file as the running process would, and says what is wrong with it and
 * where. It needs no database and asks GitHub nothing, so it runs before the file is pushed.
 */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { targetPatterns, type WrittenConfig } from '../core/config.ts'
import { line, withoutUnseen } from '../core/render/escape.ts'
import { configProblems, readConfig } from '../ingest/config.ts'
import { examples } from './examples.ts'
import { EXIT, type ExitCode, Refusal } from './exit-codes.ts'

interface Around {
  readonly input: () => Promise<string>
  readonly out: (text: string) => void
}

/** Offers the verb on the command line. */
export function registerConfig(program: Command, around: Around, end: (code: ExitCode) => void): void {
  program
    .command('config')
    .description('the configuration file of a repository')
    .command('check')
    .argument('<file>', 'a .github/mainkeeper.yml, or - for standard input')
    .description(
      'what is wrong with a configuration file, line by line, and what would be right; ends with 1 if anything is',
    )
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples([
        'mainkeeper config check .github/mainkeeper.yml',
        'git show topic:.github/mainkeeper.yml | mainkeeper config check - --json',
      ]),
    )
    .action(async (file: string, { json }: { readonly json?: boolean }) =>
      end(await checkConfig(file, json ?? false, around)),
    )
}

/** Errors are told one a line as `file:line:column: key is value: what would be right`; a file of `-` is `input`. */
async function checkConfig(file: string, json: boolean, { input, out }: Around): Promise<ExitCode> {
  const path = file === '-' ? 'stdin' : file
  const { config, errors } = readConfig(file === '-' ? await input() : await contentOf(file))
  if (json) out(`${withoutUnseen(JSON.stringify({ file: path, ok: config !== null, errors }))}\n`)
  else if (config)
    out(`${line(path)} is right: mode ${line(modes(config), 500)}, targets ${line(targets(config), 500)}\n`)
  else
    for (const problem of configProblems(errors, path))
      out(`${line(problem, 1000)}
`)
  return config ? EXIT.ok : EXIT.differs
}

const modes = ({ mode }: WrittenConfig): string =>
  typeof mode === 'string'
    ? mode
    : Object.entries(mode)
        .map(([branch, own]) => `${own} for ${branch}`)
        .join(', ')

const targets = (config: WrittenConfig): string => targetPatterns(config)?.join(', ') ?? 'the default branch'

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new Refusal(
      EXIT.notFound,
      `${file} can not be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
