/** What `explain --proof` answers: on what each landing of a pull request rested. It looks nothing up and judges nothing. */
import type { Mode } from '../../core/events/shapes.ts'
import type { LoggedEvent, PayloadOf } from '../../core/events.ts'
import { line } from '../../core/render/escape.ts'
import { moment, table } from './table.ts'

type Completed = PayloadOf<'integration_completed'>

export interface Proof extends Omit<Completed, 'checks'> {
  readonly repository: string
  readonly target: string | null
  readonly recorded_at: string
  /** Log position of the record. */
  readonly position: number
  /** The commit and tree that CI proved, and all pull requests in it; null where the target held it already. */
  readonly tested: Pick<PayloadOf<'build_published'>, 'sha' | 'tree'> | null
  readonly heads: readonly number[]
  readonly checks: readonly (Completed['checks'][number] & { readonly sha: string | null })[]
}

export interface Proofs {
  readonly proofs: readonly Proof[]
}

/** The proof that one landing left in the log, with what was published for CI. */
export function proofOf(
  { payload, repository, lane, position, recorded_at }: LoggedEvent<'integration_completed'>,
  published: PayloadOf<'build_published'> | null,
): Proof {
  return {
    ...payload,
    repository,
    target: lane,
    recorded_at,
    position,
    tested: published && { sha: published.sha, tree: published.tree },
    heads: published?.prefixes.map(({ pull }) => pull) ?? [payload.pull],
    checks: payload.checks.map((check) => ({ ...check, sha: published?.sha ?? null })),
  }
}

export const renderProofs = ({ proofs }: Proofs): string => proofs.map((proof) => lines(proof).join('\n')).join('\n\n')

const MODES: Readonly<Record<Mode, string>> = {
  exact: 'the tested commit itself (exact)',
  native: 'merged by GitHub itself (native)',
}

function lines(proof: Proof): string[] {
  const { tested, tree, build, method, mode = 'exact', observed_at } = proof
  const rows = [
    ['landed', moment(proof.landed_at)],
    ['observed', observed_at === null ? 'not: the target held it already' : moment(observed_at)],
    ['base', proof.base],
    ['head', `${proof.sha}  ${line(proof.branch)}`],
    ['commit', proof.landed_sha],
    ...(tree === null ? [] : [['tree', tree]]),
    ['build', build ?? 'none'],
    ...(method === undefined ? [] : [['method', `${method}, ${MODES[mode]}`]]),
    ...(tested ? [['tested', `${tested.sha}  tree ${tested.tree}`]] : []),
    ['together', proof.heads.map((pull) => `#${pull}`).join(' ')],
    ...proof.checks.map(({ context, app, state, sha, url }) => [
      'check',
      [context, app ?? 'status', state, sha === null ? '' : `on ${sha}`, url ?? '']
        .filter((part) => part !== '')
        .join('  '),
    ]),
    ...proof.approvals.map(({ reviewer, permission, sha, review_id }) => [
      'approval',
      `${reviewer} (${permission}) of ${sha}, review ${review_id}`,
    ]),
    ['recorded', `${moment(proof.recorded_at)}, position ${proof.position}`],
  ]
  return [`Proof of landing of ${proof.repository}#${proof.pull} on ${proof.target ?? '?'}`, ...table(rows, '  ')]
}
