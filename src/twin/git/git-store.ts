/**
 * One bare repository on disk: its objects, its commit graph and its refs. Refs live in loose files that the `git`
 * program reads; this process is their only writer. Who may move a ref is not decided here.
 */
import { mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { CommitGraph } from './commits.ts'
import { ObjectStore } from './objects.ts'

const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tfsync = none
[gc]
\tauto = 0
[uploadpack]
\tallowAnySHA1InWant = true
[http]
\treceivepack = false
`

export interface RefChange {
  readonly ref: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A bare repository; made from scratch, or sharing the objects of the repository that it is a fork of. */
export class GitStore {
  readonly folder: string
  readonly objects: ObjectStore
  readonly graph: CommitGraph
  readonly #refs = new Map<string, string>()
  readonly #history: RefChange[] = []
  #writes = 0

  constructor(folder: string, defaultBranch: string, network?: GitStore) {
    this.folder = folder
    mkdirSync(join(folder, 'refs', 'heads'), { recursive: true })
    mkdirSync(join(folder, 'refs', 'tags'), { recursive: true })
    writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`)
    writeFileSync(join(folder, 'config'), CONFIG)
    if (network) symlinkSync(relative(folder, network.objects.folder), join(folder, 'objects'))
    this.objects = network?.objects ?? new ObjectStore(join(folder, 'objects'))
    this.graph = network?.graph ?? new CommitGraph(this.objects, folder)
  }

  /** The sha of a fully qualified ref; with `asOf`, the sha that it had at that instant. */
  ref(name: string, asOf?: number): string | undefined {
    if (asOf === undefined) return this.#refs.get(name)
    let sha = this.#refs.get(name)
    for (const change of this.#history.toReversed()) {
      if (change.at <= asOf) break
      if (change.ref === name) sha = change.before
    }
    return sha
  }

  /** All refs below a prefix, sorted by name. */
  refs(prefix = 'refs/'): [string, string][] {
    return [...this.#refs].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1))
  }

  history(): readonly RefChange[] {
    return this.#history
  }

  /** An existing ref that a new ref of this name could not stand beside: a folder where it is a file, or the reverse. */
  standsInTheWayOf(name: string, without: ReadonlySet<string> = new Set()): string | undefined {
    for (const existing of this.#refs.keys()) {
      if (without.has(existing)) continue
      if (existing.startsWith(`${name}/`) || name.startsWith(`${existing}/`)) return existing
    }
    return undefined
  }

  /** Sets a ref, or deletes it (undefined). */
  setRef(name: string, sha: string | undefined, at: number): void {
    const before = this.#refs.get(name)
    if (before === sha) return
    this.#history.push({ ref: name, before, after: sha, at })
    const file = join(this.folder, name)
    if (sha === undefined) {
      this.#refs.delete(name)
      rmSync(file, { force: true })
      this.#prune(dirname(name))
      return
    }
    this.#refs.set(name, sha)
    mkdirSync(dirname(file), { recursive: true })
    const draft = join(this.folder, `draft-${this.#writes++}`)
    writeFileSync(draft, `${sha}\n`)
    renameSync(draft, file)
  }

  setHead(branch: string): void {
    writeFileSync(join(this.folder, 'HEAD'), `ref: refs/heads/${branch}\n`)
  }

  #prune(folder: string): void {
    for (let at = folder; at.split('/').length > 2; at = dirname(at)) {
      try {
        rmdirSync(join(this.folder, at))
      } catch {
        return
      }
    }
  }
}
