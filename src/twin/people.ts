/**
 * What a person does on a repository, by hand or with git. Each act sends the webhooks that GitHub would, unless it is
 * done silently; the App under test never acts here.
 */
import { emitRun } from './acts/checks.ts'
import {
  addComment,
  addLabels,
  deleteIssue,
  editComment,
  labelOf,
  openIssue,
  removeLabel,
  setAssignees,
  setIssueState,
  setLocked,
} from './acts/issues.ts'
import { mergePull, signatureOf, web } from './acts/merge-pull.ts'
import { askMergeability } from './acts/mergeability.ts'
import { closePull, editPull, openPull, reopenPull, setAutoMerge, setDraft } from './acts/pulls.ts'
import { moveRefs } from './acts/refs.ts'
import { dismiss, editReview, openThread, resolveThread, submitReview } from './acts/reviews.ts'
import { changeFiles, writeTree } from './git/tree.ts'
import type { Act, CheckRun, Comment, Issue, MergeMethod, Pull, Repo, Review } from './state.ts'
import { ZERO } from './state.ts'
import type { World } from './world.ts'

export interface Quietly {
  /** Changes things and sends no webhook. */
  readonly silently?: boolean
}

export interface CommitOptions extends Quietly {
  readonly message?: string
  /** A branch or a sha to begin from, where the branch does not exist; with `force` also where it does. */
  readonly from?: string
  readonly force?: boolean
  /** Made on GitHub's pages, which commit and sign in GitHub's name. */
  readonly signed?: boolean
}

export interface Person {
  readonly login: string
  /** Commits onto a branch (made from the default branch when it is new) and pushes: text puts a file, null removes it. */
  commit(branch: string, files: Readonly<Record<string, string | null>>, options?: CommitOptions): Promise<string>
  push(branch: string, sha: string, options?: Quietly & { readonly force?: boolean }): Promise<void>
  deleteBranch(branch: string, options?: Quietly): Promise<void>
  /** `head` is a branch, or `login:branch` of that person's fork. */
  openPull(
    of: { head: string; base?: string; title: string; body?: string; draft?: boolean },
    options?: Quietly,
  ): Promise<number>
  /** Opens the page of a pull request, for which GitHub finds out whether it can be merged. */
  visit(pull: number): Promise<void>
  review(
    pull: number,
    verdict: 'approve' | 'request_changes' | 'comment',
    options?: Quietly & { readonly body?: string; readonly sha?: string },
  ): Promise<number>
  editReview(pull: number, review: number, body: string, options?: Quietly): Promise<void>
  dismiss(pull: number, review: number, message: string, options?: Quietly): Promise<void>
  comment(number: number, body: string, options?: Quietly): Promise<number>
  editComment(comment: number, body: string, options?: Quietly): Promise<void>
  label(number: number, name: string, options?: Quietly): Promise<void>
  unlabel(number: number, name: string, options?: Quietly): Promise<void>
  assign(number: number, logins: readonly string[], options?: Quietly): Promise<void>
  close(pull: number, options?: Quietly): Promise<void>
  reopen(pull: number, options?: Quietly): Promise<void>
  edit(pull: number, edit: { title?: string; body?: string; base?: string }, options?: Quietly): Promise<void>
  convertToDraft(pull: number, options?: Quietly): Promise<void>
  readyForReview(pull: number, options?: Quietly): Promise<void>
  enableAutoMerge(pull: number, options?: Quietly): Promise<void>
  disableAutoMerge(pull: number, options?: Quietly): Promise<void>
  /** The merge button. */
  merge(pull: number, options?: Quietly & { readonly method?: MergeMethod }): Promise<string>
  /** Opens a thread of review comments; the twin keeps only whether it is resolved. */
  openThread(pull: number): Promise<string>
  resolveThread(pull: number, thread: string, options?: Quietly): Promise<void>
  openIssue(of: { title: string; body?: string; labels?: readonly string[] }, options?: Quietly): Promise<number>
  closeIssue(issue: number, options?: Quietly & { readonly reason?: 'completed' | 'not_planned' }): Promise<void>
  reopenIssue(issue: number, options?: Quietly): Promise<void>
  deleteIssue(number: number, options?: Quietly): Promise<void>
  lock(number: number, options?: Quietly): Promise<void>
  unlock(number: number, options?: Quietly): Promise<void>
  /** Presses a button that the App put on a check run. */
  pressButton(checkRun: number, identifier: string): Promise<void>
  rerequestCheck(checkRun: number): Promise<void>
}

/** A person on a repository. */
export function personOn(world: World, repo: Repo, login: string): Person {
  const user = world.user(login)
  const act = (options?: Quietly): Act => world.act(user, options?.silently === true)
  const issue = (number: number): Issue => found(repo.issues.get(number), `issue #${number}`)
  const pull = (number: number): Pull => found(issue(number).pull, `pull request #${number}`)
  const review = (number: number, id: number): Review =>
    found(
      pull(number).reviews.find((each) => each.id === id),
      `review ${id}`,
    )
  return {
    login,
    commit: async (branch, files, options) => commitTo(world, repo, act(options), branch, files, options ?? {}),
    push: async (branch, sha, options) =>
      moveRefs(world, repo, act(options), [{ ref: heads(branch), after: sha, force: options?.force === true }]),
    deleteBranch: async (branch, options) =>
      moveRefs(world, repo, act(options), [{ ref: heads(branch), after: ZERO, force: true }]),
    openPull: async (of, options) => {
      const [owner, ...rest] = of.head.split(':')
      const fork = rest.length > 0 ? repo.forks.find((each) => each.owner.login === owner) : repo
      return openPull(world, repo, act(options), {
        headRepo: found(fork, `fork of ${owner}`),
        head: rest.length > 0 ? rest.join(':') : of.head,
        base: of.base ?? repo.defaultBranch,
        title: of.title,
        body: of.body ?? null,
        draft: of.draft ?? false,
      }).number
    },
    visit: async (number) => void askMergeability(world, pull(number)),
    review: async (number, verdict, options) => {
      const state = ({ approve: 'APPROVED', request_changes: 'CHANGES_REQUESTED', comment: 'COMMENTED' } as const)[
        verdict
      ]
      const given = { state, body: options?.body ?? '', commit: options?.sha }
      return submitReview(world, pull(number), act(options), given).id
    },
    editReview: async (number, id, body, options) => editReview(world, review(number, id), act(options), body),
    dismiss: async (number, id, _message, options) => dismiss(world, review(number, id), act(options)),
    comment: async (number, body, options) => addComment(world, issue(number), act(options), body).id,
    editComment: async (id, body, options) =>
      editComment(world, found<Comment>(repo.comments.get(id), `comment ${id}`), act(options), body),
    label: async (number, name, options) => addLabels(world, issue(number), act(options), [name]),
    unlabel: async (number, name, options) => removeLabel(world, issue(number), act(options), name),
    assign: async (number, logins, options) =>
      setAssignees(
        world,
        issue(number),
        act(options),
        logins.map((each) => world.user(each)),
      ),
    close: async (number, options) => closePull(world, pull(number), act(options)),
    reopen: async (number, options) => reopenPull(world, pull(number), act(options)),
    edit: async (number, edit, options) => editPull(world, pull(number), act(options), edit),
    convertToDraft: async (number, options) => setDraft(world, pull(number), act(options), true),
    readyForReview: async (number, options) => setDraft(world, pull(number), act(options), false),
    enableAutoMerge: async (number, options) => setAutoMerge(world, pull(number), act(options), true),
    disableAutoMerge: async (number, options) => setAutoMerge(world, pull(number), act(options), false),
    merge: async (number, options) =>
      mergePull(world, pull(number), act(options), { method: options?.method ?? 'merge' }),
    openThread: async (number) => openThread(world, pull(number)),
    resolveThread: async (number, id, options) => {
      const thread = pull(number).threads.find((each) => each.id === id)
      resolveThread(world, pull(number), act(options), found(thread, `thread ${id}`))
    },
    openIssue: async (of, options) => {
      for (const name of of.labels ?? []) labelOf(world, repo, name)
      const draft = { title: of.title, body: of.body ?? null, labels: of.labels ?? [] }
      return openIssue(world, repo, act(options), draft).number
    },
    closeIssue: async (number, options) =>
      setIssueState(world, issue(number), act(options), 'closed', options?.reason ?? 'completed'),
    reopenIssue: async (number, options) => setIssueState(world, issue(number), act(options), 'open', null),
    deleteIssue: async (number, options) => deleteIssue(world, issue(number), act(options)),
    lock: async (number, options) => setLocked(world, issue(number), act(options), true),
    unlock: async (number, options) => setLocked(world, issue(number), act(options), false),
    pressButton: async (id, identifier) => {
      const run: CheckRun = found(repo.runs.get(id), `check run ${id}`)
      if (!run.actions.some((each) => each.identifier === identifier)) throw new Error(`no button ${identifier}`)
      emitRun(world, run, act(), 'requested_action', { requested_action: { identifier } })
    },
    rerequestCheck: async (id) => {
      const run: CheckRun = found(repo.runs.get(id), `check run ${id}`)
      // GitHub asks the App that made it, and nobody else.
      if (run.suite.app.id === world.app.id) emitRun(world, run, act(), 'rerequested')
    },
  }
}

function commitTo(
  world: World,
  repo: Repo,
  act: Act,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  options: CommitOptions,
): string {
  const { git } = repo
  const tip = git.ref(heads(branch))
  const start = options.from === undefined ? repo.defaultBranch : options.from
  const begin = git.ref(heads(start)) ?? git.graph.find(start)?.sha
  const parent = tip !== undefined && options.force !== true ? tip : begin
  const base = parent === undefined ? undefined : git.graph.read(parent).tree
  const tree = changeFiles(git.objects, base, files) ?? writeTree(git.objects, [])
  const by = signatureOf(world, act.by)
  const message = options.message ?? `Change ${Object.keys(files).join(', ')}`
  const commit = git.graph.write({
    tree,
    parents: parent ? [parent] : [],
    author: by,
    committer: options.signed ? web(world) : by,
    message,
  })
  moveRefs(world, repo, act, [{ ref: heads(branch), after: commit.sha, force: options.force === true }])
  return commit.sha
}

const heads = (branch: string): string => `refs/heads/${branch}`

function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new Error(`there is no ${what}`)
  return thing
}
