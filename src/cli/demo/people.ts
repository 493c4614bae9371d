/**
 * The people of the demo and what they do on GitHub by hand, each act told once GitHub has taken it. They see what
 * everybody sees and know nothing of the queue.
 */
import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { short } from '../../core/ids.ts'
import { RESUME_LABEL } from '../../core/render/follow-up.ts'
import type { TwinRepository } from '../../twin/twin-repository.ts'
import type { Tell } from './progress.ts'
import { CHANGES, type Change, SETTLED } from './shop.ts'

const run = promisify(execFile)
const MAINTAINER = 'carol'

export interface Proposed extends Change {
  readonly number: number
}

/** Gives everybody in the story the permission that they need. */
export function invite(repo: TwinRepository): void {
  for (const { author, reviewer } of CHANGES) for (const login of [author, reviewer]) repo.collaborator(login, 'write')
  repo.collaborator(MAINTAINER, 'maintain')
}

/** The authors push their branches and open their pull requests. */
export async function propose(repo: TwinRepository, tell: Tell): Promise<Proposed[]> {
  const proposed: Proposed[] = []
  for (const change of CHANGES) {
    const { author, branch, title, files } = change
    await repo.as(author).commit(branch, files, { message: title })
    const number = await repo.as(author).openPull({ head: branch, title })
    tell(author, `opens #${number}: ${title}`)
    await repo.as(author).visit(number)
    proposed.push({ ...change, number })
  }
  return proposed
}

/** The reviewer approves the head as it is now. */
export async function approve(repo: TwinRepository, { number, reviewer }: Proposed, tell: Tell): Promise<void> {
  await repo.as(reviewer).review(number, 'approve')
  tell(reviewer, `approves #${number} at ${short(repo.pull(number).head.sha)}`)
}

/** The author merges main in a clone, by git itself, settles what conflicts and pushes. */
export async function settle(
  repo: TwinRepository,
  pull: Proposed,
  cloneUrl: string,
  folder: string,
  tell: Tell,
): Promise<void> {
  const clone = join(folder, 'clone')
  const git = (...words: string[]) => run('git', ['-C', clone, ...identity(pull.author), ...words])
  await run('git', ['clone', '--quiet', '--branch', pull.branch, cloneUrl, clone])
  await git('merge', 'origin/main').catch(() =>
    tell(pull.author, `merges main into ${pull.branch} and finds the conflict`),
  )
  for (const [path, text] of Object.entries(SETTLED)) await writeFile(join(clone, path), text)
  await git('commit', '--quiet', '--all', '--message', `Merge main into ${pull.branch}`)
  const { stdout } = await git('rev-parse', 'HEAD')
  // The local GitHub takes no push over HTTP, so that nothing goes past it: the objects are brought, then the branch is moved.
  await run('git', ['--git-dir', repo.gitDir, 'fetch', '--quiet', clone, 'HEAD'])
  await repo.as(pull.author).push(pull.branch, stdout.trim())
  tell(pull.author, `settles the conflict and pushes ${short(stdout)} to #${pull.number}`)
  await repo.as(pull.author).visit(pull.number)
  await rm(clone, { recursive: true, force: true })
}

/** The maintainer says that the blocked work may go on. */
export async function resume(repo: TwinRepository, issue: number, tell: Tell): Promise<void> {
  await repo.as(MAINTAINER).label(issue, RESUME_LABEL)
  tell(MAINTAINER, `labels issue #${issue} ${RESUME_LABEL}`)
}

const identity = (login: string): string[] => ['-c', `user.name=${login}`, '-c', `user.email=${login}@example.com`]
