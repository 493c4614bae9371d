/** What commit messages tell of pull requests. */
import { describe, expect, it } from 'vitest'
import { isRevert, mergesItself, toldByMerge, toldBySquash } from '../../src/rehearse/subject.ts'

describe('the message of a merge', () => {
  it.each([
    ['Merge pull request #12 from acme/topic\n\nAdd a fuse', 12, 'Add a fuse'],
    ['Merge pull request #12 from acme/topic', 12, 'from acme/topic'],
    ['Auto merge of #34 - octo:topic, r=mona\n\nAdd a fuse\n\nMore words', 34, 'Add a fuse'],
    ['Merge #56 #57\n\n56: Add a fuse r=mona', 56, '56: Add a fuse r=mona'],
    ['Add a fuse (#78)', 78, 'Add a fuse (#78)'],
    ["Merge branch 'topic'", null, "Merge branch 'topic'"],
  ])('%j tells number and title', (message, number, title) => {
    expect(toldByMerge(message)).toEqual({ number, title })
  })

  it.each([
    ["Merge branch 'main' of github.com:acme/rocket", true],
    ["Merge branch 'main'", true],
    ["Merge remote-tracking branch 'origin/main'", true],
    ["Merge remote-tracking branch 'origin/main' into topic", true],
    ["Merge branch 'topic'", false],
    ["Merge branch 'octo/main'", false],
    ["Merge remote-tracking branch 'octo/fix/main'", false],
    ['Merge pull request #12 from octo/main', false],
  ])('%j brings the branch into itself: %s', (message, itself) => {
    expect(mergesItself(message, 'main')).toBe(itself)
  })
})

describe('the message of a commit with one parent', () => {
  it.each([
    ['Add a fuse (#12)', 12, 'Add a fuse'],
    ['Add a fuse (#12)\n\nbody (#13)', 12, 'Add a fuse'],
    ['Backport: add a fuse (#12) (#15)', 15, 'Backport: add a fuse (#12)'],
    ['Add a fuse (#12), second part', 12, 'Add a fuse (#12), second part'],
    ['Add a fuse, see #12', null, 'Add a fuse, see #12'],
    ['Add a fuse (#0)', null, 'Add a fuse'],
    ['', null, ''],
  ])('%j tells number and title', (message, number, title) => {
    expect(toldBySquash(message)).toEqual({ number, title })
  })
})

it.each([
  ['Revert "Add a fuse (#12)" (#13)', true],
  ['Merge pull request #13 from acme/revert-12-topic\n\nRevert "Add a fuse"', true],
  [
    'Take the fuse out\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567, reversing\nchanges made to 89ab.',
    true,
  ],
  ['Revert to the older fuse', false],
  ['Explain “This reverts commit”', false],
])('%j takes something back: %s', (message, reverts) => {
  expect(isRevert(message)).toBe(reverts)
})
