/**
 * One pull request of a GraphQL answer as facts for the log: pure, and in the words that webhooks use, so that a read and
 * a delivery about the same thing make the same event. It knows nothing of pages, tokens or HTTP.
 */
import { CONFIG_PATH } from '../../core/config-path.ts'
import { dependsOn } from '../../core/depends-on.ts'
import type { YesNoUnknown } from '../../core/events/shapes.ts'
import type { NewEvent } from '../../core/events.ts'
import { ZERO_SHA } from '../../core/ids.ts'
import { checkRunFact, newestChecks } from './check-facts.ts'
import { type CodeOwners, ownersOf } from './code-owners.ts'
import type { ActorNode, ContextNode, PullNode, ReviewNode, SignedNode } from './pull-node.ts'

/** A pull request with its nested lists read to their end. */
export interface WholePull {
  readonly node: PullNode
  readonly labels: readonly { readonly name: string }[]
  readonly reviews: readonly ReviewNode[]
  readonly reviewThreads: readonly { readonly isResolved: boolean }[]
  readonly files: readonly { readonly path: string }[]
  /** Null where they were not asked for. */
  readonly signatures: readonly SignedNode[] | null
  readonly contexts: readonly ContextNode[]
  /** The commit that `contexts` are about; null when there is none. */
  readonly checked: string | null
}

/** What is known beside the answer itself. */
export interface Circumstances {
  /** When it was read. */
  readonly at: string
  /** Our App: its own check runs are left out. */
  readonly us: number
  readonly mayWriteWorkflows: YesNoUnknown
  /** `CODEOWNERS` of the base; null where nobody asked for owners. */
  readonly codeOwners: CodeOwners | null
}

/** Everything that one look at a pull request tells. */
export function pullFacts(pull: WholePull, how: Circumstances): NewEvent[] {
  const { at, us } = how
  return [observed(pull), ...pushed(pull.node), ...reviewFacts(pull), ...checkFacts(pull, at, us), examined(pull, how)]
}

/** GitHub lists no more than 3000 files; of what it leaves out nothing can be said. */
const isWhole = ({ node, files }: WholePull): boolean => files.length >= node.changedFiles

/** Whether it changes workflows. https://docs.github.com/rest/overview/permissions-required-for-github-apps */
export function workflowFiles(pull: WholePull): YesNoUnknown {
  if (pull.files.some((file) => file.path.startsWith('.github/workflows/'))) return 'yes'
  return isWhole(pull) ? 'no' : 'unknown'
}

/** The target as it stands: a read knows neither what stood there before nor who moved it. */
export function targetFact(branch: string, tip: string, at: string): NewEvent {
  return {
    type: 'target_moved',
    payload: { branch, before: ZERO_SHA, after: tip, forced: false, pusher: null },
    occurred_at: at,
    source: 'read',
  }
}

function observed({ node, labels }: WholePull): NewEvent {
  return {
    type: 'pull_request_observed',
    payload: {
      pull: node.number,
      title: node.title,
      author: loginOf(node.author),
      state: node.state === 'MERGED' ? 'merged' : node.state === 'OPEN' ? 'open' : 'closed',
      draft: node.isDraft,
      base: node.baseRefName,
      branch: node.headRefName,
      remote: node.headRepository?.nameWithOwner ?? null,
      sha: node.headRefOid,
      labels: labels.map((label) => label.name).sort(),
      auto_merge: node.autoMergeRequest && loginOf(node.autoMergeRequest.enabledBy),
      depends_on: dependsOn(node.body),
      updated_at: node.updatedAt,
      ...(node.state === 'MERGED'
        ? { merged_as: node.mergeCommit?.oid ?? null, merged_at: node.mergedAt ?? null }
        : {}),
    },
    occurred_at: node.updatedAt,
    source: 'read',
  }
}

/** GitHub does not tell when a branch was pushed; the pull request was updated no earlier. */
function pushed(node: PullNode): NewEvent[] {
  const sha = node.headRef?.target?.oid
  const remote = node.headRepository?.nameWithOwner
  if (!sha || !remote) return []
  const payload = {
    branch: node.headRefName,
    sha,
    before: ZERO_SHA,
    remote,
    forced: false,
    pusher: null,
    pushed_at: node.updatedAt,
  }
  return [{ type: 'branch_pushed', payload, occurred_at: node.updatedAt, source: 'read' }]
}

function reviewFacts({ node, reviews }: WholePull): NewEvent[] {
  return reviews.flatMap((review): NewEvent[] => {
    const review_id = Number(review.fullDatabaseId)
    if (!Number.isSafeInteger(review_id) || review_id <= 0) return []
    const at = review.submittedAt ?? review.updatedAt
    const common = { pull: node.number, reviewer: loginOf(review.author), review_id }
    if (review.state === 'APPROVED') {
      // An approval binds one commit. Where that commit is gone it binds none.
      if (!review.commit) return []
      return [
        {
          type: 'review_approved',
          payload: { ...common, sha: review.commit.oid, approved_at: at },
          occurred_at: at,
          source: 'read',
        },
      ]
    }
    if (review.state === 'CHANGES_REQUESTED')
      return [
        {
          type: 'review_retracted',
          payload: { ...common, reason: 'changes_requested' },
          occurred_at: at,
          source: 'read',
        },
      ]
    if (review.state === 'DISMISSED')
      return [
        {
          type: 'review_retracted',
          payload: { ...common, reason: 'dismissed' },
          occurred_at: review.updatedAt,
          source: 'read',
        },
      ]
    return []
  })
}

function checkFacts({ contexts, checked }: WholePull, at: string, us: number): NewEvent[] {
  if (checked === null) return []
  const facts = contexts.flatMap((run) => {
    if (run.kind !== 'CheckRun') return []
    const { app, branch } = run.checkSuite
    if (app?.databaseId === us) return []
    const rest = {
      id: run.databaseId,
      name: run.name,
      status: run.status,
      conclusion: run.conclusion,
      details_url: run.detailsUrl,
      started_at: run.startedAt,
      completed_at: run.completedAt,
      app: app && { id: app.databaseId, slug: app.slug },
      check_suite: null,
    }
    return [checkRunFact(checked, rest, branch?.name ?? null, at)]
  })
  return newestChecks(facts)
}

function examined(pull: WholePull, { at, mayWriteWorkflows, codeOwners }: Circumstances): NewEvent {
  const { node, reviewThreads, signatures } = pull
  const paths = pull.files.map(({ path }) => path)
  return {
    type: 'pull_request_examined',
    payload: {
      pull: node.number,
      sha: node.headRefOid,
      // The base ref's own commit: `baseRefOid` is the base as of the last synchronisation.
      tip: node.baseRef?.target?.oid ?? node.baseRefOid,
      mergeable: node.mergeable === 'MERGEABLE' ? 'yes' : node.mergeable === 'CONFLICTING' ? 'no' : 'unknown',
      reachable: reachable(node),
      integrated: integrated(node),
      review_decision: reviewDecision(node.reviewDecision),
      threads_unresolved: reviewThreads.filter((thread) => !thread.isResolved).length,
      commits: node.commits.totalCount,
      workflow_files: workflowFiles(pull),
      may_write_workflows: mayWriteWorkflows,
      unsigned: signatures && signatures.filter(({ commit }) => commit.signature?.isValid !== true).length,
      owners: codeOwners && isWhole(pull) ? ownersOf(codeOwners, paths) : null,
      base_changed: node.timelineItems.nodes?.at(-1)?.createdAt ?? null,
      ...(paths.includes(CONFIG_PATH) ? { config_file: true as const } : {}),
    },
    occurred_at: at,
    source: 'read',
  }
}

/** A head ref that stands elsewhere than the pull request's head: GitHub has not caught up with a push. */
function reachable(node: PullNode): YesNoUnknown {
  if (!node.headRepository || !node.headRef?.target) return 'no'
  return node.headRef.target.oid === node.headRefOid ? 'yes' : 'unknown'
}

/**
 * GitHub has no cheap field for "contained in the base", but marks a contained pull request merged. It does so a little late;
 * what slips through is found by the assembly, to which GitHub says that there is nothing to merge. Waiting here for
 * `mergeable`, which is forgotten whenever the base moves, would hold up everybody instead.
 */
function integrated(node: PullNode): YesNoUnknown {
  if (node.state === 'MERGED') return 'yes'
  return node.state === 'OPEN' ? 'no' : 'unknown'
}

function reviewDecision(decision: PullNode['reviewDecision']) {
  switch (decision) {
    case 'APPROVED':
      return 'approved'
    case 'CHANGES_REQUESTED':
      return 'changes_requested'
    case 'REVIEW_REQUIRED':
      return 'review_required'
    case null:
      return null
    default:
      return decision satisfies never
  }
}

/** GraphQL names a bot without the suffix that REST and webhooks give it; a deleted account is GitHub's `ghost`. */
export function loginOf(author: ActorNode): string {
  if (!author) return 'ghost'
  return author.kind === 'Bot' && !author.login.endsWith('[bot]') ? `${author.login}[bot]` : author.login
}
