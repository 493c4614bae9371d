/**
 * The door to a local GitHub with real git: starts it, makes repositories in it, says whether it is at work, stops it.
 * Tests, demo, rehearsal and bench come in here and nowhere else; nothing of the app does.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signatureOf } from './acts/merge-pull.ts'
import { moveRefs } from './acts/refs.ts'
import { appKeys, Doorkeeper } from './auth.ts'
import type { Clock } from './clock.ts'
import type { Contract } from './contract/contract.ts'
import { emitInstallation } from './emit.ts'
import type { Faults } from './faults.ts'
import { changeFiles, writeTree } from './git/tree.ts'
import { Outbox } from './http/deliveries.ts'
import { FaultPlan } from './http/fault-plan.ts'
import { type Meter, RequestMeter } from './http/meter.ts'
import { TwinServer } from './http/server.ts'
import type { Repo, Rights } from './state.ts'
import { type TwinRepository, twinRepository } from './twin-repository.ts'
import { World } from './world.ts'

export interface TwinOptions {
  readonly clock: Clock
  /** Everything that is left to chance follows from it (default 1). */
  readonly seed?: number
  /** Where the repositories lie; a fresh temporary folder, removed at stop, when left out. */
  readonly folder?: string
  /** Judges every request, answer and webhook; what it finds is in `violations`. */
  readonly contract?: Contract
  /** How long webhooks take, least and most, in milliseconds of the clock (default 0 to 200). */
  readonly latency?: readonly [number, number]
  /** What the App may do unless a repository says otherwise. */
  readonly permissions?: Rights
  /** Which webhooks about repositories the App is subscribed to (default: those of `app.yml`); of its installation it always hears. */
  readonly events?: readonly string[] | 'all'
  /** The primary rate limits by the hour (default 5000 each). */
  readonly hourlyRequests?: number
  readonly hourlyPoints?: number
}

export interface RepositoryOptions {
  readonly private?: boolean
  readonly permissions?: Rights
  readonly files?: Readonly<Record<string, string>>
  readonly defaultBranch?: string
  /** False: the App is not installed on it. */
  readonly installed?: boolean
}

export interface Twin {
  /** `http://127.0.0.1:<port>`: REST at / and at /api/v3, GraphQL at /graphql and at /api/graphql. */
  readonly url: string
  readonly app: {
    readonly id: number
    readonly slug: string
    readonly privateKey: string
    readonly webhookSecret: string
    readonly botLogin: string
  }
  readonly clock: Clock
  readonly meter: Meter
  readonly faults: Faults
  readonly violations: string[]
  /** Where the App takes webhooks; before this none is sent. */
  deliverTo(url: string): void
  /** A repository with a first commit, and the App installed on it. */
  repository(fullName: string, options?: RepositoryOptions): Promise<TwinRepository>
  /** Suspends the App's installation on an account, or ends that. */
  suspend(account: string, suspended: boolean): void
  /** Takes a repository out of the App's installation. */
  uninstall(fullName: string): void
  /** Makes every installation token that was given out worthless. */
  revokeTokens(): void
  /** True while a request is being answered or something due is being done; what is held or due later does not count. */
  busy(): boolean
  /** Resolves when it is not busy. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** The rights that Mainkeeper asks for in `app.yml`, and those that it can do without. */
const RIGHTS: Rights = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'read',
  administration: 'read',
  members: 'read',
  workflows: 'write',
  actions: 'write',
}

/** The `default_events` of `app.yml`. */
export const EVENTS = [
  'pull_request_review',
  'pull_request_review_thread',
  'push',
  'pull_request',
  'check_run',
  'status',
  'issues',
  'issue_comment',
  'pull_request_review_comment',
  'repository',
  'branch_protection_rule',
  'repository_ruleset',
  'member',
]

const APP = { id: 4711, slug: 'mainkeeper' }
const SECRET = 'a webhook secret of the twin'

/** Starts a local GitHub on a port that the system chooses. */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'twin-')))
  const rights = options.permissions ?? RIGHTS
  const events = options.events === 'all' ? 'all' : new Set(options.events ?? EVENTS)
  const world = new World({ clock: options.clock, seed: options.seed ?? 1, folder, app: APP, rights, events })
  const violations: string[] = []
  const faults = new FaultPlan()
  const meter = new RequestMeter()
  const outbox = new Outbox(world, faults, { secret: SECRET, latency: options.latency ?? [0, 200] })
  const halls = { world, door: new Doorkeeper(world), outbox, faults }
  world.outbox = (webhook) => {
    const found = outbox.target === undefined ? [] : (options.contract?.webhook(webhook.event, webhook.payload) ?? [])
    violations.push(...found.map((problem) => `webhook ${webhook.event} ${webhook.action ?? ''}: ${problem}`))
    outbox.post(webhook)
  }
  const server = new TwinServer({
    halls,
    meter,
    violations,
    contract: options.contract,
    hourlyRequests: options.hourlyRequests ?? 5000,
    hourlyPoints: options.hourlyPoints ?? 5000,
  })
  world.url = `http://127.0.0.1:${await server.listen()}`
  const busy = () => server.busy() || world.agenda.busy()
  return {
    url: world.url,
    app: { ...APP, privateKey: appKeys().privateKey, webhookSecret: SECRET, botLogin: world.bot.login },
    clock: options.clock,
    meter,
    faults,
    violations,
    deliverTo: (url) => {
      outbox.target = url
    },
    repository: async (name, wanted = {}) => makeRepository(world, name, wanted),
    suspend: (account, suspended) => suspend(world, account, suspended),
    uninstall: (name) => uninstall(world, name),
    revokeTokens: () => halls.door.revokeTokens(),
    busy,
    idle: async () => {
      // Whoever was woken or called a moment ago gets a turn before it is said that nothing is going on.
      for (let quiet = 0; quiet < 3; quiet = busy() ? 0 : quiet + 1) {
        await Promise.all([server.idle(), world.agenda.idle()])
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    stop: async () => {
      outbox.close()
      // Callers are cut off first, so that what was held back for them is not done after all.
      await server.close()
      faults.clear()
      await world.agenda.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

function makeRepository(world: World, name: string, wanted: RepositoryOptions): TwinRepository {
  const defaultBranch = wanted.defaultBranch ?? 'main'
  const repo = world.makeRepo(name, { private: wanted.private ?? false, defaultBranch })
  const { git } = repo
  const silently = world.act(repo.owner, true)
  const files = wanted.files ?? { 'README.md': `# ${repo.name}\n` }
  const tree = changeFiles(git.objects, undefined, files) ?? writeTree(git.objects, [])
  const by = signatureOf(world, repo.owner)
  const first = git.graph.write({ tree, parents: [], author: by, committer: by, message: 'Begin' })
  moveRefs(world, repo, silently, [{ ref: `refs/heads/${defaultBranch}`, after: first.sha, force: false }])
  if (wanted.installed !== false) install(world, repo, wanted.permissions)
  return twinRepository(world, repo)
}

function install(world: World, repo: Repo, rights: Rights | undefined): void {
  const installation = world.installationFor(repo.owner)
  if (rights) installation.rights = rights
  const isNew = installation.repositories.size === 0
  installation.repositories.add(repo)
  repo.installation = installation
  const change = isNew
    ? ({ event: 'installation', action: 'created' } as const)
    : ({ event: 'installation_repositories', action: 'added' } as const)
  emitInstallation(world, installation, world.act(repo.owner), change, [repo])
}

function suspend(world: World, account: string, suspended: boolean): void {
  const installation = world.installations.find((each) => each.account.login === account)
  if (!installation) throw new Error(`the App is not installed on ${account}`)
  installation.suspended = suspended
  const change = { event: 'installation', action: suspended ? 'suspend' : 'unsuspend' } as const
  emitInstallation(world, installation, world.act(installation.account), change, [...installation.repositories])
}

function uninstall(world: World, name: string): void {
  const repo = world.find(name)
  const installation = repo?.installation
  if (!repo || !installation) throw new Error(`the App is not installed on ${name}`)
  installation.repositories.delete(repo)
  repo.installation = null
  const change = { event: 'installation_repositories', action: 'removed' } as const
  emitInstallation(world, installation, world.act(repo.owner), change, [repo])
}
