/**
 * Pages of lists, as GraphQL connections give them, and the way one field of an answer is computed. It knows no type.
 */
import type { GraphQLResolveInfo } from 'graphql'
import { Problem } from '../problem.ts'

export type Source = Record<string, unknown>

export interface PageArguments {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
}

/** A field that is computed when asked for, from its arguments. */
export type Field<A = Record<string, never>> = (args: A, context: unknown, info: GraphQLResolveInfo) => unknown

/** A connection over a list; GitHub wants `first` or `last`, at most 100, and says so under 200. */
export function connection<T, A extends PageArguments>(
  items: (args: A) => readonly T[],
  show: (item: T) => Source,
): Field<A> {
  return (args, _context, info) => {
    const { first, last } = args
    const field = info.fieldName
    if (typeof first !== 'number' && typeof last !== 'number')
      throw new Problem(
        200,
        `You must provide a \`first\` or \`last\` value to properly paginate the \`${field}\` connection.`,
        {
          graphqlType: 'MISSING_PAGINATION_BOUNDARIES',
        },
      )
    const size = first ?? last ?? 0
    if (size > 100)
      throw new Problem(
        200,
        `Requesting ${size} records on the \`${field}\` connection exceeds the \`${first ? 'first' : 'last'}\` limit of 100 records.`,
        { graphqlType: 'EXCESSIVE_PAGINATION' },
      )
    const all = items(args)
    const low = args.after ? place(args.after) + 1 : 0
    const high = args.before ? place(args.before) : all.length
    const from = typeof first === 'number' ? low : Math.max(low, high - size)
    const to = typeof first === 'number' ? Math.min(high, low + size) : high
    return {
      totalCount: all.length,
      nodes: () => all.slice(from, to).map(show),
      pageInfo: {
        hasNextPage: to < all.length,
        hasPreviousPage: from > 0,
        startCursor: to > from ? cursor(from) : null,
        endCursor: to > from ? cursor(to - 1) : null,
      },
    }
  }
}

const cursor = (at: number): string => Buffer.from(`cursor:v2:${at}`).toString('base64')

function place(text: string): number {
  const at = /^cursor:v2:(\d+)$/.exec(Buffer.from(text, 'base64').toString())?.[1]
  if (at === undefined)
    throw new Problem(200, `\`${text}\` does not appear to be a valid cursor.`, {
      graphqlType: 'INVALID_CURSOR_ARGUMENTS',
    })
  return Number(at)
}
