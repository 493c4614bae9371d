/**
 * The objects of one network of repositories: in memory, and from when a `git` program is to read or add some also as loose
 * files. It knows nothing of refs or of who may do what.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'

export interface GitObject {
  readonly type: ObjectType
  readonly data: Buffer
}

/** Content by sha. Objects are never removed, so whatever was read once stays true. */
export class ObjectStore {
  readonly #folder: string
  readonly #known = new Map<string, GitObject>()
  readonly #fans = new Set<string>()
  #isOnDisk = false

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where git finds them: all lie there once somebody has asked, and each new one from then on. */
  get folder(): string {
    if (!this.#isOnDisk) this.#putOnDisk()
    return this.#folder
  }

  /** Stores an object, byte for byte as `git hash-object -w` would, and tells its sha. */
  put(type: ObjectType, data: Buffer): string {
    const sha = createHash('sha1').update(headOf(type, data)).update(data).digest('hex')
    if (this.#known.has(sha)) return sha
    const object = { type, data }
    this.#known.set(sha, object)
    if (this.#isOnDisk) this.#write(sha, object)
    return sha
  }

  /** The object, or undefined where there is none of that sha. */
  get(sha: string): GitObject | undefined {
    const known = this.#known.get(sha)
    if (known || !this.#isOnDisk) return known
    const found = this.#loose(sha) ?? this.#packed(sha)
    if (found) this.#known.set(sha, found)
    return found
  }

  #putOnDisk(): void {
    this.#isOnDisk = true
    mkdirSync(join(this.#folder, 'info'), { recursive: true })
    mkdirSync(join(this.#folder, 'pack'), { recursive: true })
    for (const [sha, object] of this.#known) this.#write(sha, object)
  }

  #write(sha: string, { type, data }: GitObject): void {
    const fan = sha.slice(0, 2)
    if (!this.#fans.has(fan)) {
      mkdirSync(join(this.#folder, fan), { recursive: true })
      this.#fans.add(fan)
    }
    const whole = Buffer.concat([headOf(type, data), data])
    try {
      writeFileSync(join(this.#folder, fan, sha.slice(2)), deflateSync(whole, { level: 1 }), { flag: 'wx' })
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
  }

  #loose(sha: string): GitObject | undefined {
    let file: Buffer
    try {
      file = readFileSync(join(this.#folder, sha.slice(0, 2), sha.slice(2)))
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'EISDIR')) return undefined
      throw error
    }
    const whole = inflateSync(file)
    const end = whole.indexOf(0)
    return { type: typeOf(whole.toString('latin1', 0, whole.indexOf(32))), data: whole.subarray(end + 1) }
  }

  #packed(sha: string): GitObject | undefined {
    if (!/^[0-9a-f]{40}$/.test(sha) || readPacks(this.#folder) === 0) return undefined
    const out = execFileSync('git', ['cat-file', '--batch'], {
      input: `${sha}\n`,
      env: { ...process.env, GIT_DIR: join(this.#folder, '..') },
      maxBuffer: 1 << 30,
    })
    const end = out.indexOf(10)
    const [, type, size] = out.subarray(0, end).toString('latin1').split(' ')
    if (!type || type === 'missing' || !size) return undefined
    return { type: typeOf(type), data: out.subarray(end + 1, end + 1 + Number(size)) }
  }
}

/** What git writes before an object's content, and hashes with it. */
const headOf = (type: ObjectType, data: Buffer): Buffer => Buffer.from(`${type} ${data.length}\0`)

function typeOf(word: string): ObjectType {
  if (word === 'blob' || word === 'tree' || word === 'commit' || word === 'tag') return word
  throw new Error(`git has no objects of type ${word}`)
}

/** True for a file system error of that code. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function readPacks(folder: string): number {
  return readdirSync(join(folder, 'pack')).length
}
