/**
 * Makes `schema-extract.ts`: the part of GitHub's published GraphQL schema that the twin answers, with GitHub's own
 * names, types and arguments. Run it with tsx after changing the list or the version of `@octokit/graphql-schema`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type ScalarTypeDefinitionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
  visit,
} from 'graphql'

const CONNECTION = 'nodes pageInfo totalCount'

/** The types and fields that the twin has, by GitHub's names. */
const WANTED: Readonly<Record<string, string>> = {
  Query: 'id node nodes organization rateLimit repository viewer',
  Mutation: 'updateCheckRun updateRefs',
  RateLimit: 'cost limit nodeCount remaining resetAt used',
  Node: 'id',
  Actor: 'login url',
  User: 'id login databaseId url',
  Bot: 'id login databaseId url',
  Organization: 'id login databaseId url team',
  Team: 'id slug name members',
  TeamMemberConnection: CONNECTION,
  RepositoryOwner: 'id login url',
  GitObject: 'id oid',
  Repository:
    'id databaseId name nameWithOwner owner isPrivate isFork isArchived defaultBranchRef ref refs object issue issueOrPullRequest issues pullRequest pullRequests label labels deleteBranchOnMerge mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed autoMergeAllowed hasIssuesEnabled viewerPermission',
  Ref: 'id name prefix target',
  RefConnection: CONNECTION,
  Commit:
    'id oid message messageHeadline messageBody tree parents author committer committedDate authoredDate statusCheckRollup status checkSuites history signature url file',
  GitSignature: 'isValid',
  GpgSignature: 'isValid',
  CommitConnection: CONNECTION,
  CommitHistoryConnection: CONNECTION,
  GitActor: 'name email date user',
  Tree: 'id oid entries',
  TreeEntry: 'name path mode type oid object',
  Blob: 'id oid text byteSize isBinary isTruncated',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  PullRequest:
    'id databaseId fullDatabaseId number title body url state isDraft closed closedAt merged mergedAt mergedBy mergeCommit author authorAssociation baseRef baseRefName baseRefOid baseRepository headRef headRefName headRefOid headRepository headRepositoryOwner isCrossRepository mergeable mergeStateStatus createdAt updatedAt reviewDecision labels assignees latestOpinionatedReviews latestReviews reviews reviewThreads commits files changedFiles autoMergeRequest comments statusCheckRollup timelineItems locked maintainerCanModify',
  PullRequestTimelineItemsConnection: 'nodes pageInfo totalCount',
  PullRequestTimelineItems: 'AutomaticBaseChangeSucceededEvent BaseRefChangedEvent',
  AutomaticBaseChangeSucceededEvent: 'id createdAt',
  BaseRefChangedEvent: 'id createdAt',
  PullRequestConnection: CONNECTION,
  PullRequestCommit: 'id commit',
  PullRequestCommitConnection: CONNECTION,
  PullRequestChangedFile: 'path additions deletions changeType',
  PullRequestChangedFileConnection: CONNECTION,
  PullRequestReview:
    'id databaseId fullDatabaseId author authorAssociation state body commit submittedAt createdAt updatedAt url authorCanPushToRepository',
  PullRequestReviewConnection: CONNECTION,
  PullRequestReviewThread: 'id isResolved isOutdated',
  PullRequestReviewThreadConnection: CONNECTION,
  AutoMergeRequest: 'enabledAt enabledBy mergeMethod',
  Label: 'id name color description',
  LabelConnection: CONNECTION,
  UserConnection: CONNECTION,
  Issue:
    'id databaseId fullDatabaseId number title body url state stateReason closed closedAt author createdAt updatedAt labels assignees comments locked authorAssociation',
  IssueConnection: CONNECTION,
  IssueOrPullRequest: 'Issue PullRequest',
  IssueComment:
    'id databaseId fullDatabaseId body author authorAssociation createdAt updatedAt lastEditedAt isMinimized minimizedReason url',
  IssueCommentConnection: CONNECTION,
  StatusCheckRollup: 'id state contexts commit',
  StatusCheckRollupContextConnection: CONNECTION,
  StatusCheckRollupContext: 'CheckRun StatusContext',
  CheckRun:
    'id databaseId name status conclusion startedAt completedAt detailsUrl externalId url checkSuite title summary text',
  CheckRunConnection: CONNECTION,
  CheckSuite: 'id databaseId app branch status conclusion commit createdAt updatedAt checkRuns',
  CheckSuiteConnection: CONNECTION,
  App: 'id databaseId slug name',
  Status: 'id state contexts',
  StatusContext: 'id context state description targetUrl createdAt creator',
  UpdateCheckRunPayload: 'clientMutationId checkRun',
  UpdateRefsPayload: 'clientMutationId',
}

type Named =
  | ObjectTypeDefinitionNode
  | InterfaceTypeDefinitionNode
  | UnionTypeDefinitionNode
  | EnumTypeDefinitionNode
  | ScalarTypeDefinitionNode
  | InputObjectTypeDefinitionNode

const source = new URL('../../../node_modules/@octokit/graphql-schema/', import.meta.url)
const { version }: { version: string } = JSON.parse(readFileSync(new URL('package.json', source), 'utf8'))
const published = parse(readFileSync(new URL('schema.graphql', source), 'utf8'))
const whole = visit(published, {
  Directive: () => null,
  StringValue: (_node, key) => (key === 'description' ? null : undefined),
})
const types = new Map(whole.definitions.flatMap((each) => (isNamed(each) ? [[each.name.value, each]] : [])))
const kept = new Map<string, string>()

for (const name of Object.keys(WANTED)) keep(name)
const sdl = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
writeFileSync(
  new URL('schema-extract.ts', import.meta.url),
  `/**
 * The part of GitHub's GraphQL schema that the twin answers. Generated by \`make-extract.ts\` from
 * @octokit/graphql-schema ${version}; not edited by hand.
 */
export const SCHEMA_EXTRACT = \`
${sdl.join('\n\n')}
\`
`,
)

function keep(name: string): void {
  if (kept.has(name) || ['Int', 'String', 'Boolean', 'ID', 'Float'].includes(name)) return
  const type = types.get(name)
  if (!type) throw new Error(`GitHub's schema has no type ${name}`)
  kept.set(name, '')
  kept.set(name, show(type))
}

function show(type: Named): string {
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const interfaces = (type.interfaces ?? []).filter((each) => WANTED[each.name.value] !== undefined)
      return print({ ...type, interfaces, fields: fieldsOf(type) })
    }
    case Kind.UNION_TYPE_DEFINITION: {
      const wanted = (WANTED[type.name.value] ?? '').split(' ')
      return print({ ...type, types: (type.types ?? []).filter((each) => wanted.includes(each.name.value)) })
    }
    case Kind.ENUM_TYPE_DEFINITION:
      return print(type)
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      for (const field of type.fields ?? []) keep(nameOf(field.type))
      return print(type)
    case Kind.SCALAR_TYPE_DEFINITION:
      return print(type)
    default: {
      const unknown: never = type
      return unknown
    }
  }
}

function fieldsOf(type: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode): FieldDefinitionNode[] {
  const wanted = (WANTED[type.name.value] ?? '').split(' ').filter((name) => name !== '')
  if (wanted.length === 0) throw new Error(`no fields are listed for ${type.name.value}`)
  return wanted.map((name) => {
    const field = type.fields?.find((each) => each.name.value === name)
    if (!field) throw new Error(`GitHub's ${type.name.value} has no field ${name}`)
    keep(nameOf(field.type))
    for (const each of field.arguments ?? []) keep(nameOf(each.type))
    return field
  })
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type)
}

function isNamed(each: DefinitionNode): each is Named {
  return [
    Kind.OBJECT_TYPE_DEFINITION,
    Kind.INTERFACE_TYPE_DEFINITION,
    Kind.UNION_TYPE_DEFINITION,
    Kind.ENUM_TYPE_DEFINITION,
    Kind.SCALAR_TYPE_DEFINITION,
    Kind.INPUT_OBJECT_TYPE_DEFINITION,
  ].some((kind) => kind === each.kind)
}
