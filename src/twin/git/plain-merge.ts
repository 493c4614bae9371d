/**
 * Merges two trees where that takes no thought: nothing was removed, so nothing can have been renamed, and no file was
 * changed on both sides. Everything else is left to the git program; this only spares it, because starting a program
 * is most of what a merge costs.
 */
import type { ObjectStore } from './objects.ts'
import { changeTree, compareTrees, type FileChange, type Placed } from './tree.ts'

/** The merged tree, or undefined where git has to be asked. */
export function plainMerge(objects: ObjectStore, base: string, ours: string, theirs: string): string | undefined {
  const [left, right] = [compareTrees(objects, base, ours), compareTrees(objects, base, theirs)]
  if ([...left, ...right].some((change) => change.status === 'removed')) return undefined
  const changed = new Set(left.map((change) => change.path))
  const folders = new Set(left.flatMap((change) => foldersOf(change.path)))
  const apart = (change: FileChange) =>
    !changed.has(change.path) &&
    !folders.has(change.path) &&
    !foldersOf(change.path).some((folder) => changed.has(folder))
  if (!right.every(apart)) return undefined
  const placed = right.map((change): [string, Placed] => [change.path, { mode: change.mode, sha: change.after ?? '' }])
  return changeTree(objects, ours, new Map(placed))
}

function foldersOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('/'))
}
