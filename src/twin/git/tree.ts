/**
 * Trees: reading them, writing them with some paths changed, and telling two apart. It knows files by path and
 * content only, never which commit they belong to.
 */
import type { ObjectStore } from './objects.ts'

export interface TreeEntry {
  readonly mode: string
  readonly name: string
  readonly sha: string
}

export interface FileEntry {
  readonly path: string
  readonly mode: string
  readonly sha: string
}

export interface FileChange {
  readonly path: string
  readonly status: 'added' | 'removed' | 'modified'
  readonly before?: string
  readonly after?: string
  /** The mode of `after`, or of `before` where it was removed. */
  readonly mode: string
}

export const TREE_MODE = '40000'

/** The entries of one tree, in git's order. An unknown sha is an empty tree. */
export function readTree(objects: ObjectStore, sha: string | undefined): TreeEntry[] {
  const object = sha === undefined ? undefined : objects.get(sha)
  const entries: TreeEntry[] = []
  const data = object?.data ?? Buffer.alloc(0)
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at)
    const end = data.indexOf(0, space)
    entries.push({
      mode: data.toString('latin1', at, space),
      name: data.toString('utf8', space + 1, end),
      sha: data.toString('hex', end + 1, end + 21),
    })
    at = end + 21
  }
  return entries
}

/** Every file below a tree, by its whole path. */
export function listFiles(objects: ObjectStore, tree: string, prefix = ''): FileEntry[] {
  return readTree(objects, tree).flatMap((entry) => {
    const path = prefix + entry.name
    return entry.mode === TREE_MODE
      ? listFiles(objects, entry.sha, `${path}/`)
      : [{ path, mode: entry.mode, sha: entry.sha }]
  })
}

/** The entry at a path, a folder's too. */
export function entryAt(objects: ObjectStore, tree: string, path: string): TreeEntry | undefined {
  const [first, ...rest] = path.split('/')
  const entry = readTree(objects, tree).find((each) => each.name === first)
  if (!entry || rest.length === 0) return entry
  return entry.mode === TREE_MODE ? entryAt(objects, entry.sha, rest.join('/')) : undefined
}

/** What is to be at a path: a file, or nothing. */
export type Placed = { readonly mode: string; readonly sha: string } | null

/** Writes a tree with the given contents put (text) or removed (null); undefined when nothing is left in it. */
export function changeFiles(
  objects: ObjectStore,
  tree: string | undefined,
  files: Readonly<Record<string, string | null>>,
): string | undefined {
  const put = (text: string | null): Placed =>
    text === null ? null : { mode: '100644', sha: objects.put('blob', Buffer.from(text)) }
  return changeTree(objects, tree, new Map(Object.entries(files).map(([path, text]) => [path, put(text)])))
}

/** Writes a tree with other files at some of its paths; undefined when nothing is left in it. */
export function changeTree(
  objects: ObjectStore,
  tree: string | undefined,
  changes: ReadonlyMap<string, Placed>,
): string | undefined {
  const entries = new Map(readTree(objects, tree).map((entry) => [entry.name, entry]))
  const below = new Map<string, Map<string, Placed>>()
  for (const [path, file] of changes) {
    const slash = path.indexOf('/')
    if (slash < 0) {
      if (file === null) entries.delete(path)
      else entries.set(path, { ...file, name: path })
      continue
    }
    const name = path.slice(0, slash)
    const inside = below.get(name) ?? new Map<string, Placed>()
    below.set(name, inside.set(path.slice(slash + 1), file))
  }
  for (const [name, inside] of below) {
    const old = entries.get(name)
    const sha = changeTree(objects, old?.mode === TREE_MODE ? old.sha : undefined, inside)
    if (sha === undefined) entries.delete(name)
    else entries.set(name, { mode: TREE_MODE, name, sha })
  }
  return entries.size === 0 ? undefined : writeTree(objects, [...entries.values()])
}

/** Writes one tree of the given entries, sorted as git sorts them. */
export function writeTree(objects: ObjectStore, entries: readonly TreeEntry[]): string {
  const key = (entry: TreeEntry) => Buffer.from(entry.mode === TREE_MODE ? `${entry.name}/` : entry.name)
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)))
  return objects.put(
    'tree',
    Buffer.concat(
      sorted.flatMap((entry) => [Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.sha, 'hex')]),
    ),
  )
}

/** What has to be done to one tree to get the other; folders that are equal are never opened. */
export function compareTrees(
  objects: ObjectStore,
  before: string | undefined,
  after: string | undefined,
  prefix = '',
): FileChange[] {
  if (before === after) return []
  const old = new Map(readTree(objects, before).map((entry) => [entry.name, entry]))
  const now = new Map(readTree(objects, after).map((entry) => [entry.name, entry]))
  const changes: FileChange[] = []
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [a, b] = [old.get(name), now.get(name)]
    if (a?.sha === b?.sha && a?.mode === b?.mode) continue
    const path = prefix + name
    const treeA = a?.mode === TREE_MODE ? a.sha : undefined
    const treeB = b?.mode === TREE_MODE ? b.sha : undefined
    if (treeA || treeB) changes.push(...compareTrees(objects, treeA, treeB, `${path}/`))
    const fileA = treeA ? undefined : a?.sha
    const fileB = treeB ? undefined : b?.sha
    if (fileA && fileB) changes.push({ path, status: 'modified', before: fileA, after: fileB, mode: b?.mode ?? '' })
    else if (fileA) changes.push({ path, status: 'removed', before: fileA, mode: a?.mode ?? '' })
    else if (fileB) changes.push({ path, status: 'added', after: fileB, mode: b?.mode ?? '' })
  }
  return changes
}
