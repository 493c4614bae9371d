/**
 * Executes GraphQL requests by graphql-js over the extract of GitHub's schema, and reckons their points as GitHub does.
 * Whatever goes wrong is told under HTTP 200; a document that the extract does not know is a violation.
 */
import {
  buildSchema,
  type DocumentNode,
  executeSync,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql'
import type { Token } from '../auth.ts'
import type { Allowed } from '../http/allowance.ts'
import type { Heard } from '../http/meter.ts'
import { type Halls, isRecord } from '../http/route.ts'
import { Problem } from '../problem.ts'
import type { Repo, User } from '../state.ts'
import { actorNode } from './actor-nodes.ts'
import { runSource } from './commit-nodes.ts'
import { connection, type PageArguments, type Source } from './connection.ts'
import { commentSource, issueSource, labelSource, pullSource } from './issue-nodes.ts'
import { repositorySource, unresolved } from './repository-node.ts'
import { SCHEMA_EXTRACT } from './schema-extract.ts'
import { type UpdateCheckRunInput, updateCheckRun } from './update-check-run.ts'
import { type UpdateRefsInput, updateRefs } from './update-refs.ts'
import { Viewer } from './viewer.ts'

export interface GraphqlRequest {
  readonly text: string
  /** The operation's name, empty when it has none. */
  readonly name: string
  readonly variables: Readonly<Record<string, unknown>>
}

export interface GraphqlAnswer {
  readonly body: unknown
  readonly points: number
  readonly violations: readonly string[]
}

let schema: GraphQLSchema | undefined
const documents = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>()

export function readGraphql(body: Readonly<Record<string, unknown>>): GraphqlRequest {
  const text = typeof body.query === 'string' ? body.query : ''
  const named = typeof body.operationName === 'string' ? body.operationName : undefined
  const name = named ?? /^\s*(?:query|mutation)\s+(\w+)/m.exec(text)?.[1] ?? ''
  return { text, name, variables: isRecord(body.variables) ? body.variables : {} }
}

/** The answer to a request. */
export function answerGraphql(
  halls: Halls,
  token: Token,
  request: GraphqlRequest,
  allowed: Allowed,
  heard: Heard,
): GraphqlAnswer {
  const { document, errors } = prepared(request.text)
  if (!document || errors.length > 0) {
    const violations = errors.map((error) => `graphql ${request.name}: ${error.message}`)
    return { body: { errors: errors.map(show) }, points: 1, violations }
  }
  const points = pointsOf(document, request.variables)
  const viewer = new Viewer(halls.world, token, halls.faults)
  const rootValue = root(viewer, allowed, points, heard)
  const result = executeSync({ schema: theSchema(), document, rootValue, variableValues: request.variables })
  const broken = (result.errors ?? []).filter((error) => !(error.originalError instanceof Problem))
  const body = result.errors ? { data: result.data, errors: result.errors.map(show) } : { data: result.data }
  return { body, points, violations: broken.map((error) => `graphql ${request.name}: ${error.stack ?? error.message}`) }
}

function root(viewer: Viewer, allowed: Allowed, points: number, heard: Heard): Source {
  const { world } = viewer
  return {
    id: 'Q',
    viewer: () => ({ ...actorNode(world, world.bot), login: world.bot.login }),
    rateLimit: () => ({
      cost: points,
      limit: allowed.limit,
      nodeCount: points,
      used: allowed.used + points,
      remaining: Math.max(0, allowed.remaining - points),
      resetAt: new Date(allowed.reset * 1000).toISOString(),
    }),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repo = world.find(`${owner}/${name}`)
      if (!repo || !viewer.sees(repo)) throw unresolved(`a Repository with the name '${owner}/${name}'`)
      return repositorySource(viewer, repo)
    },
    organization: ({ login }: { login: string }) => {
      const owner = world.users.get(login.toLowerCase())
      if (owner?.type !== 'Organization') throw unresolved(`an Organization with the login of '${login}'`)
      return { ...actorNode(world, owner), team: ({ slug }: { slug: string }) => teamOf(viewer, login, slug) }
    },
    node: ({ id }: { id: string }) => nodeOf(viewer, id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => nodeOf(viewer, id)),
    updateCheckRun: ({ input }: { input: UpdateCheckRunInput }) => {
      heard.content(1)
      return updateCheckRun(viewer, input)
    },
    updateRefs: ({ input }: { input: UpdateRefsInput }) => updateRefs(viewer, input, heard.refMoves),
  }
}

function teamOf(viewer: Viewer, organization: string, slug: string): Source | null {
  viewer.need('members', 'read')
  const { world } = viewer
  const members = world.teams.get(`${organization}/${slug}`.toLowerCase())
  const show = (user: User) => actorNode(world, user)
  return members
    ? { id: `T_${slug}`, slug, name: slug, members: connection<User, PageArguments>(() => members, show) }
    : null
}

function nodeOf(viewer: Viewer, id: string): Source {
  const { world } = viewer
  for (const repo of world.repos.values()) {
    if (!viewer.sees(repo)) continue
    const found = within(viewer, repo, id)
    if (found) return found
  }
  const user = [...world.users.values()].find((each) => each.nodeId === id)
  if (user) return actorNode(world, user)
  throw unresolved(`a node with the global id of '${id}'`)
}

function within(viewer: Viewer, repo: Repo, id: string): Source | undefined {
  if (repo.nodeId === id) return repositorySource(viewer, repo)
  for (const issue of repo.issues.values()) {
    if (issue.pull?.nodeId === id) return pullSource(viewer, issue.pull)
    if (issue.nodeId === id && !issue.pull) return issueSource(viewer, issue)
  }
  const comment = [...repo.comments.values()].find((each) => each.nodeId === id)
  if (comment) return commentSource(viewer, comment)
  const run = [...repo.runs.values()].find((each) => each.nodeId === id)
  if (run) return runSource(viewer, run)
  const label = [...repo.labels.values()].find((each) => each.nodeId === id)
  return label && labelSource(label)
}

function theSchema(): GraphQLSchema {
  schema ??= buildSchema(SCHEMA_EXTRACT)
  return schema
}

function prepared(text: string): { document?: DocumentNode; errors: readonly GraphQLError[] } {
  const known = documents.get(text)
  if (known) return known
  try {
    const document = parse(text)
    const read = { document, errors: validate(theSchema(), document) }
    documents.set(text, read)
    return read
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

function show(error: GraphQLError): Source {
  const { originalError, message, path, locations } = error
  if (originalError instanceof Problem)
    return { type: originalError.graphqlType ?? 'UNPROCESSABLE', path, locations, message }
  if (originalError) return { message: 'Something went wrong while executing your query.', path, locations }
  return { message, path: path ?? [], extensions: { code: 'undefinedField' }, locations }
}

/** A hundredth of the requests that the connections stand for, at least one (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). */
function pointsOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>): number {
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  )
  const requests = (set: SelectionSetNode | undefined, times: number): number =>
    (set?.selections ?? []).reduce((sum, each) => {
      if (each.kind === Kind.INLINE_FRAGMENT) return sum + requests(each.selectionSet, times)
      if (each.kind === Kind.FRAGMENT_SPREAD) return sum + requests(fragments.get(each.name.value)?.selectionSet, times)
      const bound = each.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value
      if (!bound) return sum + requests(each.selectionSet, times)
      const size =
        bound.kind === Kind.VARIABLE ? Number(variables[bound.name.value]) : Number('value' in bound ? bound.value : 1)
      return sum + times + requests(each.selectionSet, times * (size || 1))
    }, 0)
  const whole = document.definitions.reduce(
    (sum, each) => sum + (each.kind === Kind.OPERATION_DEFINITION ? requests(each.selectionSet, 1) : 0),
    0,
  )
  return Math.max(1, Math.round(whole / 100))
}
