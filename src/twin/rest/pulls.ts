/**
 * Routes of pull requests: read, changed, merged by the button, and their reviews, files and commits.
 */
import { mergePull } from '../acts/merge-pull.ts'
import { askMergeability, knownMergeability } from '../acts/mergeability.ts'
import { closePull, editPull, reopenPull } from '../acts/pulls.ts'
import { compareTrees } from '../git/tree.ts'
import { type Answer, type Call, ok, oneOf, type Route } from '../http/route.ts'
import { commitPayload, filePayload } from '../payloads/commits.ts'
import { pullPayload, reviewPayload, wholePullPayload } from '../payloads/pulls.ts'
import { type Pull, pullsOf } from '../state.ts'

const READ = [['pull_requests', 'read']] as const
const WRITE = [['pull_requests', 'write']] as const
const PULLS = '/repos/{owner}/{repo}/pulls'

export const pullRoutes: readonly Route[] = [
  { method: 'GET', template: PULLS, needs: READ, answer: listPulls },
  { method: 'GET', template: `${PULLS}/{pull_number}`, needs: READ, answer: getPull },
  { method: 'PATCH', template: `${PULLS}/{pull_number}`, needs: WRITE, answer: updatePull },
  {
    method: 'GET',
    template: `${PULLS}/{pull_number}/reviews`,
    needs: READ,
    answer: (call) => call.page(call.pull.reviews, (review) => reviewPayload(call.world, review)),
  },
  { method: 'GET', template: `${PULLS}/{pull_number}/files`, needs: READ, answer: listFiles },
  { method: 'GET', template: `${PULLS}/{pull_number}/commits`, needs: READ, answer: listCommits },
  { method: 'PUT', template: `${PULLS}/{pull_number}/merge`, needs: [['contents', 'write']], answer: merge },
]

function listPulls(call: Call): Answer {
  const { query } = call
  const state = query.get('state') ?? 'open'
  const [base, head] = [query.get('base'), query.get('head')]
  const chosen = pullsOf(call.repo).filter(
    (pull) =>
      (state === 'all' || pull.issue.state === state) &&
      (base === null || pull.base.ref === base) &&
      (head === null || `${pull.head.repo.owner.login}:${pull.head.ref}` === head),
  )
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  const downwards = (query.get('direction') ?? (query.get('sort') === null ? 'desc' : 'asc')) === 'desc'
  chosen.sort((a, b) => a.issue[key] - b.issue[key] || a.number - b.number)
  if (downwards) chosen.reverse()
  return call.page(chosen, (pull) => pullPayload(call.world, pull))
}

function getPull(call: Call): Answer {
  const { pull } = call
  return ok(wholePullPayload(call.world, pull, askMergeability(call.world, pull)))
}

function updatePull(call: Call): Answer {
  const { pull, world, act } = call
  const state = call.optionalText('state')
  if (state !== undefined) {
    if (oneOf('PullRequest', 'state', state, ['open', 'closed']) === 'closed') closePull(world, pull, act)
    else reopenPull(world, pull, act)
  }
  const [title, body, base] = [call.optionalText('title'), call.optionalText('body'), call.optionalText('base')]
  editPull(world, pull, act, {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(base === undefined ? {} : { base }),
  })
  return ok(whole(call, pull))
}

function listFiles(call: Call): Answer {
  const { pull, world } = call
  const { graph, objects } = pull.repo.git
  const from = graph.mergeBase(pull.base.sha, pull.head.sha)
  const changes = compareTrees(objects, from ? graph.read(from).tree : undefined, graph.read(pull.head.sha).tree)
  return call.page(changes, (change) => filePayload(world, pull.repo, pull.head.sha, change, objects))
}

function listCommits(call: Call): Answer {
  const { pull, world } = call
  const { graph } = pull.repo.git
  const commits = graph.log(pull.head.sha, pull.base.sha).toReversed()
  return call.page(commits.slice(0, 250), (commit) => commitPayload(world, pull.repo, commit))
}

function merge(call: Call): Answer {
  const method = oneOf('PullRequest', 'merge_method', call.optionalText('merge_method') ?? 'merge', [
    'merge',
    'squash',
    'rebase',
  ])
  const sha = mergePull(call.world, call.pull, call.act, {
    method,
    sha: call.optionalText('sha'),
    title: call.optionalText('commit_title'),
    message: call.optionalText('commit_message'),
  })
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' })
}

const whole = (call: Call, pull: Pull) => wholePullPayload(call.world, pull, knownMergeability(pull))
