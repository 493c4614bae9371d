/** What `npm run acceptance` takes for a test of a scenario, and for a break that can be put in. */
import { expect, test } from 'vitest'
import { projectFolder } from '../support/house/sources.ts'
import { BREAKS } from './breaks.ts'
import { idsOf, readItems } from './items.ts'
import { broken, textOf } from './mutate.ts'

test('a name starts with one id or several, and so may a part of it; an id in mid-sentence counts for nothing', () => {
  expect(idsOf('C49 C60 a conflict is blocked (pglite)')).toEqual(['C49', 'C60'])
  expect(idsOf('C89 C97: a failed batch is split')).toEqual(['C89', 'C97'])
  expect(idsOf('C119 C123 each state > C46 several things missing')).toEqual(['C119', 'C123', 'C46'])
  expect(idsOf('what C01 says > is read like C02')).toEqual([])
  expect(idsOf('C1234 is no id')).toEqual([])
})

test('every break is of a scenario of the page and changes something', async () => {
  const ids = (await readItems()).map(({ id }) => id)
  expect(Object.keys(BREAKS).filter((id) => !ids.includes(id))).toEqual([])
  expect(Object.entries(BREAKS).filter(([, { find, replace }]) => find === replace || find === '')).toEqual([])
})

test('every break finds its text in the sources as they are', async () => {
  const aimed = Object.values(BREAKS).map(async (fault) => broken(await textOf(projectFolder, fault), fault))
  expect((await Promise.all(aimed)).filter((result) => result instanceof Error)).toEqual([])
})

test('a break is put in where its text stands exactly once, as it is written', () => {
  const fault = { wrong: 'x', file: 'src/a.ts', find: 'b', replace: '$&c' }
  expect(broken('abd', fault)).toBe('a$&cd')
  expect(broken('abab', fault)).toEqual(new Error('its text stands 2 times in src/a.ts'))
  expect(broken('aa', fault)).toEqual(new Error('its text stands 0 times in src/a.ts'))
})
