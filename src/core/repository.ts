/**
 * What is known of a repository as a whole: its installation, its configuration files with the last good content of
 * each, and what GitHub demands of its branches. Folded from the log; it judges nothing.
 */
import { type Config, isTarget } from './config.ts'
import type { LoggedEvent, PayloadOf } from './events.ts'

export interface ConfigFile {
  /** The last content without errors; null when there never was one, or when the file was removed. */
  readonly good: Config | null
  readonly latest: PayloadOf<'config_changed'>
  readonly position: number
}

export interface Repository {
  readonly name: string
  readonly installation: number | null
  readonly installed: boolean
  readonly suspended: boolean
  readonly default_branch: string | null
  readonly configs: Readonly<Record<string, ConfigFile>>
  readonly protections: Readonly<Record<string, PayloadOf<'protection_observed'>>>
}

export const unknownRepository = (name: string): Repository => ({
  name,
  installation: null,
  installed: false,
  suspended: false,
  default_branch: null,
  configs: {},
  protections: {},
})

export function evolveRepository(repository: Repository, event: LoggedEvent): Repository {
  switch (event.type) {
    case 'repository_observed': {
      const { installation, installed, suspended, default_branch } = event.payload
      return {
        ...repository,
        installation,
        installed,
        suspended,
        default_branch: default_branch ?? repository.default_branch,
      }
    }
    case 'config_changed': {
      const { branch, blob, config } = event.payload
      const good = blob === null ? null : (config ?? repository.configs[branch]?.good ?? null)
      return {
        ...repository,
        configs: { ...repository.configs, [branch]: { good, latest: event.payload, position: event.position } },
      }
    }
    case 'protection_observed':
      return { ...repository, protections: { ...repository.protections, [event.payload.branch]: event.payload } }
    default:
      return repository
  }
}

/**
 * The configuration that counts for a branch: `mode` and `targets` from the default branch, all else from the branch's own
 * file where it has one. Null: no file, so Mainkeeper is silent.
 */
export function configFor(repository: Repository, branch: string): Config | null {
  const byDefault =
    repository.default_branch === null ? null : (repository.configs[repository.default_branch]?.good ?? null)
  if (!byDefault) return null
  const own = repository.configs[branch]?.good ?? byDefault
  const { mode, targets } = byDefault
  return targets === undefined ? { ...own, mode, targets: undefined } : { ...own, mode, targets }
}

/** Whether a branch is one that Mainkeeper lands on, by the last good configuration. */
export function isLane(repository: Repository, branch: string): boolean {
  const config = configFor(repository, branch)
  return (
    config !== null &&
    config.mode !== 'off' &&
    repository.default_branch !== null &&
    isTarget(config, branch, repository.default_branch)
  )
}
