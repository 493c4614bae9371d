/** Commits as `git log` tells them, many at a time. It judges nothing. */
import type { Instant } from '../../core/ids.ts'
import { type Git, printed } from './git.ts'

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  /** When it was made. */
  readonly at: Instant
  readonly author: string
  readonly message: string
}

const FIELDS = '--format=%H%n%T%n%P%n%ct%n%an%n%B'

/** What `git log` selects by these arguments. */
export async function readLog(git: Git, args: readonly string[], input?: string): Promise<Commit[]> {
  const text = await printed(git(['log', '-z', FIELDS, ...args], input))
  return text
    .split('\0')
    .filter((record) => record !== '')
    .map(parsed)
}

/** These commits, by their ids. */
export async function readCommits(git: Git, shas: readonly string[]): Promise<Map<string, Commit>> {
  if (shas.length === 0) return new Map()
  const commits = await readLog(git, ['--no-walk=unsorted', '--stdin'], `${shas.join('\n')}\n`)
  return new Map(commits.map((commit) => [commit.sha, commit]))
}

function parsed(record: string): Commit {
  const [sha = '', tree = '', parents = '', at = '0', author = '', ...message] = record.split('\n')
  return {
    sha,
    tree,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    at: Number(at) * 1000,
    author,
    message: message.join('\n').trimEnd(),
  }
}
