import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, constantFrom, dictionary, option, property } from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { GitStore } from '../../src/twin/git/git-store.ts'
import { plainMerge } from '../../src/twin/git/plain-merge.ts'
import { changeFiles, writeTree } from '../../src/twin/git/tree.ts'

const folder = mkdtempSync(join(tmpdir(), 'merge-'))
const git = new GitStore(join(folder, 'r.git'), 'main')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const by = { name: 'n', email: 'n@example.com', at: 0 }
const path = constantFrom('a', 'b', 'c/d', 'c/e', 'c', 'f/g/h', 'f/g')
const text = constantFrom('1\n2\n3\n', '1\n2\n4\n', '0\n2\n3\n', 'other\n')
const files = dictionary(path, option(text, { nil: null }), { maxKeys: 4 })

function commit(tree: string, parents: string[]): string {
  return git.graph.write({ tree, parents, author: by, committer: by, message: 'x' }).sha
}

test('a merge that is made without the git program is the one that git makes', () => {
  const plain: { sides: string; merged: string; drawn: unknown }[] = []
  assert(
    property(files, files, files, (begin, left, right) => {
      const empty = writeTree(git.objects, [])
      const base = changeFiles(git.objects, undefined, begin) ?? empty
      const ours = changeFiles(git.objects, base, left) ?? empty
      const theirs = changeFiles(git.objects, base, right) ?? empty
      const merged = plainMerge(git.objects, base, ours, theirs)
      if (merged === undefined) return
      const root = commit(base, [])
      const sides = `${commit(ours, [root])} ${commit(theirs, [root])}\n`
      plain.push({ sides, merged, drawn: { begin, left, right } })
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(plain.length).toBeGreaterThan(50)
  const made = mergedByGit(plain.map(({ sides }) => sides).join(''))
  expect(made).toHaveLength(plain.length)
  expect(plain.filter(({ merged }, index) => made[index] !== merged)).toEqual([])
})

/** The trees of merges, two commits on each line, by one run of git: for each a 1, the tree and an empty list. */
function mergedByGit(sides: string): string[] {
  const args = ['--git-dir', git.folder, 'merge-tree', '--write-tree', '--no-messages', '--stdin']
  const told = execFileSync('git', args, { encoding: 'utf8', input: sides })
  return [...told.matchAll(/1\0([0-9a-f]{40})\0/g)].map(([, tree = '']) => tree)
}
