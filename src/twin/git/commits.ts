/**
 * Commits: writing, reading, and the questions that their graph answers (contained, merge base, log), and the real
 * `git merge-tree` for merging two of them. It knows no ref by name.
 */
import { spawnSync } from 'node:child_process'
import type { ObjectStore } from './objects.ts'
import { plainMerge } from './plain-merge.ts'

export interface Signature {
  readonly name: string
  readonly email: string
  /** Milliseconds since the epoch, whole seconds. */
  readonly at: number
}

/** The address under which GitHub commits, and signs, what it makes itself. */
export const WEB_FLOW = 'noreply@github.com'

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Signature
  readonly committer: Signature
  readonly message: string
}

export type Merged = { readonly tree: string } | { readonly conflicts: readonly string[] }

/** The commit graph of one object store. */
export class CommitGraph {
  readonly #objects: ObjectStore
  readonly #gitDir: () => string
  readonly #commits = new Map<string, Commit>()
  readonly #depths = new Map<string, number>()
  readonly #merges = new Map<string, Merged>()

  /** `gitDir` is asked for where git is needed. */
  constructor(objects: ObjectStore, gitDir: () => string) {
    this.#objects = objects
    this.#gitDir = gitDir
  }

  write(commit: Omit<Commit, 'sha'>): Commit {
    const lines = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${stamp(commit.author)}`,
      `committer ${stamp(commit.committer)}`,
    ]
    const message = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`
    const sha = this.#objects.put('commit', Buffer.from(`${lines.join('\n')}\n\n${message}`))
    const written = { ...commit, message: commit.message.replace(/\n+$/, ''), sha }
    this.#commits.set(sha, written)
    return written
  }

  /** The commit of that sha, or undefined when there is none (a tree's or blob's sha is none). */
  find(sha: string): Commit | undefined {
    const known = this.#commits.get(sha)
    if (known) return known
    const object = /^[0-9a-f]{40}$/.test(sha) ? this.#objects.get(sha) : undefined
    if (object?.type !== 'commit') return undefined
    const commit = parse(sha, object.data.toString('utf8'))
    this.#commits.set(sha, commit)
    return commit
  }

  /** The commit of a sha that is known to be one. */
  read(sha: string): Commit {
    const commit = this.find(sha)
    if (!commit) throw new Error(`no commit ${sha}`)
    return commit
  }

  /** True when `older` is `newer` or is reachable from it. */
  contains(newer: string, older: string): boolean {
    if (newer === older) return true
    const floor = this.#depth(older)
    const seen = new Set([newer])
    for (const sha of seen) {
      if (sha === older) return true
      for (const parent of this.read(sha).parents) if (this.#depth(parent) >= floor) seen.add(parent)
    }
    return false
  }

  /** A best common ancestor, or undefined for unrelated histories. */
  mergeBase(a: string, b: string): string | undefined {
    return this.mergeBases(a, b)[0]
  }

  /** The common ancestors that no other common ancestor contains. */
  mergeBases(a: string, b: string): string[] {
    if (this.contains(a, b)) return [b]
    if (this.contains(b, a)) return [a]
    const ofA = new Set(this.log(a).map((commit) => commit.sha))
    const covered = new Set<string>()
    const best: string[] = []
    for (const { sha, parents } of this.log(b)) {
      if (!ofA.has(sha)) continue
      if (!covered.has(sha)) best.push(sha)
      for (const parent of parents) covered.add(parent)
    }
    return best
  }

  /** What is reachable from `tip` and not from `without`: newest first, a child always before its parents. */
  log(tip: string, without?: string): Commit[] {
    const hidden = new Set(without === undefined ? [] : [without])
    for (const sha of hidden) for (const parent of this.read(sha).parents) hidden.add(parent)
    const seen = new Set(hidden.has(tip) ? [] : [tip])
    for (const sha of seen) for (const parent of this.read(sha).parents) if (!hidden.has(parent)) seen.add(parent)
    return [...seen].map((sha) => this.read(sha)).sort((x, y) => this.#depth(y.sha) - this.#depth(x.sha))
  }

  /** Merges two commits' trees, with `git merge-tree --write-tree` where it takes more than putting files together. */
  merge(ours: string, theirs: string): Merged {
    const key = `${ours} ${theirs}`
    const known = this.#merges.get(key)
    if (known) return known
    const merged = this.#plainly(ours, theirs) ?? this.#byGit(ours, theirs)
    this.#merges.set(key, merged)
    return merged
  }

  #plainly(ours: string, theirs: string): Merged | undefined {
    const [base, ...others] = this.mergeBases(ours, theirs)
    if (base === undefined || others.length > 0) return undefined
    const [from, left, right] = [this.read(base).tree, this.read(ours).tree, this.read(theirs).tree]
    const tree = plainMerge(this.#objects, from, left, right)
    return tree === undefined ? undefined : { tree }
  }

  #byGit(ours: string, theirs: string): Merged {
    const run = spawnSync('git', ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs], {
      env: { ...process.env, GIT_DIR: this.#gitDir() },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    const [tree = '', ...conflicts] = run.stdout.split('\0').filter((part) => part !== '')
    if (run.status !== 0 && run.status !== 1 && !run.stderr.includes('unrelated histories'))
      throw new Error(`git merge-tree: ${run.stderr || run.error?.message || run.status}`)
    return run.status === 0 ? { tree } : { conflicts: [...new Set(conflicts)] }
  }

  #depth(sha: string): number {
    const open = [sha]
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const parents = this.#depths.has(top) ? [] : this.read(top).parents
      const missing = parents.filter((parent) => !this.#depths.has(parent))
      if (missing.length > 0) {
        open.push(...missing)
        continue
      }
      if (!this.#depths.has(top))
        this.#depths.set(top, 1 + Math.max(0, ...parents.map((parent) => this.#depths.get(parent) ?? 0)))
      open.pop()
    }
    return this.#depths.get(sha) ?? 0
  }
}

function stamp(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${Math.floor(signature.at / 1000)} +0000`
}

function signature(line: string): Signature {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line)
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', at: Number(match?.[3] ?? 0) * 1000 }
}

function parse(sha: string, text: string): Commit {
  const end = text.indexOf('\n\n')
  const head = text.slice(0, end).split('\n')
  const all = (key: string) =>
    head.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  return {
    sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: signature(all('author')[0] ?? ''),
    committer: signature(all('committer')[0] ?? ''),
    message: text.slice(end + 2).replace(/\n+$/, ''),
  }
}
