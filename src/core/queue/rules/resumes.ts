/**
 * Requests to take blocked work up again, each answered once: remembered until it is READY, refused, or of no use any more. A
 * retry is one that is not remembered.
 */
import { allows } from '../../config.ts'
import type { PayloadOf } from '../../events.ts'
import { isItsOwn } from '../../readiness/evaluate.ts'
import { believed, event, isDelegate, type Judgement, type Rule, record } from '../judgement.ts'
import { type Block, type Resume, resumeOf } from '../lane.ts'

export const answerResumes: Rule = (judgement) => {
  const { lane } = judgement
  const asked = Object.values(lane.resumes).filter((resume) => resume.status === 'asked')
  for (const resume of asked.sort((a, b) => a.position - b.position)) {
    const verdict = resumeVerdict(judgement, resume)
    // Who asked is looked up first.
    if (verdict === null) continue
    const [result, reason] = verdict
    return record([event(judgement, 'resume_answered', { pull: resume.pull, request: resume.request, result, reason })])
  }
  return null
}

/** How often one commit may be blocked for one reason before a resume has to be forced. */
const STRIKES = 3

export type Verdict = readonly [PayloadOf<'resume_answered'>['result'], PayloadOf<'resume_answered'>['reason']]

/** What becomes of a request; null while it has to be looked up who asks. */
export function resumeVerdict(
  judgement: Judgement,
  resume: Pick<Resume, 'pull' | 'by' | 'via' | 'force' | 'retry'>,
): Verdict | null {
  const { lane, view, config } = judgement
  const block = lane.blocks[resume.pull]
  if (!block) return ['obsolete', lane.entries[resume.pull] ? 'queued' : 'not_blocked']
  if (needsPermission(resume)) {
    const permission = believed(judgement, resume.by)
    if (permission === undefined) return null
    const { retry, resume: wanted } = config.permissions
    const may = allows(permission, resume.retry ? retry : wanted) || isDelegate(judgement, resume.pull, resume.by)
    if (!may) return ['refused', 'permission']
  }
  const pull = view.pulls.get(resume.pull)
  if (!pull || pull.seen?.state !== 'open') return ['refused', 'not_open']
  if (block.times >= STRIKES && block.sha === pull.seen.sha && !resume.force) return ['refused', 'needs_force']
  const { status, requirements } = judgement.readiness(pull)
  // A retry is of what stands there now: it waits for nobody's approval.
  if (resume.retry && requirements.some((verdict) => verdict.status === 'unmet' && isItsOwn(verdict)))
    return ['refused', block.sha === pull.seen.sha ? 'not_ready' : 'other_head']
  return ['remembered', status === 'ready' ? 'ready' : 'not_ready']
}

/** A failed check of the build that blocked a candidate turned green on a re-run: that is a resume, and nobody has to ask. */
export const noticeRechecks: Rule = (judgement) => {
  const { lane, view } = judgement
  for (const block of Object.values(lane.blocks)) {
    if (block.reason !== 'checks_failed' || !block.build_sha || !mayRecheck(judgement, block)) continue
    const failing = block.conflict_evidence.filter((one) => one.kind === 'check').map((one) => one.text.split(':')[0])
    const reports = (view.checks.get(block.build_sha) ?? []).filter((report) =>
      failing.includes(report.payload.context),
    )
    const newest = new Map(
      reports.sort((a, b) => a.position - b.position).map((report) => [report.payload.context, report]),
    )
    const green = [...newest.values()].filter((report) => report.payload.conclusion === 'success')
    if (failing.length === 0 || green.length < failing.length) continue
    const request = `recheck:${block.build ?? block.build_sha}:${Math.max(...green.map((report) => report.position))}`
    if (lane.resumes[request]) continue
    return record([
      event(judgement, 'resume_requested', {
        pull: block.pull,
        follow_up: lane.follow_ups[block.pull]?.issue ?? null,
        by: 'mainkeeper',
        via: 'recheck',
        request,
      }),
    ])
  }
  return null
}

/** Not where it would be refused, or where a resume is remembered already: then a green check says nothing new. */
const mayRecheck = ({ lane, view }: Judgement, { pull, sha, times }: Block): boolean => {
  const seen = view.pulls.get(pull)?.seen
  return seen?.state === 'open' && (times < STRIKES || seen.sha !== sha) && resumeOf(lane, pull) !== 'remembered'
}

/** A green re-run speaks for itself, and the command line speaks for whoever can reach the database. */
export const needsPermission = (resume: Pick<Resume, 'via'>): boolean =>
  resume.via !== 'recheck' && resume.via !== 'cli'
