/**
 * The GraphQL documents, as text. They ask for what the facts need and nothing else, because GitHub cuts a document off
 * after 10 s; who reads the answers is not known here.
 */
import { CODE_OWNERS_PATHS } from './facts/code-owners.ts'

/** Nested lists of a pull request, each with what is asked of one element. `contexts` hangs on the head commit. */
export const LISTS = {
  labels: { args: '', nodes: 'name' },
  reviews: {
    args: ', states: [APPROVED, CHANGES_REQUESTED, DISMISSED]',
    nodes: 'fullDatabaseId state submittedAt updatedAt author { kind: __typename login } commit { oid }',
  },
  reviewThreads: { args: '', nodes: 'isResolved' },
  files: { args: '', nodes: 'path' },
  signatures: { args: '', nodes: 'commit { signature { isValid } }' },
  contexts: {
    args: '',
    nodes: `kind: __typename
      ... on CheckRun {
        databaseId name status conclusion detailsUrl startedAt completedAt
        checkSuite { app { slug databaseId } branch { name } }
      }
      ... on StatusContext { context }`,
  },
} as const

export type ListName = keyof typeof LISTS
export const LIST_NAMES = [
  'labels',
  'reviews',
  'reviewThreads',
  'files',
  'signatures',
  'contexts',
] as const satisfies readonly ListName[]

/** GitHub works a signature out when it is asked for, so it is asked only where a target demands signed commits. */
const list = (name: ListName, after = '', where = ''): string => {
  const field = name === 'signatures' ? `signatures: commits` : name
  const { args, nodes } = LISTS[name]
  return `${field}(first: 100${after}${args})${where} { nodes { ${nodes} } pageInfo { hasNextPage endCursor } }`
}

const checksOfHead = (contexts: string): string => `commits(last: 1) {
    totalCount
    nodes { commit { oid statusCheckRollup { ${contexts} } } }
  }`

const PULL = `fragment Pull on PullRequest {
  number title body state isDraft updatedAt mergedAt mergeCommit { oid } mergeable reviewDecision changedFiles
  author { kind: __typename login }
  autoMergeRequest { enabledBy { kind: __typename login } }
  timelineItems(last: 1, itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) {
    nodes { ... on BaseRefChangedEvent { createdAt } ... on AutomaticBaseChangeSucceededEvent { createdAt } }
  }
  baseRefName baseRefOid baseRef { target { oid } }
  headRefName headRefOid headRef { target { oid } } headRepository { nameWithOwner }
  ${list('labels')}
  ${list('reviews')}
  ${list('reviewThreads')}
  ${list('files')}
  ${list('signatures', '', ' @include(if: $signatures)')}
  ${checksOfHead(list('contexts'))}
}`

/** How many pull requests one document asks about. */
export const PULLS_AT_ONCE = 20

export const pullAlias = (pull: number): string => `pull${pull}`

/** Pull requests by number, each under its alias, and the tip of `$ref`. */
export const observePullsDocument = (
  pulls: readonly number[],
): string => `query ObservePulls($owner: String!, $name: String!, $ref: String!${pulls.length > 0 ? ', $signatures: Boolean!' : ''}) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { target { oid } }
    ${pulls.map((pull) => `${pullAlias(pull)}: pullRequest(number: ${pull}) { ...Pull }`).join('\n    ')}
  }
}
${pulls.length > 0 ? PULL : ''}`

export const openPullsDocument = `query ObserveOpenPulls($owner: String!, $name: String!, $after: String, $signatures: Boolean!) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: [OPEN], first: ${PULLS_AT_ONCE}, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes { ...Pull }
      pageInfo { hasNextPage endCursor }
    }
  }
}
${PULL}`

const branchVariable = (index: number): string => `branch${index}`

/** The variables by which so many branches are named, and the aliases under which they are answered. */
export const branchVariables = (branches: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(branches.map((branch, index) => [branchVariable(index), `refs/heads/${branch}`]))

const BLOB_TEXT = '... on Blob { text isTruncated }'
const OWNER_PLACES = ['first', 'second', 'third'] as const

/** So many branches, each with its tip, one file there and perhaps `CODEOWNERS`, and the issues of a label, newest first. */
export function surveyDocument(branches: number, owners: boolean): string {
  const names = Array.from({ length: branches }, (_, index) => branchVariable(index))
  const path = branches > 0 ? ', $path: String!' : ''
  const asked = names.map((name) => `, $${name}: String!`).join('')
  const places = OWNER_PLACES.map(
    (place, index) => `${place}: file(path: "${CODE_OWNERS_PATHS[index]}") { object { ${BLOB_TEXT} } }`,
  )
  const files = [
    'file(path: $path) { object { kind: __typename ... on Blob { oid text isTruncated } } }',
    ...(owners ? places : []),
  ]
  return `query ObserveRepository($owner: String!, $name: String!, $label: String!, $after: String${path}${asked}) {
  repository(owner: $owner, name: $name) {
    ${names.map((name) => `${name}: ref(qualifiedName: $${name}) { target { oid ... on Commit { ${files.join(' ')} } } }`).join('\n    ')}
    open: pullRequests(first: 1, states: OPEN) { totalCount }
    issues(first: 100, after: $after, labels: [$label], orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes {
        number body state stateReason locked updatedAt
        author { kind: __typename login }
        labels(first: 100) { nodes { name } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`
}

/** The next page of each of these lists; `$labels`, `$reviews` … are their cursors. */
export function continuePullDocument(lists: readonly ListName[]): string {
  const parts = lists.map((name) => {
    const next = list(name, `, after: $${name}`)
    return name === 'contexts' ? checksOfHead(next) : next
  })
  const cursors = lists.map((name) => `$${name}: String!`).join(', ')
  return `query ContinuePull($owner: String!, $name: String!, $number: Int!, ${cursors}) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      ${parts.join('\n      ')}
    }
  }
}`
}

/** What stands at each place where `CODEOWNERS` may be; `$first`, `$second`, `$third` are `<branch>:<path>`. */
export const codeOwnersDocument = `query ReadCodeOwners($owner: String!, $name: String!, $first: String!, $second: String!, $third: String!) {
  repository(owner: $owner, name: $name) {
    ${OWNER_PLACES.map((place) => `${place}: object(expression: $${place}) { ${BLOB_TEXT} }`).join('\n    ')}
  }
}`

/** A page of a team's members, those of teams within it among them. */
export const teamDocument = `query ReadTeam($organization: String!, $slug: String!, $after: String) {
  organization(login: $organization) {
    team(slug: $slug) {
      members(first: 100, after: $after) { nodes { login } pageInfo { hasNextPage endCursor } }
    }
  }
}`

/** Where `$ref` stands, and the tree of `$commit`. */
export const readTargetDocument = `query ReadTarget($owner: String!, $name: String!, $ref: String!, $commit: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { target { oid } }
    object(oid: $commit) { ... on Commit { tree { oid } } }
  }
}`

/** Compare-and-swap of several refs at once: all are moved or none (https://docs.github.com/en/graphql/reference/mutations#updaterefs). */
export const updateRefsDocument = `mutation AdvanceTarget($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`

export const checkRunAlias = (index: number): string => `run${index}`

/** So many check runs, each by a variable of its alias's name (https://docs.github.com/en/graphql/reference/mutations#updatecheckrun). */
export function updateCheckRunsDocument(count: number): string {
  const names = Array.from({ length: count }, (_, index) => checkRunAlias(index))
  return `mutation UpdateCheckRuns(${names.map((name) => `$${name}: UpdateCheckRunInput!`).join(', ')}) {
  ${names.map((name) => `${name}: updateCheckRun(input: $${name}) { clientMutationId }`).join('\n  ')}
}`
}
