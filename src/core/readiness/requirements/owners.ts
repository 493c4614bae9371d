/**
 * The requirement that owners of the touched files approved, where the configuration asks for it. Who owns what was worked out
 * when the pull request was read, by `CODEOWNERS` of the target; here it is only compared with who approved.
 */
import type { Evidence } from '../../events/shapes.ts'
import { type Finding, met, type Requirement, type SeenSubject, unknown, unmet } from '../requirement.ts'
import { examinedHead, notExamined } from './commit.ts'
import { approvalsOf } from './review.ts'

type Owned = NonNullable<NonNullable<SeenSubject['pull']['examined']>['owners']>[number]

export const codeOwnersApproved: Requirement = {
  code: 'code_owners_approved',
  asks: 'Of every touched file that `CODEOWNERS` of the target names owners for, one of them approved, in person or as a member of a team. Asked where `ready.approvals.code_owners` is true.',
  reasons: {
    unmet: ['code_owners_missing', 'team_unreadable'],
    unknown: ['head_not_examined', 'code_owners_unknown', 'team_unknown', 'permission_unknown'],
  },
  changesWith: [
    'pull_request_examined',
    'team_observed',
    'review_approved',
    'review_retracted',
    'permission_observed',
    'config_changed',
  ],
  evaluate(subject) {
    if (!subject.config.ready.approvals.code_owners) return null
    const owners = examinedHead(subject)?.owners
    if (owners === undefined) return notExamined(subject.seen)
    if (owners === null)
      return unknown('code_owners_unknown', 'who owns the files that it touches could not be worked out')
    const findings = owners.flatMap((owned) => judge(subject, owned) ?? [])
    const worst = findings.find(({ status }) => status === 'unmet') ?? findings[0]
    if (!worst)
      return owners.length === 0 ? met('nobody owns what it touches', [], 'nobody_owns') : met('its owners approved')
    const same = findings.filter(({ reason }) => reason === worst.reason)
    return {
      ...worst,
      words: same.map(({ words }) => words).join('; '),
      evidence: same.flatMap(({ evidence }) => evidence),
    }
  },
}

/** What is missing of one set of owners; null when one of them approved. */
function judge(subject: SeenSubject, { file, owners }: Owned): Finding | null {
  const { counting, unsure } = approvalsOf(subject)
  const answers = (reviews: typeof counting) =>
    owners.flatMap((owner) => reviews.map(({ reviewer }) => owns(subject, owner, reviewer)))
  const given = answers(counting)
  if (given.includes('yes')) return null
  const evidence: Evidence[] = [{ kind: 'file', text: file }]
  const told = owners.map(asWritten).join(', ')
  if (answers(unsure).includes('yes'))
    return unknown('permission_unknown', `whether an owner of ${file} may approve is not known yet`, evidence)
  if (given.includes('unknown'))
    return unknown('team_unknown', `who belongs to the owners of ${file} (${told}) is not known yet`, evidence)
  if (given.includes('unreadable'))
    return unmet(
      'team_unreadable',
      `who belongs to the owners of ${file} (${told}) can not be read: no such team, or the App lacks members: read`,
      evidence,
    )
  return { ...unmet('code_owners_missing', `${file} needs ${told}`, evidence), awaits: `an owner of ${file}` }
}

/** Whether a reviewer is this owner or one of them. An owner by e-mail address can not be told from GitHub. */
function owns({ view }: SeenSubject, owner: string, reviewer: string): 'yes' | 'no' | 'unknown' | 'unreadable' {
  if (!isTeam(owner)) return owner.toLowerCase() === reviewer.toLowerCase() ? 'yes' : 'no'
  const members = view.repository.teams[owner.toLowerCase()]
  if (members === undefined) return 'unknown'
  if (members === null) return 'unreadable'
  return members.some((member) => member.toLowerCase() === reviewer.toLowerCase()) ? 'yes' : 'no'
}

const asWritten = (owner: string): string => (owner.includes('@') ? owner : `@${owner}`)

/** Teams are written `org/slug`; no login holds a slash. */
export const isTeam = (owner: string): boolean => owner.includes('/')
