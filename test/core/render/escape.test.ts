import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cell, code, evidenceText, line, prose, withinLimit } from '../../../src/core/render/escape.ts'
import { fingerprint } from '../../../src/core/render/fingerprint.ts'
import { followUpMarker } from '../../../src/core/render/follow-up.ts'

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '@bob',
        '#1',
        '<img src=x>',
        '<!--',
        '-->',
        '![a](b)',
        '|',
        '\\',
        '`',
        '\n',
        '**',
        '_x_',
        'GH-1',
        'https://a.b',
        '&lt;',
        '\u202E',
        '~~',
      ),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('text from outside', () => {
  test('within a sentence keeps its words and loses its powers', () => {
    expect(prose('ping @bob, see #1 and <b>x</b>\n| a | ![x](y) `z` *w*')).toBe(
      'ping @\u200Bbob, see #\u200B1 and &lt;b&gt;x&lt;/b&gt; \\| a \\| \\!\\[x\\](y) \\`z\\` \\*w\\*',
    )
    expect(prose('GH-12 https://evil.example www.evil.example')).toBe(
      'GH\u200B-12 https:\u200B//evil.example www\u200B.evil.example',
    )
  })

  test('never mentions, refers, opens HTML, code, an image or a cell, whatever it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = prose(text, 10_000)
        expect(shown).not.toMatch(/[@#](?!\u200B)|<|>|\n|\r|:\/\/|\p{Cc}/u)
        // Without its escapes, no character is left that Markdown gives a meaning to.
        expect(shown.replaceAll(/\\[\\`*_~[\]|!$]/g, '')).not.toMatch(/[\\`*_~[\]|!$]/)
      }),
      { numRuns: 200 },
    )
  })

  test('as code stays within its span, and in a table within its cell', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = code(text)
        expect(shown.slice(1, -1)).not.toMatch(/`|\n/)
        expect(shown.length).toBeGreaterThan(2)
        // Read from the left, every bar of a cell is escaped.
        expect(cell(shown).replaceAll(/\\./gs, '')).not.toContain('|')
        expect(cell(prose(text)).replaceAll(/\\./gs, '')).not.toContain('|')
      }),
      { numRuns: 200 },
    )
  })

  test('is cut to its length without breaking a character', () => {
    expect(line('a\n b\t\u0000c\u202E')).toBe('a b c')
    expect(line('12345', 5)).toBe('12345')
    expect(line('123456', 5)).toBe('1234…')
    expect(line('123🦀56', 5)).toBe('123…')
  })

  test('a long text is cut at a line', () => {
    expect(withinLimit('short')).toBe('short')
    expect(withinLimit('line\n'.repeat(20_000))).toMatch(/line\n\nThe rest is left out: it is too long for GitHub\.$/)
  })
})

describe('evidence', () => {
  test('is a link only to the web, and only to one place', () => {
    expect(evidenceText({ kind: 'check', text: 'test: failure', url: 'https://ci.example/a b(c)?d=<e>' })).toBe(
      '[test: failure](https://ci.example/a%20b%28c%29?d=%3Ce%3E)',
    )
    expect(evidenceText({ kind: 'check', text: 'x', url: 'javascript:alert(1)' })).toBe('x')
    expect(evidenceText({ kind: 'check', text: 'x', url: 'https://ci.example/\uD800é' })).toBe(
      '[x](https://ci.example/%C3%A9)',
    )
  })

  test('files are code, full commits stay for GitHub to link', () => {
    expect(evidenceText({ kind: 'file', text: 'src/@a|`b`.ts' })).toBe('`src/@a|ˋbˋ.ts`')
    expect(evidenceText({ kind: 'commit', text: 'a'.repeat(40) })).toBe('a'.repeat(40))
    expect(evidenceText({ kind: 'commit', text: '@bob' })).toBe('@\u200Bbob')
  })
})

test('a marker stays one comment, whatever the branch is called', () => {
  expect(followUpMarker('release/1', 12)).toBe('<!-- mainkeeper:follow-up target=release/1 pull=12 -->')
  expect(followUpMarker('a-->b', 12)).toBe('<!-- mainkeeper:follow-up target=a--%3Eb pull=12 -->')
})

test('a fingerprint is the same for the same content, and another for any other', () => {
  expect(fingerprint('a')).toMatch(/^[0-9a-f]{16}$/)
  expect(fingerprint('a')).not.toBe(fingerprint('b'))
  expect(fingerprint(['a', 'b'])).toBe(fingerprint(['a', 'b']))
  expect(fingerprint(['a', 'b'])).not.toBe(fingerprint(['b', 'a']))
})
