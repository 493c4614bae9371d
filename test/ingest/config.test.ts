/** Reading the configuration file: what is right, and for each thing that is wrong the place, the key, the value and the fix. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configObserved, configProblems, readConfig } from '../../src/ingest/config.ts'
import { sha } from './payloads.ts'

const problems = (text: string): string[] => configProblems(readConfig(text).errors)

describe('a configuration file', () => {
  it('of one line has every default', () => {
    const { config, errors } = readConfig('mode: live\n')
    expect(errors).toEqual([])
    expect(config).toMatchObject({ mode: 'live', ready: { when: 'non_draft', approvals: { required: 1 } } })
  })

  it('knows off as a word, as YAML 1.2 has it', () => {
    expect(readConfig('mode: off').config?.mode).toBe('off')
  })

  it('may have comments, Windows line ends and a byte order mark', () => {
    expect(readConfig('\uFEFF# ours\r\nmode: live\r\nchecks: { required: [test] }\r\n').errors).toEqual([])
  })
})

describe('a broken configuration file names place, key, value and fix', () => {
  it.each([
    ['', ['.github/mainkeeper.yml:1:1: the file is empty; the smallest is one line: mode: live']],
    ['# nothing yet\n', ['.github/mainkeeper.yml:1:1: the file is empty; the smallest is one line: mode: live']],
    [
      '- mode: live',
      ['.github/mainkeeper.yml:1:1: the file is not a map of settings; the smallest is one line: mode: live'],
    ],
    [
      'mode: liv\nredy:\n  when: label\n',
      [
        '.github/mainkeeper.yml:1:1: `mode` is "liv": did you mean `live`? it is one of `off`, `shadow`, `live` and `paused`',
        '.github/mainkeeper.yml:2:1: `redy` is {"when":"label"}: did you mean `ready`?',
      ],
    ],
    [
      'mode: live\nci:\n  timout: 3\n  start_timeout: 10minutes\n',
      [
        '.github/mainkeeper.yml:3:3: `ci.timout` is 3: did you mean `timeout`?',
        '.github/mainkeeper.yml:4:3: `ci.start_timeout` is "10minutes": it has to be a number with its unit: 90s, 10m, 2h or 1d',
      ],
    ],
    [
      'mode: live\nci: { colour: red }\n',
      [
        '.github/mainkeeper.yml:2:7: `ci.colour` is "red": there is no such setting; here there are `slots`, `start_timeout` and `timeout`',
      ],
    ],
    [
      'mode: live\nready: { approvals: { required: 0 } }\n',
      ['.github/mainkeeper.yml:2:23: `ready.approvals.required` is 0: it is at least 1'],
    ],
    [
      'mode: live\nchecks: { required: [test, 3] }\n',
      ['.github/mainkeeper.yml:2:28: `checks.required.1` is 3: it has to be text'],
    ],
    [
      'mode: live\nchecks: { required: some }\n',
      ['.github/mainkeeper.yml:2:11: `checks.required` is "some": it is `auto` or a list, as in [a, b]'],
    ],
    ['mode: live\ntargets: []\n', ['.github/mainkeeper.yml:2:1: `targets` is []: the list can not be empty']],
    ['mode: live\nready: ~\n', ['.github/mainkeeper.yml:2:1: `ready` is null: it has to be a map of settings']],
    [
      'targets: [main]\n',
      ['.github/mainkeeper.yml:1:1: `mode`: it is missing; write one of `off`, `shadow`, `live` and `paused`'],
    ],
    [
      'mode: live\nmode: off\n',
      ['.github/mainkeeper.yml:2:1: mode: off: this key stands twice in the same map; keep one of them'],
    ],
    [
      'mode: live\nready:\n\twhen: label\n',
      ['.github/mainkeeper.yml:3:1: when: label: indent with spaces; YAML allows no tabs there'],
    ],
    [
      'mode: live\n---\nmode: off\n',
      ['.github/mainkeeper.yml:2:1: ---: the file holds one document; remove the line `---` and what follows it'],
    ],
    ['mode: "live', ['.github/mainkeeper.yml:1:12: YAML: Missing closing "quote']],
    ['mode: *x\n', ['.github/mainkeeper.yml:1:7: YAML: Unresolved alias (the anchor must be set before the alias): x']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected)
    expect(readConfig(text).config).toBeNull()
  })

  it('refuses aliases of aliases before they fill the memory', () => {
    const levels = ['b', 'c', 'd', 'e'].map(
      (name, n) => `${name}: &${name} [${Array(10).fill(`*${'abcd'[n]}`).join(',')}]`,
    )
    expect(problems(['a: &a [x,x]', ...levels].join('\n'))).toEqual([
      '.github/mainkeeper.yml:2:8: YAML: Excessive alias count indicates a resource exhaustion attack',
    ])
  })

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'mode',
      ': ',
      'live',
      '\n',
      '  ',
      '\t',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '"',
      '? ',
      '|',
      '<<',
      '!x ',
      '#',
      'ci',
      '1',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (some) => {
        const { config, errors } = readConfig(some)
        expect((config === null) === errors.length > 0).toBe(true)
        expect(errors.every(({ line }) => line !== null && line >= 1)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a branch’s configuration as a fact', () => {
  const told = { defaultBranch: 'main', source: 'sweep', now: Date.UTC(2026, 0, 5) }
  const payload = (text: string | null) =>
    configObserved({ branch: 'main', tip: sha('c1'), file: text === null ? null : { blob: sha('f0'), text } }, told)
      .payload

  it('holds the file, or its errors, or that there is none', () => {
    const common = { branch: 'main', default_branch: true, commit: sha('c1') }
    expect(payload('mode: live')).toMatchObject({ ...common, blob: sha('f0'), config: { mode: 'live' } })
    expect(payload('mode: x')).toMatchObject({ ...common, config: null, errors: [{ line: 1, key: 'mode' }] })
    expect(payload(null)).toEqual({ ...common, blob: null, config: null, errors: [] })
  })
})
