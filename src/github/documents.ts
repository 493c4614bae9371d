/**
 * The GraphQL documents, as text. They ask for what the facts need and nothing else, because GitHub cuts a document off
 * after 10 s; who reads the answers is not known here.
 */

/** Nested lists of a pull request, each with what is asked of one element. `contexts` hangs on the head commit. */
export const LISTS = {
  labels: { args: '', nodes: 'name' },
  reviews: {
    args: ', states: [APPROVED, CHANGES_REQUESTED, DISMISSED]',
    nodes: 'fullDatabaseId state submittedAt updatedAt author { kind: __typename login } commit { oid }',
  },
  reviewThreads: { args: '', nodes: 'isResolved' },
  files: { args: '', nodes: 'path' },
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
  'contexts',
] as const satisfies readonly ListName[]

const list = (name: ListName, after = ''): string =>
  `${name}(first: 100${after}${LISTS[name].args}) { nodes { ${LISTS[name].nodes} } pageInfo { hasNextPage endCursor } }`

const checksOfHead = (contexts: string): string => `commits(last: 1) {
    totalCount
    nodes { commit { oid statusCheckRollup { ${contexts} } } }
  }`

const PULL = `fragment Pull on PullRequest {
  number title state isDraft updatedAt mergeable reviewDecision
  author { kind: __typename login }
  baseRefName baseRefOid baseRef { target { oid } }
  headRefName headRefOid headRef { target { oid } } headRepository { nameWithOwner }
  ${list('labels')}
  ${list('reviews')}
  ${list('reviewThreads')}
  ${list('files')}
  ${checksOfHead(list('contexts'))}
}`

/** How many pull requests one document asks about. */
export const PULLS_AT_ONCE = 20

export const pullAlias = (pull: number): string => `pull${pull}`

/** Pull requests by number, each under its alias, and the tip of `$ref`. */
export const observePullsDocument = (
  pulls: readonly number[],
): string => `query ObservePulls($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { target { oid } }
    ${pulls.map((pull) => `${pullAlias(pull)}: pullRequest(number: ${pull}) { ...Pull }`).join('\n    ')}
  }
}
${pulls.length > 0 ? PULL : ''}`

export const openPullsDocument = `query ObserveOpenPulls($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: [OPEN], first: ${PULLS_AT_ONCE}, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes { ...Pull }
      pageInfo { hasNextPage endCursor }
    }
  }
}
${PULL}`

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

/** Compare-and-swap of several refs at once: all are moved or none (https://docs.github.com/en/graphql/reference/mutations#updaterefs). */
export const updateRefsDocument = `mutation AdvanceTarget($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`
