import { expect, test } from 'vitest'
import { proofs, results, summary } from '../../../src/cli/demo/ending.ts'
import { brokenLaws, type Facts, landedAs, type PullFacts } from '../../../src/cli/demo/laws.ts'

const id = (name: string): string => name.padEnd(40, '0')
const [FIRST, ONE, TWO] = [id('f'), id('a1'), id('a2')]

const pull = (number: number, over: Partial<PullFacts> = {}): PullFacts => ({
  number,
  title: `Change ${number}`,
  state: 'closed',
  merged: true,
  heads: [id(`b${number}`)],
  approved: [id(`b${number}`)],
  blocked: false,
  inMain: true,
  followUps: [],
  stickyComments: 0,
  ...over,
})

/** Two pull requests landed one after the other, a third is blocked. */
const HELD: Facts = {
  first: FIRST,
  tip: TWO,
  line: [
    { sha: TWO, parents: [ONE, id('b2')] },
    { sha: ONE, parents: [FIRST, id('b1')] },
    { sha: FIRST, parents: [] },
  ],
  moves: [
    { before: FIRST, after: ONE, by: 'app', tree: id('c1'), testedTree: id('c1'), approved: [id('b1'), id('b2')] },
    { before: ONE, after: TWO, by: 'app', tree: id('c2'), testedTree: id('c2'), approved: [id('b1'), id('b2')] },
  ],
  pulls: [
    pull(1),
    pull(2),
    pull(3, { state: 'open', merged: false, inMain: false, blocked: true, followUps: [4], stickyComments: 1 }),
  ],
}

const [firstMove, secondMove] = HELD.moves
if (!firstMove || !secondMove) throw new Error('two moves')
const moved = (over: object): Facts => ({ ...HELD, moves: [firstMove, { ...secondMove, ...over }] })
const second = (over: Partial<PullFacts>): Facts => ({
  ...HELD,
  pulls: [pull(1), pull(2, over), ...HELD.pulls.slice(2)],
})
const third = (over: Partial<PullFacts>): Facts => ({
  ...HELD,
  pulls: HELD.pulls.map((each) => (each.number === 3 ? { ...each, ...over } : each)),
})
const APPROVED = { approved: [id('b1'), id('b2')] }
const again: Facts = {
  ...HELD,
  tip: id('a3'),
  line: [{ sha: id('a3'), parents: [TWO, id('b2')] }, ...HELD.line],
  moves: [
    ...HELD.moves,
    { before: TWO, after: id('a3'), by: 'app', tree: id('c2'), testedTree: id('c2'), ...APPROVED },
  ],
}

test('a history in which the laws were held has nothing against it', () => {
  expect(brokenLaws(HELD)).toEqual([])
})

test('a batch that comes by one move has nothing against it', () => {
  const batch = { ...secondMove, before: FIRST, approved: [id('b1'), id('b2')] }
  expect(brokenLaws({ ...HELD, moves: [batch] })).toEqual([])
})

test.each<[string, Facts, string[]]>([
  ['somebody else moves main', moved({ by: 'mallory' }), ['main was moved to a200000 by mallory']],
  [
    'main moves before its tests pass',
    moved({ testedTree: null }),
    ['main was moved to a200000 before its tests had passed'],
  ],
  ['another tree was tested', moved({ testedTree: id('c1') }), ['the tree of a200000 is not the tested one']],
  [
    'main moves from where it was not',
    moved({ before: FIRST }),
    ['main went to a200000 from f000000 while it was at a100000'],
  ],
  [
    'main is where nobody saw it go',
    { ...HELD, tip: id('a9') },
    ['main is at a900000 and was last seen to move to a200000'],
  ],
  [
    'a batch brings a head that nobody had approved',
    { ...HELD, moves: [{ ...secondMove, before: FIRST, approved: [id('b2')] }] },
    ['#1 landed at b100000, which nobody had approved'],
  ],
  [
    'main lost a landing',
    { ...HELD, line: HELD.line.filter(({ sha }) => sha !== ONE) },
    ['main lost a100000', '#1 is marked as merged, and its landing is not on main'],
  ],
  [
    'a head was approved only after it landed',
    moved({ approved: [id('b1')] }),
    ['#2 landed at b200000, which nobody had approved'],
  ],
  ['a head is merged twice', again, ['b200000 of #2 was merged twice', '#2 landed 2 times']],
  ['what landed belongs to nobody', { ...HELD, pulls: [pull(1)] }, ['a200000 is no landing of a pull request']],
  [
    'what is blocked is in main',
    third({ inMain: true, merged: true }),
    ['#3 is marked as merged, and its landing is not on main', '#3 is blocked, and main contains it'],
  ],
  [
    'GitHub shows as open what main contains',
    second({ merged: false }),
    ['#2 is not marked as merged, and main contains it'],
  ],
  ['a pull request has two follow-ups', third({ followUps: [4, 5] }), ['#3 has 2 follow-ups: #4, #5']],
  ['a pull request has two sticky comments', third({ stickyComments: 2 }), ['#3 has 2 sticky comments']],
])('it is seen when %s', (_, facts, broken) => {
  expect(brokenLaws(facts).toSorted()).toEqual(broken.toSorted())
})

test('the last line counts what the facts show, and says which laws were broken', () => {
  expect(summary(HELD, [])).toBe('demo: 3 approved, 2 landed, 1 blocked, 1 follow-ups opened, laws held')
  expect(summary(HELD, ['main lost a1', 'and\nmore'])).toMatch(/laws broken: main lost a1; and more$/)
  expect(proofs(moved({ testedTree: null }))).toBe(
    'main moved 2 times, 1 of them to a commit whose own tests had passed before',
  )
})

test('the table tells of each pull request what became of it and where to see it', () => {
  expect(landedAs(HELD, pull(2))).toBe(TWO)
  expect(results(HELD)).toEqual([
    'PR  Title     State    Landed as  Follow-up',
    '#1  Change 1  landed   a100000',
    '#2  Change 2  landed   a200000',
    '#3  Change 3  blocked             #4',
  ])
})
