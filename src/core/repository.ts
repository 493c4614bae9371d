/**
 * What is known of a repository as a whole: its installation, its configuration files with the last good content of
 * each, and what GitHub demands of its branches. Folded from the log; it judges nothing.
 */
import { type Config, isTarget, modeFor, type WrittenConfig } from './config.ts'
import type { LoggedEvent, PayloadOf } from './events.ts'

export interface ConfigFile {
  /** The last content without errors; null when there never was one, or when the file was removed. */
  readonly good: WrittenConfig | null
  readonly latest: PayloadOf<'config_changed'>
  readonly position: number
}

export interface Repository {
  readonly name: string
  /** GitHub's own; it stays when the repository is renamed or goes to another owner. Null: not told yet. */
  readonly id: number | null
  readonly installation: number | null
  readonly installed: boolean
  readonly suspended: boolean
  readonly default_branch: string | null
  readonly configs: Readonly<Record<string, ConfigFile>>
  readonly protections: Readonly<Record<string, PayloadOf<'protection_observed'>>>
  /** The members of teams that own code, by `org/slug` in lower case; null where we may not read them. */
  readonly teams: Readonly<Record<string, readonly string[] | null>>
}

export const unknownRepository = (name: string): Repository => ({
  name,
  id: null,
  installation: null,
  installed: false,
  suspended: false,
  default_branch: null,
  configs: {},
  protections: {},
  teams: {},
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
    case 'repository_named':
      return { ...repository, id: event.payload.id }
    case 'protection_observed':
      return { ...repository, protections: { ...repository.protections, [event.payload.branch]: event.payload } }
    case 'team_observed': {
      const { team, members } = event.payload
      return { ...repository, teams: { ...repository.teams, [team.toLowerCase()]: members } }
    }
    default:
      return repository
  }
}

/**
 * The configuration that counts for a branch: `mode` and `targets` from the default branch, all else from the branch's own
 * file where it has one. Null: no file, so Mainkeeper is silent.
 */
export function configFor(repository: Repository, branch: string): Config | null {
  const byDefault = writtenByDefault(repository)
  if (!byDefault) return null
  const own = repository.configs[branch]?.good ?? byDefault
  const mode = modeFor(byDefault, branch)
  const { targets } = byDefault
  return targets === undefined ? { ...own, mode, targets: undefined } : { ...own, mode, targets }
}

/** Whether any target demands signed commits: then every look at a pull request asks for their signatures. */
export const demandsSignatures = ({ protections }: Repository): boolean =>
  Object.values(protections).some(({ rules }) => rules.includes('required_signatures'))

/** Whether a branch is one that Mainkeeper lands on, by the last good configuration. */
export function isLane(repository: Repository, branch: string): boolean {
  const { default_branch } = repository
  const config = writtenByDefault(repository)
  return (
    config !== null &&
    default_branch !== null &&
    modeFor(config, branch) !== 'off' &&
    isTarget(config, branch, default_branch)
  )
}

/** The last good content of the default branch's file; null: there is none. */
export const writtenByDefault = ({ default_branch, configs }: Repository): WrittenConfig | null =>
  default_branch === null ? null : (configs[default_branch]?.good ?? null)
