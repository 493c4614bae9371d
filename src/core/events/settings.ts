/**
 * What the owners of a repository have set: protection, permissions, the configuration file, the installation. It
 * refuses to know who writes an event or who reads it.
 */
import { z } from 'zod'
import { configSchema } from '../config.ts'
import { login, pullNumber, repositoryName, sha, timestamp } from '../ids.ts'
import { define } from './definition.ts'
import { ref, yesNoUnknown } from './shapes.ts'

const configErrors = z.array(
  z.strictObject({
    line: z.int().nullable(),
    column: z.int().nullable(),
    key: z.string(),
    value: z.string(),
    fix: z.string(),
  }),
)

export const settingFacts = {
  protection_observed: define({
    kind: 'observation',
    taxonomy: 'protection.observed',
    level: 'debug',
    meaning: 'What GitHub demands of a target, by classic protection and rulesets together.',
    payload: z.strictObject({
      branch: ref,
      required: z.array(z.strictObject({ context: z.string(), app_id: z.int().nullable() })),
      rules: z.array(z.string()),
      bypass: yesNoUnknown,
    }),
    identity: (p) => `protection:${p.branch}`,
  }),
  permission_observed: define({
    kind: 'observation',
    taxonomy: 'permission.observed',
    level: 'debug',
    meaning: 'What a user may do in the repository.',
    payload: z.strictObject({
      user: login,
      permission: z.enum(['admin', 'maintain', 'write', 'triage', 'read', 'none']),
      asked_at: timestamp,
    }),
    identity: (p) => `permission:${p.user.toLowerCase()}`,
    outside: ['asked_at'],
  }),
  team_observed: define({
    kind: 'observation',
    taxonomy: 'team.observed',
    level: 'debug',
    meaning: 'Who belongs to a team that owns code.',
    payload: z.strictObject({
      /** `org/slug`. */
      team: z.string(),
      /** Null where we may not read them, or where there is no such team. */
      members: z.array(login).nullable(),
    }),
    identity: (p) => `team:${p.team.toLowerCase()}`,
  }),
  config_changed: define({
    kind: 'observation',
    taxonomy: 'config.changed',
    level: 'notice',
    meaning: 'The configuration file of a branch has this content, or these errors; absent when there is none.',
    payload: z.strictObject({
      branch: ref,
      default_branch: z.boolean(),
      /** The file's blob; null when there is no file. */
      blob: sha.nullable(),
      /** The commit it was read at: where a broken file's check run goes. */
      commit: sha,
      config: configSchema.nullable(),
      errors: configErrors,
    }),
    identity: (p) => `config:${p.branch}`,
    outside: ['commit'],
  }),
  config_proposed: define({
    kind: 'observation',
    taxonomy: 'config.proposed',
    level: 'info',
    meaning:
      'A pull request changes the configuration file, and this is wrong with it at its head; nothing is judged by it.',
    payload: z.strictObject({
      pull: pullNumber,
      sha,
      /** Null: the pull request removes the file. */
      blob: sha.nullable(),
      errors: configErrors,
    }),
    identity: (p) => `config_proposed:${p.pull}`,
  }),
  settings_touched: define({
    kind: 'occurrence',
    taxonomy: 'settings.touched',
    level: 'debug',
    meaning:
      'GitHub said that something changed which has to be read again: protection, rulesets, the configuration file or a permission.',
    payload: z.strictObject({
      what: z.enum(['config', 'protection', 'permission']),
      branch: ref.nullable(),
      user: login.nullable(),
      delivery: z.string(),
    }),
    identity: (p) => `touched:${p.what}:${p.delivery}`,
  }),
  repository_observed: define({
    kind: 'observation',
    taxonomy: 'repository.observed',
    level: 'info',
    meaning: 'The App is or is no longer installed on the repository, and what its default branch is called.',
    payload: z.strictObject({
      installation: z.int().positive(),
      installed: z.boolean(),
      suspended: z.boolean(),
      default_branch: ref.nullable(),
      private: z.boolean().nullable(),
    }),
    identity: () => 'repository',
  }),
  repository_named: define({
    kind: 'observation',
    taxonomy: 'repository.named',
    level: 'notice',
    meaning: 'The repository with this id of GitHub has this name; what was recorded under an earlier one is its own.',
    payload: z.strictObject({
      id: z.int().positive(),
      name: repositoryName,
      /** What it was called before, where GitHub says so. */
      formerly: repositoryName.nullable(),
    }),
    identity: () => 'name',
    outside: ['formerly'],
  }),
} as const
