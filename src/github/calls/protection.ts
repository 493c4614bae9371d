/**
 * What GitHub demands of a branch: rulesets and classic protection by union, and whether their restrictions let us pass.
 * It reads and judges nothing; what it may not see it leaves out of the demands and says `unknown` of the passing.
 */
import type { YesNoUnknown } from '../../core/events/shapes.ts'
import type { PayloadOf } from '../../core/events.ts'
import { failed, mapAnswer, ok } from '../answer.ts'
import type { Answer, RepositoryPort } from '../port.ts'
import { type Access, readPages } from './access.ts'

type Required = PayloadOf<'protection_observed'>['required'][number]

/** One source of demands. */
interface Demands {
  readonly required: readonly Required[]
  readonly rules: readonly string[]
  readonly bypass: YesNoUnknown
}

/** Rules that stop a direct update of the branch, however good the commit is. */
const RESTRICTING = new Set(['update', 'pull_request', 'merge_queue'])
const ANY_APP = -1

export function protectionCall(access: Access): Pick<RepositoryPort, 'readProtection'> {
  return {
    readProtection: async (branch) => {
      const rulesets = await readRulesets(access, branch)
      if (!rulesets.ok) return rulesets
      const classic = await readClassic(access, branch)
      if (!classic.ok) return classic
      const both = [rulesets.value, classic.value]
      return ok({
        branch,
        required: distinct(both.flatMap((demands) => demands.required)),
        rules: [...new Set(both.flatMap((demands) => demands.rules))].sort(),
        bypass: together(both.map((demands) => demands.bypass)),
      })
    },
  }
}

async function readRulesets(access: Access, branch: string): Promise<Answer<Demands>> {
  const { octokit, at } = access
  const answer = await readPages(
    access,
    (how) => octokit.rest.repos.getBranchRules({ ...at, branch, per_page: 100, ...how }),
    (rules) => rules,
  )
  if (!answer.ok) return answer
  const rules = answer.value
  const required = rules.flatMap((rule) =>
    rule.type === 'required_status_checks'
      ? (rule.parameters?.required_status_checks ?? []).map((check) => ({
          context: check.context,
          app_id: check.integration_id ?? null,
        }))
      : [],
  )
  const restricting = rules.filter((rule) => RESTRICTING.has(rule.type)).map((rule) => rule.ruleset_id)
  const passes: YesNoUnknown[] = []
  for (const pass of await Promise.all([...new Set(restricting)].map((id) => mayPass(access, id)))) {
    if (!pass.ok) return pass
    passes.push(pass.value)
  }
  // Classic protection has a switch of its own for this; here it is a part of another rule.
  const resolves = rules.some(
    (rule) => rule.type === 'pull_request' && rule.parameters?.required_review_thread_resolution === true,
  )
  const names = [...rules.map((rule) => rule.type), ...(resolves ? ['required_conversation_resolution'] : [])]
  return ok({ required, rules: namesOf(names), bypass: together(passes) })
}

/**
 * Whether we may pass a ruleset; GitHub tells it of ourselves only. A pass for pull requests is none for a direct update. One
 * that we may not see is unknown; one that could not be read just now is a failure, so that nobody records it as a change.
 */
async function mayPass({ octokit, caller, at }: Access, ruleset: number | undefined): Promise<Answer<YesNoUnknown>> {
  if (ruleset === undefined) return ok('unknown')
  const answer = await caller.read((how) =>
    octokit.rest.repos.getRepoRuleset({ ...at, ruleset_id: ruleset, includes_parents: true, ...how }),
  )
  if (!answer.ok) return answer.failure === 'forbidden' || answer.failure === 'gone' ? ok('unknown') : answer
  const pass: string | undefined = answer.value.data.current_user_can_bypass
  if (pass === undefined) return ok('unknown')
  return ok(pass === 'always' || pass === 'exempt' ? 'yes' : 'no')
}

async function readClassic(access: Access, branch: string): Promise<Answer<Demands>> {
  const { octokit, caller, at } = access
  const answer = await caller.read((how) => octokit.rest.repos.getBranchProtection({ ...at, branch, ...how }))
  if (answer.ok) return describeClassic(access, answer.value.data)
  if (answer.failure === 'gone' && /branch not protected/i.test(answer.message))
    return ok({ required: [], rules: [], bypass: 'yes' })
  if (answer.failure === 'gone' && /branch not found/i.test(answer.message)) return failed(answer)
  if (answer.failure !== 'forbidden' && answer.failure !== 'gone') return answer
  return readSummary(access, branch)
}

interface Classic {
  readonly required_status_checks?: {
    readonly contexts?: readonly string[]
    readonly checks?: readonly { readonly context: string; readonly app_id?: number | null }[]
  }
  readonly required_pull_request_reviews?: { readonly bypass_pull_request_allowances?: Allowances }
  readonly restrictions?: Allowances | null
  readonly required_signatures?: Switch
  readonly required_linear_history?: Switch
  readonly required_conversation_resolution?: Switch
  readonly allow_force_pushes?: Switch
  readonly allow_deletions?: Switch
  readonly lock_branch?: Switch
}
interface Switch {
  readonly enabled?: boolean
}
interface Allowances {
  readonly apps?: readonly ({ readonly slug?: string } | null)[]
}

/** Classic protection in the rulesets' words. */
async function describeClassic(access: Access, classic: Classic): Promise<Answer<Demands>> {
  const us = await access.identity()
  if (!us.ok) return us
  const lists = (allowances: Allowances | undefined): boolean =>
    allowances?.apps?.some((app) => app?.slug === us.value.slug) ?? false
  const { restrictions, required_pull_request_reviews: reviews } = classic
  const names = [
    ...(restrictions ? ['update'] : []),
    ...(reviews ? ['pull_request'] : []),
    ...(classic.required_signatures?.enabled ? ['required_signatures'] : []),
    ...(classic.required_linear_history?.enabled ? ['required_linear_history'] : []),
    ...(classic.required_conversation_resolution?.enabled ? ['required_conversation_resolution'] : []),
    ...(classic.allow_force_pushes?.enabled ? [] : ['non_fast_forward']),
    ...(classic.allow_deletions?.enabled ? [] : ['deletion']),
    ...(classic.lock_branch?.enabled ? ['lock_branch'] : []),
  ]
  const stopped =
    (restrictions && !lists(restrictions)) ||
    (reviews && !lists(reviews.bypass_pull_request_allowances)) ||
    classic.lock_branch?.enabled
  return ok({ required: requiredBy(classic.required_status_checks), rules: names, bypass: stopped ? 'no' : 'yes' })
}

/** Without the right to read protection, the branch itself still names its required checks. */
async function readSummary({ octokit, caller, at }: Access, branch: string): Promise<Answer<Demands>> {
  const answer = await caller.read((how) => octokit.rest.repos.getBranch({ ...at, branch, ...how }))
  return mapAnswer(answer, ({ data }) => ({
    required: requiredBy(data.protection?.required_status_checks),
    rules: [],
    bypass: data.protected ? 'unknown' : 'yes',
  }))
}

function requiredBy(checks: Classic['required_status_checks']): Required[] {
  if (checks?.checks)
    return checks.checks.map(({ context, app_id }) => ({
      context,
      app_id: app_id === ANY_APP ? null : (app_id ?? null),
    }))
  return (checks?.contexts ?? []).map((context) => ({ context, app_id: null }))
}

const namesOf = (types: readonly string[]): string[] => types.filter((type) => type !== 'required_status_checks')

/** One closed door is enough; one that can't be seen leaves it open whether all are. */
const together = (answers: readonly YesNoUnknown[]): YesNoUnknown =>
  answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes'

function distinct(required: readonly Required[]): Required[] {
  const byName = new Map(required.map((check) => [`${check.context} ${check.app_id ?? ''}`, check]))
  return [...byName.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, check]) => check)
}
