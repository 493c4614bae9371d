/** Commands in generated comments: nothing runs from code, quotes, HTML, links or mid-line; what is said plainly runs once. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCommands } from '../../src/core/command.ts'
import type { NewEvent } from '../../src/core/events.ts'
import { carriedOut, lookedAt, people, typed } from '../support/asking.ts'
import { blocked, house, queued, readyFacts } from '../support/facts.ts'

const command = fc.constantFrom(
  '/merge',
  '/merge cancel',
  '/hold "x y"',
  '/hold now except #12 #13',
  '/release',
  '/resume force',
  '/retry',
  '/try',
  '/try 1a2b3c4 parent=last',
  '/try cancel',
  '/delegate',
  '/delegate @bob',
  '/undelegate bob',
  '/why',
  '/help',
)
const words = fc.constantFrom(
  'Looks good.',
  '**yes** and *no*',
  'see #12 and @bob',
  'a `b` c',
  '1 < 2 > 0',
  'x * y_z',
  '✅ done',
  'C:\\a',
)
const lines = (line: fc.Arbitrary<string>, max = 3): fc.Arbitrary<string> =>
  fc.array(line, { minLength: 1, maxLength: max }).map((all) => all.join('\n'))
/** Commands and words, as somebody would paste them. */
const pasted = lines(fc.oneof(command, words, fc.constant('')), 5)
const solid = lines(fc.oneof(command, words), 3)
const prefixed = (prefix: string) => pasted.map((text) => text.replaceAll(/^/gm, prefix))
const info = fc.constantFrom('', 'sh', ' ts title="a"', 'diff')

/** A fence that its content can't close, or that is never closed at all. */
const fence = (mark: string, closed: boolean): fc.Arbitrary<string> =>
  fc.tuple(fc.integer({ min: 3, max: 5 }), info, pasted, fc.boolean()).map(([length, language, text, nested]) => {
    const other = mark === '`' ? '~~~' : '```'
    const inner = nested ? `${other}\n${text}\n${mark.repeat(length - 1)}` : text
    return `${mark.repeat(length)}${language}\n${inner}${closed ? `\n${mark.repeat(length)}` : ''}`
  })

const inert = fc.oneof(
  fence('`', true),
  fence('~', true),
  prefixed('> '),
  prefixed('>'),
  prefixed('    '),
  prefixed('\t'),
  prefixed(' '),
  command.map((typed) => `please ${typed}`),
  command.map((typed) => `- ${typed}\n* ${typed}\n1. ${typed}\n- [ ] ${typed}`),
  command.map((typed) => `| ${typed} |\n| - |\n| ${typed} |`),
  command.map((typed) => `# ${typed}`),
  command.map((typed) => `${typed}\n---`),
  command.map((typed) => `\`${typed}\` and \`\` ${typed} \`\``),
  command.map((typed) => `**${typed}** _${typed}_ ~~${typed}~~`),
  command.map((typed) => `[${typed}](https://example.com) ![${typed}](x.png) <${typed}>`),
  command.map((typed) => `\\${typed}`),
  command.map((typed) => `https://example.com${typed}`),
  pasted.map((text) => `<!--\n${text}\n-->`),
  solid.map((text) => `<pre>\n${text}\n</pre>`),
  solid.map((text) => `<blockquote>\n${text}\n</blockquote>`),
  solid.map((text) => `\`see\n${text.replaceAll('`', '')}\nthere\``),
  solid.map((text) => `[see\n${text.replaceAll(/[[\]]/g, '')}\nthere](https://example.com)`),
)

const document = (parts: fc.Arbitrary<string>, max = 6): fc.Arbitrary<string[]> =>
  fc.array(parts, { minLength: 1, maxLength: max })

describe('a comment', () => {
  test('C02 C03 C04 of code, quotes, HTML, links and words in mid-line commands nothing, in whatever order they stand', () => {
    fc.assert(
      fc.property(document(fc.oneof(inert, words)), fc.constantFrom('\n\n', '\r\n\r\n'), (blocks, gap) => {
        expect(parseCommands(blocks.join(gap))).toEqual([])
      }),
      { numRuns: 120 },
    )
  })

  test('C02 commands nothing from where code or a comment is opened and never closed', () => {
    const open = fc.oneof(
      fence('`', false),
      fence('~', false),
      pasted.map((text) => `<!-- ${text}`),
    )
    fc.assert(
      fc.property(document(words, 3), open, document(fc.oneof(command, words), 4), (before, opened, after) => {
        expect(parseCommands([...before, opened, ...after].join('\n\n'))).toEqual([])
      }),
      { numRuns: 120 },
    )
  })

  test('C01 C05 runs what is said at the start of a line, each once and at its line, whatever stands around it', () => {
    const block = fc.oneof(
      { weight: 2, arbitrary: fc.oneof(inert, words).map((text) => ({ text, said: false })) },
      { weight: 1, arbitrary: command.map((text) => ({ text, said: true })) },
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 7 }), (blocks) => {
        const wanted: number[] = []
        let line = 1
        for (const { text, said } of blocks) {
          if (said) wanted.push(line)
          line += text.split('\n').length + 1
        }
        const found = parseCommands(blocks.map(({ text }) => text).join('\n\n'))
        expect(found.map((one) => one.line)).toEqual(wanted)
        expect(found.every(({ error }) => error === null)).toBe(true)
      }),
      { numRuns: 120 },
    )
  })

  test('gives no argument that it could not hold: unseen characters, prototypes and line ends stay text', () => {
    const point = fc.oneof(fc.nat(0x2100), fc.nat(0x10ffff))
    const argument = fc.oneof(
      fc.array(point, { maxLength: 8 }).map((points) => String.fromCodePoint(...points)),
      fc.constantFrom('__proto__=1', 'constructor=x', 'priority=__proto__', '\u202E', '\u0000', '$(reboot)'),
    )
    fc.assert(
      fc.property(command, argument, (typed, more) => {
        for (const { name, arguments: given, error } of parseCommands(`${typed} ${more}`)) {
          expect([
            'merge',
            'hold',
            'release',
            'resume',
            'retry',
            'try',
            'delegate',
            'undelegate',
            'why',
            'help',
          ]).toContain(name)
          expect(
            Object.keys(given).every((key) =>
              /^(cancel|alone|interrupt|sha|priority|reason|force|parent|user|except)$/.test(key),
            ),
          ).toBe(true)
          expect(error ?? '').not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u)
        }
      }),
      { numRuns: 120 },
    )
  })
})

/** An answer in words, or a request that is not taken. */
function isHarmless({ type, payload }: NewEvent): boolean {
  if (type === 'command_answered') return payload.result === 'refused' || ['told', 'asked'].includes(payload.reason)
  return type === 'resume_requested' || (type === 'resume_answered' && payload.result !== 'remembered')
}

describe('somebody who may do nothing', () => {
  const waiting = [...house(), ...people({ mallory: 'read' }), ...readyFacts(12), queued(12), ...lookedAt(12)]
  const stuck = [...waiting, blocked(12, { reason: 'checks_failed' })]

  test('C15 C16 C18 is told or refused, whatever is asked for, in whatever order, and nothing comes of it', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 4 }), fc.boolean(), (asked, isStuck) => {
        const events = isStuck ? stuck : waiting
        const { log } = carriedOut([...events, ...typed('mallory', asked.join('\n'))])
        const came = log.slice(events.length).filter(({ type }) => type !== 'command_requested')
        expect(came.filter(({ type }) => type === 'command_answered')).toHaveLength(asked.length)
        expect(came.filter((one) => !isHarmless(one))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
