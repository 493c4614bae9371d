/**
 * The HTTP side: takes a request through faults, authentication, rights and the contract to its route, and gives the
 * answer its headers. What the routes do is not known here.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Caller } from '../auth.ts'
import type { Contract } from '../contract/contract.ts'
import type { Answered, CallAct, Gate } from '../faults.ts'
import { answerGraphql, type GraphqlRequest, readGraphql } from '../graphql/execute.ts'
import { Problem } from '../problem.ts'
import { findRoute } from '../rest/routes.ts'
import { admit } from './admit.ts'
import { Allowance, type Allowed } from './allowance.ts'
import { answerGit } from './git-http.ts'
import type { RequestMeter } from './meter.ts'
import { type Answer, Call, type Halls, isRecord, type Route } from './route.ts'

export interface ServerOptions {
  readonly halls: Halls
  readonly meter: RequestMeter
  readonly violations: string[]
  readonly contract: Contract | undefined
  readonly hourlyRequests: number
  readonly hourlyPoints: number
}

/** One request, read and recognised. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly url: URL
  readonly body: unknown
  readonly operation: string
  readonly graphql: GraphqlRequest | undefined
  /** True when it is a REST operation of the twin. */
  readonly known: boolean
  readonly headers: IncomingMessage['headers']
}

const DOCS = 'https://docs.github.com/rest'

/** The server of one twin. */
export class TwinServer {
  readonly #options: ServerOptions
  readonly #server: Server
  readonly #core: Allowance
  readonly #points: Allowance
  #answering = 0
  #waiting: (() => void)[] = []
  #requests = 0

  constructor(options: ServerOptions) {
    this.#options = options
    const { clock } = options.halls.world
    this.#core = new Allowance(clock, options.hourlyRequests)
    this.#points = new Allowance(clock, options.hourlyPoints)
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#server.keepAliveTimeout = 60_000
  }

  /** Listens on a port that the system chooses, and tells it. */
  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
      })
    })
  }

  /** True while a request is being answered; one that is held back does not count. */
  busy(): boolean {
    return this.#answering > 0
  }

  idle(): Promise<void> {
    if (!this.busy()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#count(1)
    const gone = new Promise<void>((resolve) => response.on('close', resolve))
    try {
      const url = new URL(request.url ?? '/', 'http://twin')
      if (answerGit(this.#options.halls.world, url, request, response)) await gone
      else await this.#take(await read(request, url), response, gone)
    } catch (error) {
      // A caller that was killed in mid-request is nobody's failure.
      if (!response.destroyed && !response.headersSent)
        this.#write(response, failure(error, this.#options.violations), {})
    } finally {
      this.#count(-1)
    }
  }

  async #take(asked: Asked, response: ServerResponse, gone: Promise<void>): Promise<void> {
    const { faults } = this.#options.halls
    const act = faults.forCall(asked.operation)
    if (await faults.observe('before', asked.operation)) response.destroy()
    if (act?.kind === 'hang_before') await this.#wait(act.gate, gone)
    if (response.destroyed) return
    if (act?.kind === 'fail_before') return this.#send(response, asked, this.#fault(asked, act.answer), {})
    const { answer, headers } = this.#answer(asked, act)
    if (await faults.observe('done', asked.operation)) response.destroy()
    if (act?.kind === 'hang_after' || act?.kind === 'hold') await this.#wait(act.gate, gone)
    if (response.destroyed) return
    this.#send(response, asked, act?.kind === 'fail_after' ? act.answer : answer, headers)
    await gone
    await faults.observe('answered', asked.operation)
  }

  #answer(asked: Asked, act: CallAct | undefined): { answer: Answer; headers: Record<string, string> } {
    let headers: Record<string, string> = {}
    try {
      const caller = this.#options.halls.door.callerOf(asked.headers.authorization)
      if (!caller) throw new Problem(401, 'Requires authentication')
      const installation = caller.kind === 'installation' ? caller.token.installation.id : 0
      this.#options.meter.request(installation, asked.operation)
      if (asked.graphql) return this.#graphql(asked.graphql, caller, installation)
      const used = this.#core.use(String(installation), 1)
      headers = limitHeaders(used, 'core')
      if (used.used > used.limit) throw new Problem(403, 'API rate limit exceeded for installation.')
      return { answer: this.#rest(asked, caller, act), headers }
    } catch (error) {
      return { answer: failure(error, this.#options.violations), headers }
    }
  }

  #graphql(
    graphql: GraphqlRequest,
    caller: Caller,
    installation: number,
  ): { answer: Answer; headers: Record<string, string> } {
    if (caller.kind !== 'installation') throw new Problem(403, 'Resource not accessible by integration')
    const { halls, meter, violations } = this.#options
    const before = this.#points.use(String(installation), 0)
    if (before.remaining === 0) return { answer: overPrimaryLimit(), headers: limitHeaders(before, 'graphql') }
    const done = answerGraphql(halls, caller.token, graphql, before, meter.heard(installation))
    violations.push(...done.violations)
    meter.points(installation, done.points)
    const used = this.#points.use(String(installation), done.points)
    return { answer: { status: 200, body: done.body }, headers: limitHeaders(used, 'graphql') }
  }

  #rest(asked: Asked, caller: Caller, act: CallAct | undefined): Answer {
    const { halls, contract, violations, meter } = this.#options
    const judged = contract?.request(asked.method, asked.path, asked.url.searchParams, asked.body)
    const found = findRoute(asked.method, asked.path)
    if (judged && 'problem' in judged) violations.push(judged.problem)
    if (!found || (judged && 'problem' in judged && judged.problem.includes('no such operation'))) {
      if (!judged || !('problem' in judged)) violations.push(`${asked.operation}: the twin has no such operation`)
      return { status: 501, body: { message: `The twin does not know ${asked.operation}` } }
    }
    const { world } = halls
    const call = new Call(halls, caller, {
      url: `${world.url}${asked.path}`,
      params: found.params,
      query: asked.url.searchParams,
      body: asked.body,
      visibleAt: act && 'seconds' in act ? world.now() + act.seconds * 1000 : undefined,
    })
    const answer = this.#admitted(found.route, call, caller)
    if (answer.status < 300 && /\/git\/refs|\/merges$|\/merge$/.test(found.route.template) && asked.method !== 'GET')
      meter.refMoves(caller.kind === 'installation' ? caller.token.installation.id : 0, 1)
    return answer
  }

  #admitted(route: Route, call: Call, caller: Caller): Answer {
    admit(route, call, caller)
    if (route.template === '/rate_limit') return this.#limits(call)
    return route.answer(call)
  }

  #limits(call: Call): Answer {
    const id = String(call.token.installation.id)
    const [core, graphql] = [this.#core.use(id, 0), this.#points.use(id, 0)]
    const search = { limit: 30, used: 0, remaining: 30, reset: core.reset }
    return { status: 200, body: { resources: { core, search, graphql }, rate: core } }
  }

  #fault(asked: Asked, answer: Answered): Answer {
    const isPrimary = answer.headers['x-ratelimit-remaining'] === '0'
    if (!isPrimary || !asked.graphql) return answer
    return { ...answer, ...overPrimaryLimit() }
  }

  #send(response: ServerResponse, asked: Asked, answer: Answer, headers: Record<string, string>): void {
    const { contract, violations } = this.#options
    if (contract && asked.known && answer.status < 500)
      for (const problem of contract.answer(asked.operation, answer.status, answer.body))
        violations.push(`${asked.operation}: ${problem}`)
    const text = textOf(answer)
    if (asked.method !== 'GET' || answer.status !== 200) return this.#write(response, answer, headers, text)
    const etag = `W/"${createHash('sha1').update(text).digest('hex')}"`
    if (asked.headers['if-none-match'] === etag)
      return this.#write(response, { status: 304, body: undefined }, { ...headers, etag })
    this.#write(response, answer, { ...headers, etag }, text)
  }

  #write(response: ServerResponse, answer: Answer, headers: Record<string, string>, text = textOf(answer)): void {
    const { world } = this.#options.halls
    const { 'x-ratelimit-reset-in': resetIn, ...rest } = { ...headers, ...answer.headers }
    const reset = resetIn ? { 'x-ratelimit-reset': String(Math.ceil(world.now() / 1000) + Number(resetIn)) } : {}
    response.writeHead(answer.status, {
      date: new Date(world.now()).toUTCString(),
      'x-github-request-id': `TWIN:${(++this.#requests).toString(16).padStart(8, '0')}`,
      'x-github-media-type': 'github.v3; format=json',
      ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...rest,
      ...reset,
    })
    response.end(text)
  }

  async #wait(gate: Gate, gone: Promise<void>): Promise<void> {
    this.#count(-1)
    gate.reach()
    await Promise.race([gate.opened, gone])
    this.#count(1)
  }

  #count(by: 1 | -1): void {
    this.#answering += by
    if (this.#answering > 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}

const textOf = ({ body }: Answer): string => (body === undefined ? '' : JSON.stringify(body))

async function read(request: IncomingMessage, url: URL): Promise<Asked> {
  const text = (await request.setEncoding('utf8').toArray()).join('')
  const method = request.method ?? 'GET'
  const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '')
  const body = parsed(text)
  const isGraphql = path === '/graphql' || path === '/api/graphql'
  const graphql = isGraphql ? readGraphql(isRecord(body) ? body : {}) : undefined
  const found = graphql ? undefined : findRoute(method, path)
  const operation = graphql ? `graphql:${graphql.name}` : (found?.operation ?? `${method} ${path}`)
  return { method, path, url, body, operation, graphql, known: found !== undefined, headers: request.headers }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    throw new Problem(400, 'Problems parsing JSON')
  }
}

/** GraphQL tells of the primary limit under 200. */
function overPrimaryLimit(): Answer {
  const errors = [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for installation.' }]
  return { status: 200, body: { errors } }
}

function limitHeaders(allowed: Allowed, resource: string): Record<string, string> {
  return {
    'x-ratelimit-limit': String(allowed.limit),
    'x-ratelimit-remaining': String(allowed.remaining),
    'x-ratelimit-used': String(allowed.used),
    'x-ratelimit-reset': String(allowed.reset),
    'x-ratelimit-resource': resource,
  }
}

function failure(error: unknown, violations?: string[]): Answer {
  if (!(error instanceof Problem)) {
    violations?.push(`the twin failed: ${error instanceof Error ? error.stack : String(error)}`)
    return { status: 500, body: { message: 'Server Error' } }
  }
  const { status, message, errors } = error
  const body = { message, ...(errors ? { errors } : {}), documentation_url: DOCS, status: String(status) }
  return { status, body }
}
