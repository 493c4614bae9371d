/**
 * The door to the git program: arguments as an array, never a shell, and no setting of the person or the machine that could
 * change what a merge gives. It knows no repository and no history.
 */
import { execFile } from 'node:child_process'
import { devNull } from 'node:os'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Answered {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs git and gives whatever it ends with; throws when it can not be run, or is told to stop. */
export type Git = (args: readonly string[], input?: string) => Promise<Answered>

/** Git with nothing but the settings of the repository it is pointed at; `environment` is what a program needs to run. */
export const plainGit = (environment: Environment, signal: AbortSignal, ...always: readonly string[]): Git =>
  gitWith(
    {
      ...withoutGit(environment),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    },
    signal,
    always,
  )

/** Git as the person has set it up, reading `folder` and no repository above it, and taking no lock there. */
export const personsGit = (environment: Environment, signal: AbortSignal, folder: string, above: string): Git =>
  gitWith(
    { ...withoutGit(environment), GIT_CEILING_DIRECTORIES: above, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    signal,
    ['-C', folder],
  )

/** What git printed, where anything but success is a bug or a broken repository. */
export async function printed(answer: Promise<Answered>): Promise<string> {
  const { code, out, err } = await answer
  if (code !== 0) throw new Error(`git ended with ${code}: ${err.trim()}`)
  return out
}

/** Variables such as GIT_DIR, set where a hook runs us, would point git at another repository. */
export const withoutGit = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GIT_')))

const gitWith =
  (env: Environment, signal: AbortSignal, always: readonly string[]): Git =>
  (args, input) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        [...always, ...args],
        { env, signal, maxBuffer: 1 << 29, encoding: 'utf8' },
        (error, out, err) => {
          if (error === null) resolve({ code: 0, out, err })
          else if (typeof error.code === 'number') resolve({ code: error.code, out, err })
          else reject(error)
        },
      )
      // A git that ends without reading all says why by its exit code.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input ?? '')
    })
