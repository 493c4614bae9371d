/**
 * Where a story plays: its options, the repository with its people and rules that it starts from, and the bot's own options.
 * What happens there is the story's.
 */
import { type Logger, pino } from 'pino'
import { createGitHub } from '../../../src/github/octokit.ts'
import type { MainkeeperOptions } from '../../../src/mainkeeper.ts'
import type { Store } from '../../../src/store/store.ts'
import type { CiOptions } from '../../../src/twin/ci/ci.ts'
import { rule } from '../../../src/twin/ci/run.ts'
import type { VirtualClock } from '../../../src/twin/clock.ts'
import type { Twin, TwinOptions } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { DatabaseKind } from '../database/database.ts'

export interface StoryOptions {
  readonly database?: DatabaseKind
  readonly seed?: number
  readonly config?: string | null
  readonly files?: Readonly<Record<string, string>>
  readonly ci?: Partial<CiOptions>
  readonly twin?: Partial<TwinOptions>
  /** Contexts that the target's classic protection requires; default `test`. */
  readonly required?: readonly string[]
  /** Whether it demands signed commits as well. */
  readonly signatures?: true
  readonly sweepEvery?: number
  /** Silent when absent; one of the test's own, made from what it may not show. */
  readonly log?: 'silent' | 'debug' | ((app: Twin['app']) => Logger)
}

/** A rule of CI that any tree passes unless a file says `fail`. */
export const failsWhereToldSo = rule((files) =>
  Object.values(files).some((text) => text.includes('fail')) ? 'failure' : 'success',
)

/** True for the refs that builds are published under. */
export const isBuild = (ref: string): boolean => ref.startsWith('refs/heads/mainkeeper/queue/')

/** Where a story is about builds: CI starts on them alone, and a head need not pass anything before. */
export const BUILDS_ONLY = {
  config: 'mode: live\nready: { checks: build }\n',
  ci: { on: isBuild },
} satisfies StoryOptions

const CONFIG = 'mode: live\n'

export const REPOSITORY = 'acme/rocket'

/** Makes the repository, its people and what its main is protected by. */
export async function furnish(twin: Twin, options: StoryOptions): Promise<TwinRepository> {
  const config: Record<string, string> =
    options.config === null ? {} : { '.github/mainkeeper.yml': options.config ?? CONFIG }
  const repo = await twin.repository(REPOSITORY, { files: { 'README.md': 'rocket\n', ...config, ...options.files } })
  repo.collaborator('alice', 'write')
  repo.collaborator('bob', 'write')
  repo.collaborator('carol', 'maintain')
  repo.collaborator('dave', 'admin')
  repo.collaborator('mallory', 'read')
  const requiredChecks = (options.required ?? ['test']).map((context) => ({ context }))
  repo.protect('main', { requiredChecks, signatures: options.signatures ?? false })
  return repo
}

/** The bot of a story: on the twin, at no pace, by the clock of the story. */
export function botOptions(
  options: StoryOptions,
  { twin, store, clock }: { readonly twin: Twin; readonly store: Store; readonly clock: VirtualClock },
): MainkeeperOptions {
  const { id, slug, privateKey, webhookSecret } = twin.app
  const pace = { contentMs: 0, writeMs: 0 }
  const now = () => clock.now()
  const { log: told = 'silent' } = options
  const log =
    typeof told === 'function' ? told(twin.app) : pino({ level: told }, pino.destination({ dest: 2, sync: true }))
  const heard = { debug: (message: string) => log.debug(message), warn: (message: string) => log.warn(message) }
  return {
    store,
    github: createGitHub({ appId: id, privateKey, baseUrl: twin.url, now, pace, limits: store.limits, log: heard }),
    app: { id, slug, privateKey, webhookSecret },
    clock,
    log,
    owner: 'story',
    poll: 3_600_000,
    ...(options.sweepEvery === undefined ? {} : { sweepEvery: options.sweepEvery }),
  }
}
