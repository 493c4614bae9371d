/**
 * A repository of the twin as tests, demo and CI see it: its people, its settings, its reports, and what is in it,
 * read straight from git and from the state and never from the App.
 */
import { branchOf, createRun, createStatus, type RunChange, updateRun } from './acts/checks.ts'
import { moveRefs } from './acts/refs.ts'
import {
  addRuleset,
  changeSettings,
  type RulesetDraft,
  renameRepository,
  type Settings,
  setCollaborator,
  setProtection,
} from './acts/settings.ts'
import type { Clock } from './clock.ts'
import { emitInstallation } from './emit.ts'
import { listFiles } from './git/tree.ts'
import { type Person, personOn } from './people.ts'
import type { Protection } from './rules/rules.ts'
import type { CheckConclusion, CheckStatus, Issue, Permission, PushSeen, Repo, Rights, StatusState } from './state.ts'
import { fullName, pullsOf } from './state.ts'
import {
  type CheckRunView,
  type CommentView,
  type CommitView,
  commentView,
  type IssueView,
  issueView,
  type PullView,
  pullView,
  runView,
  type StatusView,
  statusView,
} from './twin-views.ts'
import type { World } from './world.ts'

export interface CheckReport {
  readonly sha: string
  readonly name: string
  readonly app: { readonly slug: string; readonly id: number }
  readonly status: CheckStatus
  readonly conclusion?: CheckConclusion
  /** ISO 8601, or milliseconds since the epoch. */
  readonly started_at?: string | number
  readonly completed_at?: string | number
  /** Left out: the branch whose tip the commit is. */
  readonly head_branch?: string | null
  readonly run_id?: number
  readonly attempt?: number
  readonly details_url?: string
  readonly output?: { readonly title?: string; readonly summary?: string; readonly text?: string }
}

export type CheckUpdate = Partial<Omit<CheckReport, 'sha' | 'name' | 'app' | 'head_branch'>>

export interface TwinRepository {
  readonly clock: Clock
  readonly fullName: string
  readonly owner: string
  readonly name: string
  /** Where git programs find it, from the first time that this is read. */
  readonly gitDir: string
  as(login: string): Person
  collaborator(login: string, permission: Permission): void
  /** Makes a team of its organization, or gives it other members. */
  team(slug: string, members: readonly string[]): void
  protect(branch: string, protection: Omit<Protection, 'id' | 'pattern'>): void
  unprotect(branch: string): void
  ruleset(draft: RulesetDraft): number
  fork(login: string): Promise<TwinRepository>
  settings(change: Settings): void
  /** Gives it another name; the old one leads to it still. */
  rename(name: string): void
  /** What the App may do here and wherever else it is installed on this account; counts for new tokens. */
  permissions(rights: Rights): void
  ref(name: string): Promise<string | undefined>
  refs(prefix?: string): Promise<Record<string, string>>
  log(ref: string): Promise<CommitView[]>
  files(sha: string): Promise<Record<string, string>>
  tree(sha: string): Promise<string>
  isAncestor(ancestor: string, descendant: string): Promise<boolean>
  pull(number: number): PullView
  pulls(): PullView[]
  issue(number: number): IssueView
  /** Issues that are no pull requests. */
  issues(): IssueView[]
  comments(number: number): CommentView[]
  checkRuns(sha: string): CheckRunView[]
  statuses(sha: string): StatusView[]
  onPush(listener: (push: PushSeen) => void): () => void
  onRerun(listener: (run: number) => void): () => void
  reportCheckRun(report: CheckReport): number
  updateCheckRun(id: number, update: CheckUpdate): void
  reportStatus(report: {
    sha: string
    context: string
    state: StatusState
    description?: string
    target_url?: string
    by?: string
  }): void
}

/** The door to one repository. */
export function twinRepository(world: World, repo: Repo): TwinRepository {
  const { git } = repo
  const owner = world.act(repo.owner)
  const resolve = (name: string): string | undefined =>
    git.ref(name) ?? git.ref(`refs/heads/${name}`) ?? git.ref(`refs/${name}`) ?? git.graph.find(name)?.sha
  const commit = (name: string) => git.graph.read(resolve(name) ?? name)
  const issue = (number: number): Issue => {
    const known = repo.issues.get(number)
    if (!known) throw new Error(`there is no #${number} in ${fullName(repo)}`)
    return known
  }
  return {
    clock: world.clock,
    get fullName() {
      return fullName(repo)
    },
    owner: repo.owner.login,
    get name() {
      return repo.name
    },
    get gitDir() {
      return git.folder
    },
    as: (login) => personOn(world, repo, login),
    collaborator: (login, permission) => setCollaborator(world, repo, login, permission),
    team: (slug, members) =>
      void world.teams.set(
        `${repo.owner.login}/${slug}`.toLowerCase(),
        members.map((login) => world.user(login)),
      ),
    protect: (branch, protection) => setProtection(world, repo, branch, protection),
    unprotect: (branch) => void repo.protections.delete(branch),
    ruleset: (draft) => addRuleset(world, repo, draft),
    fork: async (login) => {
      const name = `${login}/${repo.name}`
      const fork = world.makeRepo(name, { private: repo.private, defaultBranch: repo.defaultBranch, parent: repo })
      for (const [ref, sha] of git.refs('refs/heads/'))
        moveRefs(world, fork, world.act(world.user(login), true), [{ ref, after: sha, force: false }])
      return twinRepository(world, fork)
    },
    settings: (change) => changeSettings(world, repo, change),
    rename: (name) => renameRepository(world, repo, name),
    permissions: (rights) => setRights(world, repo, rights),
    ref: async (name) => git.ref(name) ?? git.ref(`refs/heads/${name}`) ?? git.ref(`refs/${name}`),
    refs: async (prefix) => Object.fromEntries(git.refs(prefix ?? 'refs/heads/')),
    log: async (ref) => git.graph.log(commit(ref).sha),
    files: async (sha) =>
      Object.fromEntries(
        listFiles(git.objects, commit(sha).tree).map((file) => [
          file.path,
          git.objects.get(file.sha)?.data.toString('utf8') ?? '',
        ]),
      ),
    tree: async (sha) => commit(sha).tree,
    isAncestor: async (ancestor, descendant) => git.graph.contains(commit(descendant).sha, commit(ancestor).sha),
    pull: (number) => {
      const { pull } = issue(number)
      if (!pull) throw new Error(`#${number} is no pull request`)
      return pullView(pull)
    },
    pulls: () => pullsOf(repo).map(pullView),
    issue: (number) => issueView(issue(number)),
    issues: () => [...repo.issues.values()].filter((each) => !each.pull).map(issueView),
    comments: (number) => issue(number).comments.map(commentView),
    checkRuns: (sha) => [...repo.runs.values()].filter((run) => run.suite.sha === sha).map(runView),
    statuses: (sha) => repo.statuses.filter((status) => status.sha === sha).map(statusView),
    onPush: (listener) => listening(repo.pushListeners, listener),
    onRerun: (listener) => listening(repo.rerunListeners, listener),
    reportCheckRun: (report) => {
      const branch = report.head_branch === undefined ? branchOf(repo, report.sha) : report.head_branch
      const by = world.act(world.user(`${report.app.slug}[bot]`, 'Bot'))
      return createRun(world, repo, by, { ...report, branch }, runChange(report)).id
    },
    updateCheckRun: (id, update) => {
      const run = repo.runs.get(id)
      if (!run) throw new Error(`there is no check run ${id}`)
      updateRun(world, run, world.act(world.user(`${run.suite.app.slug}[bot]`, 'Bot')), runChange(update))
    },
    reportStatus: ({ sha, context, state, description, target_url, by }) => {
      const act = by === undefined ? owner : world.act(world.user(by))
      createStatus(world, repo, act, {
        sha,
        context,
        state,
        description: description ?? null,
        targetUrl: target_url ?? null,
      })
    },
  }
}

function runChange(report: CheckUpdate): RunChange {
  const { output } = report
  return {
    ...(report.status === undefined ? {} : { status: report.status }),
    ...(report.conclusion === undefined ? {} : { conclusion: report.conclusion }),
    ...(report.started_at === undefined ? {} : { startedAt: instant(report.started_at) }),
    ...(report.completed_at === undefined ? {} : { completedAt: instant(report.completed_at) }),
    ...(report.details_url === undefined ? {} : { detailsUrl: report.details_url }),
    ...(report.run_id === undefined ? {} : { runId: report.run_id }),
    ...(report.attempt === undefined ? {} : { attempt: report.attempt }),
    ...(output === undefined ? {} : { output: { title: null, summary: null, text: null, ...output } }),
  }
}

/** Answers with the way to stop listening. */
function listening<L>(listeners: L[], listener: L): () => void {
  listeners.push(listener)
  return () => void listeners.splice(listeners.indexOf(listener), 1)
}

const instant = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at))

function setRights(world: World, repo: Repo, rights: Rights): void {
  const { installation } = repo
  if (!installation) throw new Error(`the App is not installed on ${fullName(repo)}`)
  installation.rights = rights
  const change = { event: 'installation', action: 'new_permissions_accepted' } as const
  emitInstallation(world, installation, world.act(repo.owner), change, [...installation.repositories])
}
