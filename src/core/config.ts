/**
 * The configuration of a repository: the schema of `.github/mainkeeper.yml` as a plain object, with every default.
 * It knows nothing of YAML, lines or files; `ingest/config.ts` reads those.
 */
import { z } from 'zod'

const permission = z.enum(['admin', 'maintain', 'write', 'triage', 'read'])
export type Permission = z.infer<typeof permission> | 'none'

const RANK: Record<Permission, number> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 }

/** Whether `held` is at least `wanted`. */
export const allows = (held: Permission | undefined, wanted: Permission): boolean =>
  held !== undefined && RANK[held] >= RANK[wanted]

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration such as `90s`, `10m`, `2h`; kept as written, counted by `milliseconds`. */
const duration = z.string().regex(/^\d+(s|m|h|d)$/, 'a number with its unit: 90s, 10m, 2h or 1d')

export function milliseconds(text: string): number {
  return Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0)
}

const section = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape).prefault({} as never)

export const configSchema = z.strictObject({
  mode: z.enum(['off', 'live', 'paused']).describe('off: silent; live: lands; paused: keeps the queue, lands nothing'),
  targets: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('the branches to keep green, with * as wildcard; default: the default branch'),
  ready: section({
    when: z
      .enum(['non_draft', 'label', 'command'])
      .default('non_draft')
      .describe('what declares a pull request finished'),
    label: z.string().min(1).default('ready-to-land').describe('the label, where `when` is label'),
    approvals: section({
      required: z.int().min(1).default(1).describe('how many approvals of the head commit'),
      code_owners: z.boolean().default(false).describe('whether the owners of the touched files have to approve'),
    }),
    labels: section({
      only: z.array(z.string()).default([]).describe('labels that have to be there'),
      unless: z.array(z.string()).default([]).describe('labels that must not be there'),
    }),
    checks: z
      .enum(['wait', 'build'])
      .default('wait')
      .describe("wait: the head's own required checks first; build: leave them to the build"),
  }),
  checks: section({
    required: z
      .union([z.literal('auto'), z.array(z.string().min(1))])
      .default('auto')
      .describe(
        'auto: what protection and rulesets require; a list (with * as wildcard) is required as well; [] says that no check is meant to be required',
      ),
    neutral: z.enum(['passes', 'fails']).default('passes').describe('how neutral and skipped count'),
  }),
  land: section({
    method: z
      .enum(['merge', 'squash', 'rebase', 'fast-forward'])
      .default('merge')
      .describe(
        'merge: a merge commit; squash: one commit; rebase: its commits one after the other; fast-forward: the head itself, which has to contain the tip',
      ),
    delete_branch: z
      .boolean()
      .default(false)
      .describe(
        'whether the head branch is deleted after the landing; never one of a fork or one that is used elsewhere',
      ),
    message: section({
      title: z
        .string()
        .min(1)
        .optional()
        .describe('first line of merge and squash commits, with {title}, {body}, {number}, {author} and {head}'),
      body: z.string().optional().describe('the rest of merge and squash commits, with the same placeholders'),
      cut_before: z
        .string()
        .min(1)
        .optional()
        .describe('what stands before the first of these in the description is left out of {body}, and so is it'),
      cut_after: z
        .string()
        .min(1)
        .optional()
        .describe('what stands after the first of these in the description is left out of {body}, and so is it'),
    }),
  }),
  ci: section({
    start_timeout: duration.default('10m').describe('how long a required check may take to appear'),
    timeout: duration.default('2h').describe('how long a build may take'),
  }),
  permissions: section({
    approve: permission.default('write'),
    hold: permission.default('maintain'),
    release: permission.default('maintain'),
    resume: permission.default('write'),
    priority: permission.default('write'),
    cancel: permission.default('write'),
  }),
})

export type Config = z.infer<typeof configSchema>

/** Whether a branch is one of the config's targets. Without `targets` that is the default branch alone. */
export function isTarget(config: Config, branch: string, defaultBranch: string): boolean {
  const targets = config.targets ?? [defaultBranch]
  return targets.some((pattern) => matches(pattern, branch))
}

/** `*` stands for any characters, as in GitHub's branch patterns without `**`'s distinction. */
export function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${expression}$`).test(text)
}
