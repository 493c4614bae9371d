/**
 * Deliveries that GitHub would never send, signed all the same: its own examples with something broken in them, over HTTP
 * and a real store. Each is kept with what became of it, and the next good one is taken.
 */
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Door, openDoor } from '../ingest/door.ts'
import { approval, examplesOf, push, REPOSITORY } from '../ingest/payloads.ts'
import { openTestStore, type TestStore } from '../support/database/database.ts'

const EVENTS = [
  'branch_protection_rule',
  'check_run',
  'installation',
  'installation_repositories',
  'issue_comment',
  'issues',
  'member',
  'pull_request',
  'pull_request_review',
  'push',
  'repository',
  'status',
] as const

let test: TestStore
let door: Door
beforeAll(async () => {
  test = await openTestStore()
})
beforeEach(async () => {
  await test.truncate()
  door = await openDoor(test.store)
})
afterEach(() => door.close())
afterAll(() => test.close())

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Path = readonly (string | number)[]

/** Every place in a value, from the outside in. */
const placesIn = (value: Json, path: Path = []): Path[] => [
  path,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))
    : []),
]

/** The value with something else at one place; undefined: with nothing there. */
function withAt(value: Json, [step, ...rest]: Path, other: Json | undefined): Json | undefined {
  if (step === undefined) return other
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (key !== String(step)) return [[key, inner]]
    const left = withAt(inner, rest, other)
    return left === undefined ? [] : [[key, left]]
  })
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

const nested = (depth: number): Json => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)

const odd = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json> },
  fc.constantFrom<Json>(
    null,
    '',
    '\u0000',
    '\uD800',
    '\uDFFF\uD800',
    '\u001B[2J\u202E\n',
    '__proto__',
    'constructor',
    -1,
    0.5,
    1e308,
    2 ** 53,
    '9'.repeat(400),
    'x'.repeat(50_000),
    nested(1000),
    Array.from({ length: 5000 }, (_, n) => n),
    { length: 3 },
    { toString: null, valueOf: null, constructor: { prototype: null } },
    { PROTO: { full_name: 'acme/x', polluted: true } },
  ),
)

const examples = new Map<string, Json[]>()
function exampleOf(name: string, at: number): Json {
  const known = examples.get(name) ?? (examplesOf(name) as unknown as Json[])
  examples.set(name, known)
  return known[at % known.length] ?? null
}

/** One of GitHub's examples with some places changed, as text: `__proto__` is a key like any other only there. */
const broken = fc
  .tuple(
    fc.constantFrom(...EVENTS),
    fc.nat(),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), odd), { minLength: 1, maxLength: 3 }),
  )
  .map(([name, which, changes]) => {
    const example = exampleOf(name, which)
    const changed = changes.reduce<Json>((value, [at, depth, other]) => {
      // What is read stands near the top; far more stands deep down.
      const places = placesIn(example).filter((path) => path.length <= depth)
      return withAt(value, places[at % places.length] ?? [], other) ?? null
    }, example)
    return { name, body: JSON.stringify(changed).replaceAll('"PROTO"', '"__proto__"') }
  })

describe('a delivery that GitHub would not send', () => {
  it('is answered and kept with what is wrong with it, whatever it is, and the next good one is taken', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(broken, async ({ name, body }) => {
        const id = `fuzz-${count++}`
        const { status, body: receipt } = await door.deliver(name, body, { id })
        const row = await test.store.inbox.find(id)
        // 500 would be a bug of ours: what does not fit is told apart from it.
        expect([200, 422]).toContain(status)
        const unfit = status === 422
        expect({ done: row?.translated_at !== null, why: row?.diagnostics }).toEqual({
          done: !unfit,
          why: unfit ? receipt['diagnostics'] : null,
        })
        expect(row?.diagnostics).not.toEqual([])
      }),
      { numRuns: 15 },
    )
    expect(Object.prototype).not.toHaveProperty('polluted')
    expect(await door.deliver('pull_request_review', approval, { id: 'good' })).toMatchObject({
      status: 200,
      body: { outcome: 'translated' },
    })
    expect(await test.store.models.eventsOf({ repository: REPOSITORY, limit: 10 })).toHaveLength(1)
  })

  it.each([
    ['a name of no event', '__proto__'],
    ['a name of every object', 'constructor'],
    ['another such name', 'hasOwnProperty'],
    ['the name by which Probot calls its own errors', 'error'],
  ])('may be called by %s', async (_, name) => {
    const { status } = await door.deliver(name, push())
    expect([200, 500]).toContain(status)
    expect(await test.store.inbox.find('d-1')).not.toBeNull()
    expect((await door.deliver('pull_request_review', approval, { id: 'good' })).status).toBe(200)
  })

  it.each<[string, string]>([
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x00, 0x7d]).toString('latin1')],
    ['a list of a hundred thousand lists', '['.repeat(100_000)],
    ['nothing', ''],
    ['an installation without a number', JSON.stringify({ ...push(), installation: {} })],
    ['an installation that is none', JSON.stringify({ ...push(), installation: 'x' })],
    ['a number past all numbers', '1e999'],
    ['the same key twice', '{"repository":{"full_name":"a/b"},"repository":3}'],
  ])('of %s is kept as what it is', async (_, body) => {
    expect((await door.deliver('push', body)).status).toBe(422)
    expect((await test.store.inbox.find('d-1'))?.diagnostics).not.toBeNull()
  })

  it('of 1 MB and of a hundred thousand levels is taken like any other', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const body = JSON.stringify({ ...approval, padding: 'x'.repeat(1024 * 1024), deep: 'DEEP' }).replace('"DEEP"', deep)
    expect(await door.deliver('pull_request_review', body)).toMatchObject({
      status: 200,
      body: { outcome: 'translated' },
    })
  })
})
