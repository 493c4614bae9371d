/**
 * Everything that one twin holds: its users, repositories, installation and the time and chance that they live by. It
 * hands webhooks to the outbox and knows nothing of HTTP, and decides nothing about what an act may do.
 */
import { join } from 'node:path'
import { Agenda } from './ci/agenda.ts'
import { drawn } from './ci/random.ts'
import type { Clock } from './clock.ts'
import { GitStore } from './git/git-store.ts'
import type { Act, AppIdentity, Installation, Repo, Rights, User } from './state.ts'
import { fullName } from './state.ts'

export interface Webhook {
  readonly event: string
  readonly action: string | null
  readonly payload: Readonly<Record<string, unknown>>
  readonly repo: Repo | null
  readonly installation: Installation
}

export interface WorldOptions {
  readonly clock: Clock
  readonly seed: number
  readonly folder: string
  readonly app: AppIdentity
  readonly rights: Rights
  /** Those that the App is subscribed to. */
  readonly events: ReadonlySet<string> | 'all'
}

/** The state of one local GitHub. */
export class World {
  readonly clock: Clock
  readonly seed: number
  readonly app: AppIdentity
  readonly appCreatedAt: number
  readonly agenda: Agenda
  readonly bot: User
  readonly rights: Rights
  readonly users = new Map<string, User>()
  readonly repos = new Map<string, Repo>()
  readonly installations: Installation[] = []
  /** The members of each team, by `org/slug` in small letters. */
  readonly teams = new Map<string, User[]>()
  /** Takes each webhook at the instant of its act. */
  outbox: (webhook: Webhook) => void = () => {}
  url = 'http://127.0.0.1'
  readonly #events: WorldOptions['events']
  readonly #folder: string
  #lastId = 1000
  readonly #draws = new Map<string, number>()

  constructor(options: WorldOptions) {
    this.clock = options.clock
    this.seed = options.seed
    this.app = options.app
    this.rights = options.rights
    this.appCreatedAt = options.clock.now()
    this.agenda = new Agenda(options.clock)
    this.#events = options.events
    this.#folder = options.folder
    this.bot = this.#makeUser(`${options.app.slug}[bot]`, 'Bot')
  }

  /** Whether the App is told of such events at all. */
  hears(event: string): boolean {
    return this.#events === 'all' || this.#events.has(event)
  }

  now(): number {
    return this.clock.now()
  }

  /** A new number for anything that GitHub numbers across repositories. */
  nextId(): number {
    return ++this.#lastId
  }

  /** The node id of a thing of that kind. */
  nodeId(prefix: string, id: number): string {
    return `${prefix}_kwDO${Buffer.from(String(id)).toString('base64url')}`
  }

  /** The next number in [0, 1) of a subject's own sequence. */
  draw(subject: string): number {
    const turn = this.#draws.get(subject) ?? 0
    this.#draws.set(subject, turn + 1)
    return drawn(this.seed, subject, turn)
  }

  /** Does something at a later instant of the clock. */
  later(ms: number, act: () => void): void {
    this.agenda.at(this.now() + ms, 0, async () => act())
  }

  /** The user of that login, made when there is none. */
  user(login: string, type: User['type'] = 'User'): User {
    return this.users.get(login.toLowerCase()) ?? this.#makeUser(login, type)
  }

  isApp(user: User): boolean {
    return user === this.bot
  }

  act(by: User, silently = false): Act {
    return { by, silently }
  }

  find(name: string): Repo | undefined {
    return this.repos.get(name.toLowerCase())
  }

  /** Makes an empty repository; a fork shares its parent's objects. */
  makeRepo(name: string, options: { private: boolean; defaultBranch: string; parent?: Repo }): Repo {
    const [ownerLogin = '', repoName = ''] = name.split('/')
    if (this.repos.has(name.toLowerCase())) throw new Error(`there is a repository ${name} already`)
    const id = this.nextId()
    const folder = join(this.#folder, ownerLogin, `${repoName}.git`)
    const repo: Repo = {
      id,
      nodeId: this.nodeId('R', id),
      owner: this.user(ownerLogin, options.parent ? 'User' : 'Organization'),
      name: repoName,
      private: options.private,
      archived: false,
      defaultBranch: options.defaultBranch,
      hasIssues: true,
      deleteBranchOnMerge: false,
      methods: { merge: true, squash: true, rebase: true, auto: true },
      createdAt: this.now(),
      pushedAt: this.now(),
      git: new GitStore(folder, options.defaultBranch, options.parent?.git),
      parent: options.parent ?? null,
      forks: [],
      installation: null,
      nextNumber: 1,
      issues: new Map(),
      deletedIssues: new Set(),
      comments: new Map(),
      labels: new Map(),
      collaborators: new Map(),
      protections: new Map(),
      rulesets: [],
      suites: [],
      runs: new Map(),
      statuses: [],
      pushListeners: [],
      rerunListeners: [],
    }
    this.repos.set(fullName(repo).toLowerCase(), repo)
    options.parent?.forks.push(repo)
    return repo
  }

  /** The installation of the App on an account, made when there is none. */
  installationFor(account: User): Installation {
    const known = this.installations.find((each) => each.account === account)
    if (known) return known
    const made: Installation = {
      id: this.nextId(),
      account,
      rights: this.rights,
      repositories: new Set(),
      suspended: false,
      createdAt: this.now(),
    }
    this.installations.push(made)
    return made
  }

  #makeUser(login: string, type: User['type']): User {
    const id = this.nextId()
    const user: User = {
      id,
      nodeId: this.nodeId(type === 'Bot' ? 'BOT' : type === 'Organization' ? 'O' : 'U', id),
      login,
      type,
    }
    this.users.set(login.toLowerCase(), user)
    return user
  }
}
