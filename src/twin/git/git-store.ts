/**
 * One bare repository: its objects, its commit graph and its refs, and the loose files by which the `git` program knows
 * them, from when they are first asked for; this process is their only writer. Who may move a ref is not decided here.
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
  readonly objects: ObjectStore
  readonly graph: CommitGraph
  readonly #folder: string
  readonly #network: GitStore | undefined
  readonly #refs = new Map<string, string>()
  readonly #history: RefChange[] = []
  #head: string
  #writes = 0
  #isOnDisk = false

  constructor(folder: string, defaultBranch: string, network?: GitStore) {
    this.#folder = folder
    this.#head = defaultBranch
    this.#network = network
    this.objects = network?.objects ?? new ObjectStore(join(folder, 'objects'))
    this.graph = network?.graph ?? new CommitGraph(this.objects, () => this.folder)
  }

  /** Where git finds it: it lies there once somebody has asked, since few are ever looked at, and from then on as it is. */
  get folder(): string {
    if (!this.#isOnDisk) this.#putOnDisk()
    return this.#folder
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
    if (sha === undefined) this.#refs.delete(name)
    else this.#refs.set(name, sha)
    if (this.#isOnDisk) this.#writeRef(name, sha)
  }

  setHead(branch: string): void {
    this.#head = branch
    if (this.#isOnDisk) this.#writeHead()
  }

  #putOnDisk(): void {
    this.#isOnDisk = true
    mkdirSync(join(this.#folder, 'refs', 'heads'), { recursive: true })
    mkdirSync(join(this.#folder, 'refs', 'tags'), { recursive: true })
    this.#writeHead()
    writeFileSync(join(this.#folder, 'config'), CONFIG)
    const objects = this.objects.folder
    if (this.#network) symlinkSync(relative(this.#folder, objects), join(this.#folder, 'objects'))
    for (const [name, sha] of this.#refs) this.#writeRef(name, sha)
  }

  #writeHead(): void {
    writeFileSync(join(this.#folder, 'HEAD'), `ref: refs/heads/${this.#head}\n`)
  }

  #writeRef(name: string, sha: string | undefined): void {
    const file = join(this.#folder, name)
    if (sha === undefined) {
      rmSync(file, { force: true })
      this.#prune(dirname(name))
      return
    }
    mkdirSync(dirname(file), { recursive: true })
    const draft = join(this.#folder, `draft-${this.#writes++}`)
    writeFileSync(draft, `${sha}\n`)
    renameSync(draft, file)
  }

  #prune(folder: string): void {
    for (let at = folder; at.split('/').length > 2; at = dirname(at)) {
      try {
        rmdirSync(join(this.#folder, at))
      } catch {
        return
      }
    }
  }
}
