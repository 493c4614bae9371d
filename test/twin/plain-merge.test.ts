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
  let plain = 0
  assert(
    property(files, files, files, (begin, left, right) => {
      const empty = writeTree(git.objects, [])
      const base = changeFiles(git.objects, undefined, begin) ?? empty
      const ours = changeFiles(git.objects, base, left) ?? empty
      const theirs = changeFiles(git.objects, base, right) ?? empty
      const merged = plainMerge(git.objects, base, ours, theirs)
      if (merged === undefined) return
      plain++
      const root = commit(base, [])
      const sides = [commit(ours, [root]), commit(theirs, [root])]
      const args = ['--git-dir', git.folder, 'merge-tree', '--write-tree', ...sides]
      expect(execFileSync('git', args, { encoding: 'utf8' }).trim()).toBe(merged)
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(plain).toBeGreaterThan(50)
})
