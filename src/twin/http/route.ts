/**
 * What a route is and what it gets to work with: the request's parts, read with care, and the ways to answer. It knows
 * no route by name.
 */
import type { Caller, Doorkeeper, Token } from '../auth.ts'
import { invalid, notFound, Problem } from '../problem.ts'
import type { Act, Issue, Level, Pull, Repo } from '../state.ts'
import type { World } from '../world.ts'
import type { Outbox } from './deliveries.ts'
import type { FaultPlan } from './fault-plan.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Halls {
  readonly world: World
  readonly door: Doorkeeper
  readonly outbox: Outbox
  readonly faults: FaultPlan
}

/** Who may call: the App itself, anyone with a token, or an installation with one of these rights. */
export type Needs = 'app' | 'token' | readonly (readonly [right: string, level: Level])[]

export interface Route {
  readonly method: string
  /** As GitHub's description writes it: `/repos/{owner}/{repo}/git/refs/{ref}`. */
  readonly template: string
  readonly needs: Needs
  readonly answer: (call: Call) => Answer
}

/** One request on its way through a route. */
export class Call {
  readonly halls: Halls
  readonly world: World
  readonly caller: Caller
  readonly query: URLSearchParams
  readonly act: Act
  readonly #params: Readonly<Record<string, string>>
  readonly #body: Readonly<Record<string, unknown>>
  readonly #url: string

  constructor(
    halls: Halls,
    caller: Caller,
    request: {
      url: string
      params: Readonly<Record<string, string>>
      query: URLSearchParams
      body: unknown
      visibleAt: number | undefined
    },
  ) {
    this.halls = halls
    this.world = halls.world
    this.caller = caller
    this.query = request.query
    this.act = { ...halls.world.act(halls.world.bot), ...(request.visibleAt ? { visibleAt: request.visibleAt } : {}) }
    this.#params = request.params
    this.#body = isRecord(request.body) ? request.body : {}
    this.#url = request.url
  }

  get token(): Token {
    if (this.caller.kind !== 'installation') throw new Problem(403, 'Resource not accessible by integration')
    return this.caller.token
  }

  param(name: string): string {
    return this.#params[name] ?? ''
  }

  number(name: string): number {
    return Number(this.#params[name])
  }

  /** The repository of the path: 404 where the token may not see it. */
  get repo(): Repo {
    const repo = this.world.find(`${this.param('owner')}/${this.param('repo')}`)
    if (!repo || (this.caller.kind === 'installation' && !maySee(this.caller.token, repo))) throw notFound()
    return repo
  }

  get issue(): Issue {
    const number = this.number('issue_number')
    const issue = this.repo.issues.get(number)
    if (issue) return issue
    // https://docs.github.com/en/rest/issues/issues#get-an-issue
    throw this.repo.deletedIssues.has(number) ? new Problem(410, 'This issue was deleted') : notFound()
  }

  get pull(): Pull {
    const pull = this.repo.issues.get(this.number('pull_number'))?.pull
    if (!pull) throw notFound()
    return pull
  }

  /** A field of the body that has to be text; 422 where it is not. */
  text(field: string): string {
    const value = this.#body[field]
    if (typeof value !== 'string') throw new Problem(422, `Invalid request.\n\n"${field}" wasn't supplied.`)
    return value
  }

  optionalText(field: string): string | undefined {
    const value = this.#body[field]
    if (value !== undefined && value !== null && typeof value !== 'string')
      throw new Problem(422, `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not a string.`)
    return value ?? undefined
  }

  flag(field: string): boolean {
    return this.#body[field] === true
  }

  has(field: string): boolean {
    return this.#body[field] !== undefined
  }

  raw(field: string): unknown {
    return this.#body[field]
  }

  texts(field: string): string[] | undefined {
    const value = this.#body[field]
    if (value === undefined) return undefined
    const list = Array.isArray(value) ? value : [value]
    return list.map((each: unknown) => (isRecord(each) ? String(each.name) : String(each)))
  }

  record(field: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#body[field]
    return isRecord(value) ? value : undefined
  }

  /** A page of a list, with the Link header that leads to the others. */
  page<T>(items: readonly T[], show: (item: T) => unknown, wrap?: (page: unknown[]) => unknown): Answer {
    const size = clamp(Number(this.query.get('per_page') ?? 30), 1, 100)
    const page = Math.max(1, Number(this.query.get('page') ?? 1) || 1)
    const last = Math.max(1, Math.ceil(items.length / size))
    const shown = items.slice((page - 1) * size, page * size).map(show)
    const links = [
      ...(page > 1 ? [this.#link(page - 1, 'prev')] : []),
      ...(page < last ? [this.#link(page + 1, 'next'), this.#link(last, 'last')] : []),
      ...(page > 1 ? [this.#link(1, 'first')] : []),
    ]
    return {
      status: 200,
      body: wrap ? wrap(shown) : shown,
      ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}),
    }
  }

  #link(page: number, rel: string): string {
    const query = new URLSearchParams(this.query)
    query.set('page', String(page))
    return `<${this.#url}?${query.toString()}>; rel="${rel}"`
  }
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const nothing = (): Answer => ({ status: 204, body: undefined })

/** True when a token may see a repository: it is one of its own, or public. */
export function maySee(token: Token, repo: Repo): boolean {
  if (!repo.private) return true
  return token.repositories ? token.repositories.has(repo) : token.installation.repositories.has(repo)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One of the given words, or 422. */
export function oneOf<T extends string>(resource: string, field: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value)
  if (found === undefined) throw invalid(resource, field, 'invalid')
  return found
}

function clamp(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : most
}
