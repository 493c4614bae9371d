/** What a rehearsal reads out of real git histories. */
import { afterAll, describe, expect, it } from 'vitest'
import { openClone } from '../../src/rehearse/git/clone.ts'
import { objectsIn } from '../../src/rehearse/git/objects.ts'
import { type History, readHistory } from '../../src/rehearse/history.ts'
import { BEGAN, drawing, git, lines, MINUTE, removeClones, twoMerges } from './drawn-clone.ts'

afterAll(removeClones)

async function read(path: string, { branch = null as string | null, last = 1000 } = {}): Promise<History> {
  const clone = await openClone(path, branch, process.env, new AbortController().signal)
  try {
    return await readHistory(clone, objectsIn(clone), last)
  } finally {
    await clone.close()
  }
}

const told = ({ changes }: History) =>
  changes.map(({ via, number, title, again }) => `${via ?? 'direct'} ${number} ${title}${again ? ' (twice)' : ''}`)
const oddities = ({ odd }: History) => odd.map(({ kind, title }) => `${kind}: ${title}`)

describe('a history', () => {
  it('has a pull request for each merge commit: head, own base, number, title, times', async () => {
    const draw = drawing()
    const path = draw.clone({ main: twoMerges(draw).second })
    const history = await read(path)
    expect(told(history)).toEqual(['merge 7 Change a', 'merge 5 Change b'])
    expect(history.odd).toEqual([])
    const at = (rev: string) => git(path, 'rev-parse', rev)
    expect(history.start.sha).toBe(at('main~2'))
    expect(history.end.sha).toBe(at('main'))
    expect(history.changes[1]).toMatchObject({
      commit: at('main'),
      head: at('main^2'),
      before: at('main~2^{tree}'),
      after: at('main^2^{tree}'),
      at: BEGAN + 40 * MINUTE,
      headAt: BEGAN + 20 * MINUTE,
      author: 'Mona',
    })
  })

  it('has a pull request for each squash with (#n), made of the same change on its parent', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': 'a\n' })
    draw.commit('Change a (#3)', { 'a.txt': 'b\n' })
    const path = draw.clone({ main: draw.commit('Change it again (#4)', { 'a.txt': 'c\n' }) })
    const { changes } = await read(path)
    expect(changes.map(({ via, number, title, headAt }) => [via, number, title, headAt])).toEqual([
      ['squash', 3, 'Change a', null],
      ['squash', 4, 'Change it again', null],
    ])
    expect(changes[1]).toMatchObject({
      head: git(path, 'rev-parse', 'main'),
      before: git(path, 'rev-parse', 'main~1^{tree}'),
      after: git(path, 'rev-parse', 'main^{tree}'),
    })
  })

  it('lists what was no pull request, and keeps what it changed', async () => {
    const draw = drawing()
    const { start, second } = twoMerges(draw)
    const direct = draw.commit('Fix a typo', { 'c.txt': 'c\n' }, [second])
    const left = draw.commit('Add d', { 'd.txt': 'x\n' }, [start])
    const right = draw.commit('Add e', { 'e.txt': 'x\n' }, [start])
    const octopus = draw.commit('Merge two at once', { 'd.txt': 'x\n', 'e.txt': 'x\n' }, [direct, left, right])
    const local = draw.commit('Work on main', { 'f.txt': 'f\n' }, [second])
    const foxtrot = draw.merge("Merge branch 'main' of github.com:acme/rocket", local, octopus, second)
    const other = draw.commit('Another project', { 'g.txt': 'g\n' }, [])
    const joined = draw.merge("Merge branch 'other'", foxtrot, other, other, { 'g.txt': 'g\n' })
    const history = await read(draw.clone({ main: joined }))
    expect(told(history).slice(2)).toEqual([
      'direct 8 Work on main',
      "direct 9 Merge branch 'main' of github.com:acme/rocket",
      "direct 10 Merge branch 'other'",
    ])
    expect(oddities(history)).toEqual([
      'direct: Work on main',
      "foxtrot: Merge branch 'main' of github.com:acme/rocket",
      "unrelated: Merge branch 'other'",
    ])
    const before = await read(draw.clone({ main: octopus }))
    expect(told(before).slice(2)).toEqual(['direct 8 Fix a typo', 'direct 9 Merge two at once'])
    expect(oddities(before)).toEqual(['direct: Fix a typo', 'octopus: Merge two at once'])
  })

  it('lists reverts, and keeps them as what they are', async () => {
    const draw = drawing()
    const { second } = twoMerges(draw)
    const back = draw.commit('Revert "Change a"', { 'a.txt': lines() }, [second])
    const merged = draw.merge('Merge pull request #9 from acme/revert-7-one\n\nRevert "Change a"', second, back, second)
    const again = draw.commit(
      'Put a back\n\nThis reverts commit 0123456789, reversing\nchanges made to 1234567.',
      { 'a.txt': lines({ 1: 'one' }) },
      [merged],
    )
    const history = await read(draw.clone({ main: again }))
    expect(told(history).slice(2)).toEqual(['merge 9 Revert "Change a"', 'direct 10 Put a back'])
    expect(oddities(history)).toEqual(['revert: Revert "Change a"', 'revert: Put a back', 'direct: Put a back'])
  })

  it('lists merges of the target into a branch, and takes the one merged last for its base', async () => {
    const draw = drawing()
    const { start, first, second } = twoMerges(draw)
    const topic = draw.commit('Change more', { 'c.txt': 'c\n' }, [start])
    const caughtUp = draw.merge("Merge branch 'main' into topic", topic, first, start)
    const path = draw.clone({
      main: draw.merge('Merge pull request #9 from acme/topic\n\nChange more', second, caughtUp, first),
    })
    const history = await read(path)
    expect(oddities(history)).toEqual(["target_into_branch: Merge branch 'main' into topic"])
    expect(history.changes[2]).toMatchObject({ number: 9, before: git(path, 'rev-parse', 'main~2^{tree}') })
  })

  it('takes what came of it in history for a pull request that has several bases', async () => {
    const draw = drawing()
    const start = draw.commit('Start', { 'a.txt': 'a\n' })
    const one = draw.commit('One', { 'b.txt': 'b\n' }, [start])
    const two = draw.commit('Two', { 'c.txt': 'c\n' }, [start])
    const left = draw.merge('Merge pull request #1 from a/two\n\nTwo', one, two, start)
    const right = draw.merge("Merge branch 'one'", two, one, start)
    const topic = draw.commit('Three', { 'd.txt': 'd\n' }, [right])
    const path = draw.clone({ main: draw.merge('Merge pull request #2 from a/three\n\nThree', left, topic, right) })
    const history = await read(path)
    expect(oddities(history)).toContain('several_bases: Three')
    expect(history.changes[1]).toMatchObject({
      before: git(path, 'rev-parse', 'main~1^{tree}'),
      after: git(path, 'rev-parse', 'main^{tree}'),
    })
  })

  it('tells a conflict that was settled in the merge, and a change that was made in it, from a plain merge', async () => {
    const draw = drawing()
    const start = draw.commit('Start', { 'a.txt': lines() })
    const one = draw.commit('Say one', { 'a.txt': lines({ 1: 'one' }) }, [start])
    const two = draw.commit('Say two', { 'a.txt': lines({ 1: 'two' }) }, [start])
    const three = draw.commit('Say three', { 'a.txt': lines({ 8: 'three' }) }, [start])
    const first = draw.merge('Merge pull request #1 from a/a\n\nSay one', start, one, start)
    const both = { 'a.txt': lines({ 1: 'one and two' }) }
    const second = draw.merge('Merge pull request #2 from a/a\n\nSay two', first, two, start, both)
    const more = { 'a.txt': lines({ 1: 'one and two', 8: 'three', 9: 'more' }) }
    const path = draw.clone({
      main: draw.merge('Merge pull request #3 from a/a\n\nSay three', second, three, start, more),
    })
    const history = await read(path)
    expect(told(history)).toEqual(['merge 1 Say one', 'merge 2 Say two (twice)', 'merge 3 Say three'])
    expect(oddities(history)).toEqual(['settled_by_hand: Say two', 'changed_in_merge: Say three'])
    const tree = (rev: string) => git(path, 'rev-parse', `${rev}^{tree}`)
    expect(history.changes[1]?.again).toEqual({ number: 4, before: tree('main~2'), after: tree('main~1') })
    expect(history.changes[2]).toMatchObject({ before: tree('main~1'), after: tree('main') })
  })

  it('gives a number to whoever has none, or one that was there before', async () => {
    const draw = drawing()
    draw.commit('Start', { 'a.txt': 'a\n' })
    const one = draw.commit('Change a (#3)', { 'a.txt': 'b\n' })
    const two = draw.commit('Change a more (#3)', { 'a.txt': 'c\n' })
    const topic = draw.commit('Topic', { 'b.txt': 'b\n' }, [one])
    const history = await read(draw.clone({ main: draw.merge("Merge branch 'topic'", two, topic, one) }))
    expect(history.changes.map(({ number, named }) => [number, named])).toEqual([
      [3, true],
      [4, false],
      [5, false],
    ])
  })

  it('has no head twice, also where one was merged twice', async () => {
    const draw = drawing()
    const { one, second } = twoMerges(draw)
    const again = draw.merge('Merge pull request #8 from acme/one\n\nOnce more', second, one, one)
    const path = draw.clone({ main: again })
    const { changes } = await read(path)
    expect(changes.map(({ head }) => head)).toEqual(
      ['main~2^2', 'main~1^2', 'main'].map((rev) => git(path, 'rev-parse', rev)),
    )
  })

  it('can be cut to the last pull requests, and be that of another branch', async () => {
    const draw = drawing()
    const { first, second } = twoMerges(draw)
    const path = draw.clone({ main: second, old: first })
    expect(told(await read(path, { last: 1 }))).toEqual(['merge 5 Change b'])
    expect(told(await read(path, { branch: 'old' }))).toEqual(['merge 7 Change a'])
    const direct = draw.commit('After all', { 'c.txt': 'c\n' }, [second])
    expect(told(await read(draw.clone({ main: direct }), { last: 1 }))).toEqual([
      'merge 5 Change b',
      'direct 6 After all',
    ])
  })
})
