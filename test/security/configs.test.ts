/** Configuration files of bad will or bad luck: each is a configuration, or errors with their places, and soon. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configObserved, readConfig } from '../../src/ingest/config.ts'
import { sha } from '../ingest/payloads.ts'

const first = (text: string | null): string | undefined => readConfig(text).errors[0]?.fix

describe('a configuration file', () => {
  it.each<[string, string]>([
    ['levels without end', '['.repeat(4000)],
    ['levels with their ends', `mode: ${'['.repeat(4000)}${']'.repeat(4000)}`],
    ['lists in lists', '- '.repeat(4000)],
    ['maps in maps', `mode: ${'{a: '.repeat(4000)}`],
    ['one key many times', 'mode: live\n'.repeat(1500)],
    ['keys that nobody knows', Array.from({ length: 2000 }, (_, n) => `k${n}: 1`).join('\n')],
    ['wrong items', `mode: live\ntargets: [${'1,'.repeat(4000)}]`],
    ['a reserved character on every line', '@a: `\n'.repeat(5000)],
    ['documents', 'mode: live\n---\n'.repeat(2000)],
  ])('with %s gives a few errors with their places, and in time', (_, text) => {
    const before = process.cpuUsage()
    const { config, errors } = readConfig(text)
    const { user, system } = process.cpuUsage(before)
    expect(config).toBeNull()
    expect(errors.length).toBeLessThanOrEqual(51)
    expect(errors.every(({ line, column }) => line !== null && line > 0 && column !== null && column > 0)).toBe(true)
    expect((user + system) / 1000).toBeLessThan(2000)
  })

  it('is told how many of its errors are left out, and where they begin', () => {
    const { errors } = readConfig(`mode: live\n${Array.from({ length: 60 }, (_, n) => `k${n}: 1`).join('\n')}`)
    expect(errors).toHaveLength(51)
    expect(errors.at(-1)).toEqual({ line: 52, column: 1, key: '', value: '', fix: '10 more are left out' })
  })

  it.each([
    ['of 1 MB', `mode: live\n${'#'.repeat(1024 * 1024)}`, 'the file has 1048587 bytes; it may have 65536'],
    ['that GitHub does not show', null, 'the file has more than 1 MB; it may have 65536'],
    ['nested too deeply', '['.repeat(4000), 'it is nested too deeply'],
    ['of which a list holds itself', 'mode: live\nci: &a [*a]\n', 'it has to be a map of settings'],
    ['of which a setting nobody knows holds itself', 'mode: live\na: &a [*a]\n', /^there is no such setting/],
    [
      'that shows one thing too often',
      `mode: live\na: &a [x]\nb: [${'*a,'.repeat(11)}]\n`,
      /^there is no such setting/,
    ],
    ['with a key twice', 'mode: live\nmode: live\n', 'this key stands twice in the same map; keep one of them'],
    ['indented by a tab', 'ci:\n\ttimeout: 1h\n', 'indent with spaces; YAML allows no tabs there'],
    ['with a prototype for a key', '__proto__: { mode: live }\nmode: live\n', /^there is no such setting/],
  ])('%s is told so', (_, text, words) => {
    expect(first(text)).toMatch(words)
  })

  it('with a byte order mark is read', () => {
    expect(readConfig('\uFEFFmode: live\r\n')).toMatchObject({ config: { mode: 'live' }, errors: [] })
  })

  it('that is too large is a fact like any other broken one, so that the last good one stays and people are told', () => {
    const told = { defaultBranch: 'main', source: 'sweep', now: 0 }
    const observed = configObserved({ branch: 'main', tip: sha('c1'), file: { blob: sha('f0'), text: null } }, told)
    expect(observed).toMatchObject({ payload: { blob: sha('f0'), config: null, errors: [{ line: 1 }] } })
  })

  it('of any text at all is a configuration, or errors with line and column', () => {
    const alias = fc.constantFrom(
      '&a ',
      '*a',
      '&a [*a]',
      '<<: *a',
      '{ <<: *a }',
      '!!binary ',
      '!!set ',
      '!!merge ',
      '%YAML 1.1\n---\n',
    )
    const known = fc.constantFrom(
      'mode: live\n',
      'ci: ',
      'targets: ',
      'ready:\n  ',
      'land: ',
      '\u0000',
      '\uFEFF',
      '\uD800',
      '\t',
      '? ',
    )
    const text = fc.array(fc.oneof(alias, known, fc.string({ maxLength: 8 })), { maxLength: 10 })
    fc.assert(
      fc.property(text, (parts) => {
        const { config, errors } = readConfig(parts.join(''))
        expect(config === null).toBe(errors.length > 0)
        expect(errors.every(({ line, column }) => line !== null && column !== null)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
