/**
 * GraphQL over a caller. GitHub says 200 whatever happens, so an answer is data, data with errors about parts of it, or a
 * refusal; which of them is told here, what it means for whom is not.
 */
import type { Octokit } from '@octokit/rest'
import type { Reply, Send } from './call.ts'
import { type GraphqlError, GraphqlRefusal, isLimit } from './failure.ts'

export interface Graph {
  readonly data: Readonly<Record<string, unknown>>
  /** Errors about parts that are null in `data`; each has a path. */
  readonly errors: readonly GraphqlError[]
}

/** GitHub's GraphQL address for a REST one: GHES serves REST at `/api/v3` and GraphQL at `/api/graphql`. */
export function graphqlUrl(baseUrl: string): string {
  const rest = baseUrl.replace(/\/+$/, '')
  return rest.endsWith('/api/v3') ? `${rest.slice(0, -'/v3'.length)}/graphql` : `${rest}/graphql`
}

/** A read: errors about parts are given back with the rest, any other error is a refusal. */
export const queryGraph = (octokit: Octokit, url: string, query: string, variables: Variables): Send<Graph> =>
  post(octokit, url, query, variables, (error) => (error.path?.length ?? 0) > 1 && error.type !== 'RATE_LIMITED')

/** A write of one thing: any error is a refusal, whatever data came with it. */
export const mutateGraph = (octokit: Octokit, url: string, query: string, variables: Variables): Send<Graph> =>
  post(octokit, url, query, variables, () => false)

/** A write of several things under an alias each: errors about some are given back with the rest, any other is a refusal. */
export const mutateEach = (octokit: Octokit, url: string, query: string, variables: Variables): Send<Graph> =>
  post(octokit, url, query, variables, (error) => (error.path?.length ?? 0) > 0 && !isLimit(error))

type Variables = Readonly<Record<string, unknown>>

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly GraphqlError[]
}

function post(
  octokit: Octokit,
  url: string,
  query: string,
  variables: Variables,
  tolerated: (error: GraphqlError) => boolean,
): Send<Graph> {
  return async (how) => {
    const reply: Reply<unknown> = await octokit.request(`POST ${url}`, { ...how, query, variables })
    const { data, errors = [] } = bodyOf(reply.data)
    if (data && errors.every(tolerated)) return { ...reply, data: { data, errors } }
    throw new GraphqlRefusal(
      errors.length > 0 ? errors : [{ message: 'GraphQL gave neither data nor errors' }],
      reply.headers,
    )
  }
}

/** A proxy's page, or a body that was cut off, is an answer without data and without errors. */
const bodyOf = (body: unknown): Body => (typeof body === 'object' && body !== null ? body : {})
