/**
 * A request that GitHub answers with an error: status, message and the list of errors beside it. It knows nothing of
 * the request.
 */
export interface FieldError {
  readonly resource: string
  readonly field: string
  readonly code: string
  readonly message?: string
}

/** Thrown by acts and routes; the server turns it into the answer, GraphQL into an entry of `errors`. */
export class Problem extends Error {
  readonly status: number
  readonly errors: readonly FieldError[] | undefined
  readonly graphqlType: string | undefined

  constructor(status: number, message: string, more: { errors?: readonly FieldError[]; graphqlType?: string } = {}) {
    super(message)
    this.status = status
    this.errors = more.errors
    this.graphqlType = more.graphqlType
  }
}

export const notFound = (): Problem => new Problem(404, 'Not Found')

/** 422 `Validation Failed` for one field. */
export function invalid(resource: string, field: string, code: string, message?: string): Problem {
  const error = message === undefined ? { resource, field, code } : { resource, field, code, message }
  return new Problem(422, 'Validation Failed', { errors: [error] })
}
