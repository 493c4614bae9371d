/**
 * GitHub behind the port: the App's identity, its installations, and one port per repository. The clients carry neither
 * Octokit's retry nor its throttling plugin, because those wait after the fence was looked at (landing.md, The fence).
 */
import { readFileSync } from 'node:fs'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { failed, mapAnswer, ok } from './answer.ts'
import { createCaller, sleep } from './call.ts'
import { type Access, type NodeId, readPages } from './calls/access.ts'
import { advanceCall } from './calls/advance.ts'
import { checkCalls } from './calls/checks.ts'
import { commitCalls } from './calls/commits.ts'
import { commentCalls, issueCalls } from './calls/issues.ts'
import { landedPullCalls } from './calls/landed-pulls.ts'
import { ownerCalls } from './calls/owners.ts'
import { protectionCall } from './calls/protection.ts'
import { pullCalls } from './calls/pulls.ts'
import { refCalls } from './calls/refs.ts'
import { settingsCalls } from './calls/settings.ts'
import { surveyCall } from './calls/survey.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { graphqlUrl } from './graphql.ts'
import { type LimitStore, memoryLimits } from './limit-store.ts'
import { createPacer, type Pace, paceFor } from './pace.ts'
import type { Answer, GitHub, RepositoryPort } from './port.ts'

export interface GitHubOptions {
  readonly appId: number | string
  readonly privateKey: string
  /** `https://<host>/api/v3` for GitHub Enterprise Server; github.com when absent. */
  readonly baseUrl?: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log?: { readonly debug: (message: string) => void; readonly warn: (message: string) => void }
  readonly limits?: LimitStore
  readonly pace?: Pace
  /** Called after every request, for meters. */
  readonly onRequest?: (request: RequestNote) => void
}

export interface RequestNote {
  readonly method: string
  /** The route's template; the whole address for GraphQL and for later pages of a list. */
  readonly route: string
  /** Null when no answer came. */
  readonly status: number | null
}

const GITHUB = 'https://api.github.com'
/** Under this number the limits of the App itself are kept; GitHub numbers installations from 1. */
const THE_APP = 0
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))

/** The adapter of the port; it makes no request before it is asked something. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { now, limits = memoryLimits() } = options
  const baseUrl = (options.baseUrl ?? GITHUB).replace(/\/+$/, '')
  const { app, plain } = createClients(options, baseUrl)
  const pacer = createPacer(options.pace ?? paceFor(baseUrl), now, sleep)
  const credentials = createCredentials(app, now)
  const callerOf = (installation: number) => createCaller(installation, { credentials, pacer, limits, now })
  const appCaller = createCaller(THE_APP, { credentials: appCredentials, pacer, limits, now })
  const nodeIds = new Map<string, string>()
  let identity: { readonly id: number; readonly slug: string } | undefined

  const readIdentity = async (): Promise<Answer<{ readonly id: number; readonly slug: string }>> => {
    if (identity) return ok(identity)
    const answer = await appCaller.read((how) => app.rest.apps.getAuthenticated({ ...how }))
    if (!answer.ok) return answer
    const { data } = answer.value
    if (!data?.slug) return failed({ failure: 'unavailable', message: 'GitHub did not say which App we are' })
    identity = { id: data.id, slug: data.slug }
    return ok(identity)
  }

  const repository = (name: string, installation: number): RepositoryPort => {
    const [owner = '', repo = ''] = name.split('/')
    const access: Access = {
      octokit: plain,
      caller: callerOf(installation),
      at: { owner, repo },
      graphqlUrl: graphqlUrl(baseUrl),
      now,
      mayWrite: (permission) => credentials.mayWrite(installation, permission),
      identity: readIdentity,
    }
    const settings = settingsCalls(access)
    const nodeId = nodeIdOf(name, settings, nodeIds)
    return {
      repository: name,
      ...pullCalls(access),
      ...refCalls(access),
      ...commitCalls(access),
      ...checkCalls(access, nodeId),
      ...issueCalls(access),
      ...commentCalls(access),
      ...protectionCall(access),
      ...ownerCalls(access),
      ...settings,
      ...surveyCall(access),
      ...landedPullCalls(access),
      ...advanceCall(access, nodeId),
    }
  }

  return {
    identity: readIdentity,
    repository,
    listRepositories: async () => {
      const installations = await readPages(
        { octokit: app, caller: appCaller },
        (how) => app.rest.apps.listInstallations({ per_page: 100, ...how }),
        (data) => data,
      )
      if (!installations.ok) return installations
      const all: { id: number; repository: string; installation: number; default_branch: string; private: boolean }[] =
        []
      for (const { id, suspended_at } of installations.value) {
        if (suspended_at) continue
        const answer = await readPages(
          { octokit: plain, caller: callerOf(id) },
          (how) => plain.rest.apps.listReposAccessibleToInstallation({ per_page: 100, ...how }),
          (data) => data.repositories,
        )
        if (!answer.ok) return answer
        for (const { id: number, full_name, default_branch, private: hidden } of answer.value)
          all.push({ id: number, repository: full_name, installation: id, default_branch, private: hidden })
      }
      return ok(all)
    },
  }
}

/**
 * The App's own client signs each request itself and overwrites whatever token it is given. There is no fresh key to try where
 * GitHub does not take the one that we have
 * (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 */
const appCredentials: Pick<Credentials, 'token'> = {
  token: async (_installation, refused) =>
    refused === undefined
      ? ok('')
      : failed({
          failure: 'forbidden',
          message:
            'GitHub does not accept our credentials as an App: APP_ID and PRIVATE_KEY have to belong to one App, and its key must not have been deleted there',
        }),
}

function nodeIdOf(
  name: string,
  { readRepository }: Pick<RepositoryPort, 'readRepository'>,
  nodeIds: Map<string, string>,
): NodeId {
  return {
    read: async () => {
      const known = nodeIds.get(name)
      if (known !== undefined) return ok(known)
      const answer = await readRepository()
      if (answer.ok) nodeIds.set(name, answer.value.node_id)
      return mapAnswer(answer, ({ node_id }) => node_id)
    },
    forget: () => {
      nodeIds.delete(name)
    },
  }
}

/** `app` signs as the App; `plain` sends what each call gives it. */
function createClients(
  { appId, privateKey, log, onRequest }: GitHubOptions,
  baseUrl: string,
): { app: Octokit; plain: Octokit } {
  // Octokit logs every refusal as an error; to us a refusal is a value.
  const logger = { debug: quiet, info: quiet, warn: log?.warn ?? quiet, error: log?.debug ?? quiet }
  const common = { baseUrl, userAgent: `mainkeeper/${version}`, log: logger, request: { log: logger } }
  const app = new Octokit({ ...common, authStrategy: createAppAuth, auth: { appId, privateKey, log: logger } })
  const plain = new Octokit(common)
  if (onRequest) for (const client of [app, plain]) note(client, onRequest)
  return { app, plain }
}

function note(client: Octokit, onRequest: (request: RequestNote) => void): void {
  client.hook.after('request', (response, { method, url }) =>
    onRequest({ method, route: url, status: response.status }),
  )
  client.hook.error('request', (error, { method, url }) => {
    onRequest({ method, route: url, status: 'response' in error && error.response ? error.response.status : null })
    throw error
  })
}

const quiet = (): void => {}
