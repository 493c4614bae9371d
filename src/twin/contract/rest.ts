/**
 * The part of the contract that is about REST: which operation a request is, whether its parameters and body are
 * those of the description, and whether an answer has the shape that the description gives to its status.
 */
import { matcher } from './path-templates.ts'
import type { Schema, SchemaSet } from './schema-set.ts'

export interface RestContract {
  /** The operation that a request is, as `METHOD /path/{template}`, or why it is none or a wrong one. */
  request(
    method: string,
    path: string,
    query: URLSearchParams,
    body: unknown,
  ): { operation: string } | { problem: string }
  /** What is wrong with the answer to an operation; nothing where it is as described. */
  answer(operation: string, status: number, body: unknown): string[]
}

export interface RestExtract {
  readonly operations: Readonly<Record<string, Operation>>
  readonly schemas: Readonly<Record<string, Schema>>
}

interface Operation {
  readonly path: Schema
  readonly query: Schema
  readonly body?: { readonly required: boolean; readonly schema: Schema }
  /** By status; null where the description gives no body. */
  readonly answers: Readonly<Record<string, Schema | null>>
}

/** Judges requests and answers; `texts` validates what comes as text, the parameters of path and query. */
export function restContract(extract: RestExtract, bodies: SchemaSet, texts: SchemaSet): RestContract {
  const match = matcher(Object.keys(extract.operations))
  return {
    request(method, path, query, body) {
      const matched = match(method, path)
      if (!matched) return { problem: `${method} ${path}: no such operation` }
      const { operation, parameters } = matched
      const described = extract.operations[operation]
      if (!described) return { problem: `${operation}: no such operation` }
      const problems = [
        ...texts.problems(described.path, parameters).map((text) => `path: ${text}`),
        ...texts.problems(described.query, parametersOf(query)).map((text) => `query: ${text}`),
        ...bodyProblems(described, bodies, body).map((text) => `body: ${text}`),
      ]
      return problems.length === 0 ? { operation } : { problem: `${operation}: ${problems.join('; ')}` }
    },
    answer(operation, status, body) {
      const described = extract.operations[operation]
      if (!described) return ['no such operation']
      return answerProblems(described, bodies, status, body).map((text) => `${status}: ${text}`)
    },
  }
}

function bodyProblems(described: Operation, bodies: SchemaSet, body: unknown): string[] {
  if (isEmpty(body)) return described.body?.required === true ? ['is missing'] : []
  if (!described.body) return ['is not asked for']
  const { schema } = described.body
  return [...unknownNames(schema, body), ...bodies.problems(schema, body)]
}

/**
 * GitHub ignores what it does not know in a body, so that a wrong name does nothing and says nothing; here it is a
 * problem.
 */
function unknownNames(schema: Schema, body: unknown): string[] {
  const known = schema['properties']
  if (!isRecord(known) || !isRecord(body) || schema['additionalProperties'] !== undefined) return []
  return Object.keys(body)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => `must NOT have unknown properties: ${name}`)
}

/**
 * What the description leaves out: many errors that GitHub gives anywhere (they all carry a message), and 304, which
 * never has a body.
 */
function answerProblems(described: Operation, bodies: SchemaSet, status: number, body: unknown): string[] {
  const schema = described.answers[String(status)]
  if (status === 204 || status === 304) {
    if (schema === undefined && status === 204) return ['is no answer of this operation']
    return isEmpty(body) ? [] : ['has a body']
  }
  // What a gateway says instead of GitHub is no JSON.
  if (status >= 500 && !isRecord(body)) return []
  if (schema) return bodies.problems(schema, body)
  if (status >= 300) return bodies.problems(anyError, body)
  return schema === undefined ? ['is no answer of this operation'] : []
}

const anyError: Schema = { allOf: [{ $ref: 'basic-error' }, { type: 'object', required: ['message'] }] }

function parametersOf(query: URLSearchParams): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = {}
  for (const name of query.keys()) {
    const values = query.getAll(name)
    parameters[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  return parameters
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || body === ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
