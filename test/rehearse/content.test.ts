/** What the changes of a history do when a queue puts them together in an order of its own. */
import { afterAll, expect, it } from 'vitest'
import { conflictsAlone, withMended } from '../../src/rehearse/ci.ts'
import { contentOf } from '../../src/rehearse/content.ts'
import { openClone } from '../../src/rehearse/git/clone.ts'
import { objectsIn } from '../../src/rehearse/git/objects.ts'
import { readHistory } from '../../src/rehearse/history.ts'
import { drawing, git, lines, removeClones } from './drawn-clone.ts'

afterAll(removeClones)

/** Two pull requests that conflict: the first comes again mended, the second as it was settled by hand in its merge. */
async function opened() {
  const draw = drawing()
  const start = draw.commit('Start', { 'a.txt': lines() })
  const one = draw.commit('Say one', { 'a.txt': lines({ 1: 'one' }) }, [start])
  const two = draw.commit('Say two', { 'a.txt': lines({ 1: 'two' }) }, [start])
  const first = draw.merge('Merge pull request #1 from a/a\n\nSay one', start, one, start)
  const both = { 'a.txt': lines({ 1: 'one and two' }) }
  const path = draw.clone({ main: draw.merge('Merge pull request #2 from a/a\n\nSay two', first, two, start, both) })
  const clone = await openClone(path, null, process.env, new AbortController().signal)
  const objects = objectsIn(clone)
  const read = await readHistory(clone, objects, 10)
  const history = { ...read, changes: withMended(read.changes, new Set([1, 2])) }
  const members = history.changes.flatMap(({ number, head, again }) => [
    { pull: number, sha: head },
    ...(again ? [{ pull: again.number, sha: 'again' }] : []),
  ])
  const content = contentOf(history, objects, conflictsAlone(1))
  const merge = async (base: string, at: number, attempt = 1): Promise<string> => {
    const [member] = members.slice(at)
    const merged = member ? await content.merge(base, member, attempt) : ''
    return typeof merged === 'string' ? merged : `conflict in ${merged.conflict.join(', ')}`
  }
  return { path, clone, content, merge }
}

it('puts a settled conflict on what conflicted, and on nothing that holds the pull request already', async () => {
  const { path, clone, content, merge } = await opened()
  try {
    const one = await merge(content.tip, 0)
    expect(await merge(one, 2)).toBe('conflict in a.txt')
    expect(content.treeOf(await merge(one, 3))).toBe(git(path, 'rev-parse', 'main^{tree}'))
    const two = await merge(content.tip, 2)
    expect(two).toMatch(/^[0-9a-f]{40}$/)
    expect(await merge(two, 3)).toBe(two)
  } finally {
    await clone.close()
  }
})

it('makes a repeat another commit of the same tree, and the same commit whenever it is asked the same', async () => {
  const { clone, content, merge } = await opened()
  try {
    const [once, twice, repeat] = [
      await merge(content.tip, 0),
      await merge(content.tip, 0),
      await merge(content.tip, 0, 2),
    ]
    expect(twice).toBe(once)
    expect(repeat).not.toBe(once)
    expect(content.treeOf(repeat)).toBe(content.treeOf(once))
  } finally {
    await clone.close()
  }
})

it('makes what comes again unchanged another commit, which has a verdict of its own', async () => {
  const { clone, content, merge } = await opened()
  try {
    const [once, again] = [await merge(content.tip, 0), await merge(content.tip, 1)]
    expect(again).not.toBe(once)
    expect(content.treeOf(again)).toBe(content.treeOf(once))
  } finally {
    await clone.close()
  }
})
