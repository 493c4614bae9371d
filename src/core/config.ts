/**
 * The configuration of a repository: the schema of `.github/mainkeeper.yml` as a plain object, with every default.
 * It knows nothing of YAML, lines or files; `ingest/config.ts` reads those.
 */
import { z } from 'zod'
import { windowProblems } from './queue/hold/windows.ts'

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

/** Each side a cron expression of five fields, judged by `queue/hold/windows.ts`. */
const mergeWindow = z
  .strictObject({
    opens: z.string().describe('when it opens: minute, hour, day, month and weekday, as in 0 8 * * 1-5'),
    closes: z.string().describe('when it closes, likewise'),
    zone: z.string().default('UTC').describe('the time zone of both, as in Europe/Berlin'),
  })
  .superRefine((window, context) => {
    for (const { key, fix } of windowProblems(window)) context.addIssue({ code: 'custom', path: [key], message: fix })
  })

const section = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape).prefault({} as never)

const laneMode = z.enum(['off', 'shadow', 'live', 'paused'])
export type LaneMode = z.infer<typeof laneMode>

export const configSchema = z.strictObject({
  mode: z
    .union([laneMode, z.record(z.string().min(1), laneMode)])
    .describe(
      'off: silent; shadow: judges and lands nothing (docs/modes.md); live: lands; paused: keeps the queue, lands nothing. Or a map from branches, with * as wildcard, to these: the name itself counts before a pattern, and a longer pattern before a shorter one',
    ),
  targets: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'the branches to keep green, with * as wildcard; default: those that `mode` names, else the default branch',
    ),
  ready: section({
    when: z
      .enum(['non_draft', 'label', 'command', 'auto_merge'])
      .default('non_draft')
      .describe('what declares a pull request finished'),
    label: z.string().min(1).default('ready-to-land').describe('the label, where `when` is label'),
    approvals: section({
      required: z.int().min(1).default(1).describe('how many approvals of the head commit'),
      code_owners: z.boolean().default(false).describe('whether the owners of the touched files have to approve'),
    }),
    conversations: z
      .enum(['auto', 'resolved'])
      .default('auto')
      .describe('auto: have to be resolved where a rule of the target demands it; resolved: whatever the rules say'),
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
        'merge: a merge commit; squash: one commit; rebase: its commits one after the other; fast-forward: the head itself, which has to contain the tip. The label mainkeeper:METHOD on a pull request chooses for that one',
      ),
    mode: z
      .enum(['exact', 'native'])
      .default('exact')
      .describe(
        'exact: the tested commit itself becomes the tip; native: GitHub merges the pull request, one at a time, and the tree that came of it is compared with the tested one. native needs a ruleset by which nobody else moves the target (docs/setup.md)',
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
  }).refine(({ method, mode }) => method !== 'fast-forward' || mode !== 'native', {
    path: ['method'],
    message: 'GitHub itself never fast-forwards: with mode native it is merge, squash or rebase',
  }),
  batch: section({
    max: z.int().min(1).default(50).describe('how many pull requests one build may add'),
    wait: duration.default('0s').describe('how long the first of a batch that is not full waits for others'),
  }),
  ci: section({
    slots: z.int().min(1).default(2).describe('how many builds of a target may run at once'),
    start_timeout: duration.default('10m').describe('how long a required check may take to appear'),
    timeout: duration.default('2h').describe('how long a build may take'),
  }),
  windows: z
    .array(mergeWindow)
    .default([])
    .describe(
      'when landing is allowed: each { opens, closes, zone }, cron expressions of five fields by the wall clock of a zone (UTC), as in { opens: 0 8 * * 1-5, closes: 0 16 * * 1-5, zone: Europe/Berlin }; between them the queue is kept and nothing is built; none: always',
    ),
  shadow: section({
    check_run: z
      .boolean()
      .default(true)
      .describe(
        'whether a lane in mode shadow shows what it would do, in a neutral check run; false: it writes nothing',
      ),
  }),
  permissions: section({
    approve: permission.default('write'),
    hold: permission.default('maintain'),
    release: permission.default('maintain'),
    resume: permission.default('write'),
    priority: permission.default('write'),
    cancel: permission.default('write'),
    retry: permission.default('write'),
    try: permission
      .default('write')
      .describe('whoever may try has CI run what the pull request says, with its secrets'),
  }),
})

/** The file as it is written. */
export type WrittenConfig = z.infer<typeof configSchema>

/** What counts for one lane: its own mode, whatever else the file says of others. */
export type Config = Omit<WrittenConfig, 'mode'> & { readonly mode: LaneMode }

/** Whether a branch is one of the file's targets. */
export const isTarget = (config: WrittenConfig, branch: string, defaultBranch: string): boolean =>
  (targetPatterns(config) ?? [defaultBranch]).some((pattern) => matches(pattern, branch))

/** The file's targets as it names them; null: it names none, so the default branch is the only one. */
export const targetPatterns = ({ targets, mode }: WrittenConfig): readonly string[] | null =>
  targets ?? (typeof mode === 'string' ? null : Object.keys(mode))

/** The mode that the file gives to a branch. One that a map does not name is off. */
export function modeFor({ mode }: Pick<WrittenConfig, 'mode'>, branch: string): LaneMode {
  if (typeof mode === 'string') return mode
  const own = Object.hasOwn(mode, branch) ? mode[branch] : undefined
  // The order of a map's keys is not kept in the log, so it can't count.
  const [longest] = Object.keys(mode)
    .filter((pattern) => matches(pattern, branch))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return own ?? (longest === undefined ? undefined : mode[longest]) ?? 'off'
}

/** Whether the file lets no branch be looked at. */
export const isOff = ({ mode }: Pick<WrittenConfig, 'mode'>): boolean =>
  typeof mode === 'string' ? mode === 'off' : Object.values(mode).every((each) => each === 'off')

/** `*` stands for any characters, as in GitHub's branch patterns without `**`'s distinction. */
export function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${expression}$`).test(text)
}
