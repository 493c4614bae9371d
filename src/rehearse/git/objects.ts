/**
 * What a rehearsal makes in its own repository: commits, and merges of trees. Everything depends on what went in alone, so
 * that a repeated rehearsal makes the same commits. It knows no pull request.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { Instant } from '../../core/ids.ts'
import type { Clone } from './clone.ts'

export type Merged = { readonly tree: string } | { readonly conflict: readonly string[] }

export interface NewCommit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly at: Instant
}

export interface Objects {
  commit(commit: NewCommit): string
  /** The change from tree `base` to tree `theirs`, put on tree `ours`. */
  merge(base: string, ours: string, theirs: string): Promise<Merged>
  /** The paths in which two trees differ. */
  differing(left: string, right: string): Promise<string[]>
}

const WHO = 'Mainkeeper rehearsal <rehearsal@mainkeeper.invalid>'

export function objectsIn({ git, gitDir }: Pick<Clone, 'git' | 'gitDir'>): Objects {
  const merges = new Map<string, Promise<Merged>>()
  const written = new Set<string>()

  function commit({ tree, parents, message, at }: NewCommit): string {
    const stamp = `${WHO} ${Math.floor(at / 1000)} +0000`
    const head = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${stamp}`,
      `committer ${stamp}`,
    ]
    const body = Buffer.from(`${head.join('\n')}\n\n${message}\n`)
    const whole = Buffer.concat([Buffer.from(`commit ${body.length}\0`), body])
    const sha = createHash('sha1').update(whole).digest('hex')
    if (written.has(sha)) return sha
    // Written here, for a program started for each would be most of what a rehearsal costs.
    const folder = join(gitDir, 'objects', sha.slice(0, 2))
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, sha.slice(2)), deflateSync(whole))
    written.add(sha)
    return sha
  }

  /** `merge-tree` finds its base by itself, so it is given two commits on one that has the base's tree. */
  async function byGit(base: string, ours: string, theirs: string): Promise<Merged> {
    const root = commit({ tree: base, parents: [], message: 'base', at: 0 })
    const [left, right] = [ours, theirs].map((tree) => commit({ tree, parents: [root], message: 'side', at: 0 }))
    const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', left ?? '', right ?? '']
    const { code, out, err } = await git(args)
    const [tree = '', ...conflict] = out.split('\0').filter((part) => part !== '')
    if (code === 0) return { tree }
    if (code !== 1) throw new Error(`git merge-tree ended with ${code}: ${err.trim()}`)
    return { conflict: [...new Set(conflict)] }
  }

  return {
    commit,
    merge(base, ours, theirs) {
      if (base === ours || ours === theirs) return Promise.resolve({ tree: theirs })
      if (base === theirs) return Promise.resolve({ tree: ours })
      const key = `${base} ${ours} ${theirs}`
      const known = merges.get(key) ?? byGit(base, ours, theirs)
      merges.set(key, known)
      return known
    },
    async differing(left, right) {
      if (left === right) return []
      const { code, out, err } = await git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', left, right])
      if (code !== 0) throw new Error(`git diff-tree ended with ${code}: ${err.trim()}`)
      return out.split('\0').filter((path) => path !== '')
    },
  }
}
