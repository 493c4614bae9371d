/** Who breaks the target, and how that is shown: always by a failed build of exactly the tip and it. */
import type { BlockCode } from '../../../events/decisions.ts'
import type { CheckResult, Evidence } from '../../../events/shapes.ts'
import type { NewEvent } from '../../../events.ts'
import type { Judgement } from '../../judgement.ts'
import type { Blame } from '../../plan/plan.ts'
import { blockedBy } from '../blocked.ts'
import { evidenceOf, names } from './verdicts.ts'

export function blamed(judgement: Judgement, { member, evidence, partners }: Blame): NewEvent {
  const { lane } = judgement
  const build = evidence.at(-1) ?? ''
  const checks = (lane.builds[build]?.checks ?? []).filter(({ state }) => state !== 'passed')
  const { reason, what } = kindOf(judgement, checks)
  const without = partners.map((pull) => `#${pull}`).join(', ')
  const partner: Evidence[] =
    partners.length > 0 ? [{ kind: 'message', text: `it passed without ${without}, which landed since` }] : []
  const message = `${what} on the merge of #${member.pull} into ${lane.target}`
  return blockedBy(judgement, member, reason, { build, message, evidence: [...evidenceOf(checks), ...partner] })
}

function kindOf({ config }: Judgement, checks: readonly CheckResult[]): { reason: BlockCode; what: string } {
  const failed = names(checks, ['failed'])
  if (failed) return { reason: 'checks_failed', what: `${failed} failed` }
  const late = names(checks, ['timed_out'])
  if (late) return { reason: 'checks_timed_out', what: `${late} did not finish within ${config.ci.timeout}` }
  const missing = names(checks, ['missing'])
  return { reason: 'ci_never_started', what: `${missing} did not appear within ${config.ci.start_timeout}` }
}
