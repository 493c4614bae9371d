import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commandNames, parseCommands } from '../../src/core/command.ts'

const names = (body: string) => parseCommands(body).map(({ name }) => name)
const first = (body: string) => parseCommands(body)[0]
const errorOf = (body: string) => first(body)?.error

describe('what is a command', () => {
  test('C01 a command stands at the start of a line', () => {
    expect(parseCommands('/merge')).toEqual([{ line: 1, name: 'merge', arguments: {}, error: null }])
  })

  test.each(commandNames)('/%s is known', (name) => {
    expect(first(`/${name}`)).toEqual({ line: 1, name, arguments: {}, error: null })
  })

  test('C05 several commands are found in order, each with its line, whatever ends the lines', () => {
    const found = [
      { line: 2, name: 'merge' },
      { line: 4, name: 'why' },
    ]
    for (const end of ['\n', '\r\n', '\r'])
      expect(parseCommands(['ok', '/merge', '', '/why', ''].join(end))).toMatchObject(found)
  })

  test('C09 names are read in any case, with or without a colon', () => {
    expect(names('/MERGE\n/Hold: now')).toEqual(['merge', 'hold'])
  })

  test.each([
    ['a code span', '`/merge`'],
    ['a code span over lines', 'see `a\n/merge\nb`'],
    ['a code span that only the second backtick opens', '\\`a` b\n/merge `'],
    ['a longer code span with a backtick in it', '`` a ` b\n/merge\n``'],
    ['a code span within a list item', '- `a\n- `b\n/merge\nc`'],
    ['a code span behind what looks like a list', '`foo\n2. bar\n/merge\nbaz`'],
    ['a fenced block', '```\n/merge\n```'],
    ['a fenced block of tildes with fences in it', '~~~ts\n```\n/merge\n~~~'],
    ['a fenced block that a shorter fence does not close', '````\n```\n/merge\n````'],
    ['a fenced block without end', '```\n\n/merge'],
    ['a fenced block in a list', '1. a\n   ```\n   /merge\n   ```'],
    ['a fenced block behind a list item that took its fence away', '- x\n  ```\nfoo\n```\n/merge'],
    ['a fenced block behind HTML that took its fence away', '<div>\n```\nx\n\n```\n/merge'],
    ['indented code', '    /merge\n\n\t/merge'],
    ['a link', '[/merge](https://example.com)'],
    ['a link over lines', '[see\n/merge\nhere](https://example.com)'],
    ['a link’s address', '[see](\n/merge\n)'],
    ['a link definition', '[see]:\n/merge'],
    ['an HTML link', '<a href="x">\n/merge\n</a>'],
    ['an HTML attribute', '<img alt="\n/merge\n">'],
    ['a quote', '> /merge'],
    ['a quote that goes on without its mark', '> as said\n/merge'],
    ['a quote in a list', '- > as said\n/merge'],
    ['an HTML quote', '<blockquote>\n\n/merge\n\n</blockquote>'],
    ['a fenced block behind preformatted HTML that took its fence away', '<pre>\n\n```\n</pre>\n```\n</pre>\n\n/merge'],
    ['preformatted HTML', '<pre>\n\n/merge\n</pre>'],
    ['a heading', '# /merge'],
    ['an underlined heading', '/merge\n======'],
    ['an underlined heading of two lines', '/merge\nthis\n---'],
  ])('C02 %s is not executed', (_, body) => {
    expect(names(body)).toEqual([])
  })

  test.each([
    ['over lines', '<!--\n/merge\n-->'],
    ['without end', '<!-- \n\n/merge'],
    ['off the margin', 'a <!--\n/merge\n-->'],
    ['whose end a code span holds', 'a <!-- b\n\n`c -->\n/merge `'],
    ['that is whole to some readers only', '<!-->\n/merge\n-->'],
    ['that is whole to some readers only, before a fence', '<!-->\n```\n-->\n/merge\n```'],
    ['with a fence in it', '<!--\n```\n/merge\n-->'],
    ['with a fence in it that it does not hold', '- <!-- foo\n```\n-->\n/merge\n```'],
  ])('C03 an HTML comment %s is not executed', (_, body) => {
    expect(names(body)).toEqual([])
  })

  test('C04 a command in mid-sentence, or behind white space or a bullet, is not executed', () => {
    expect(names('please /merge\n /merge\n- /merge\n| /merge |\n--> /merge')).toEqual([])
  })

  test.each([
    ['a closed code span', 'see `a` and ``b ` c``\n/merge'],
    ['a closed fence', '```\ncode\n```\n/merge'],
    ['a closed comment', '<!-- a\n\nb -->\n/merge'],
    ['a comment that holds a fence', '<!--\n```\n-->\n/merge'],
    ['a comment on one line', 'a <!-- b --> c\n/merge <!-- now -->'],
    ['a comment mark within code', 'see `<!--`\n/merge'],
    ['a quote and a blank line', '> as said\n\n/merge'],
    ['a heading and a bullet', '# Title\n- one\n- two\n/merge'],
    ['a closed link', 'see [this](https://example.com)\n/merge'],
    ['closed HTML', '<details><summary>log</summary>\n\n<pre>a</pre>\n\n</details>\n\n/merge'],
    ['a lone backtick', 'it`s\n\n/merge'],
    ['a rule', 'a\n\n---\n\n/merge'],
  ])('a command behind %s is executed', (_, body) => {
    expect(names(body)).toEqual(['merge'])
  })

  test('C06 a command that is nearly ours is told which is meant, and does nothing', () => {
    expect(first('/mrege')).toEqual({
      line: 1,
      name: 'mrege',
      arguments: {},
      error: 'unknown command `/mrege`; did you mean /merge?',
    })
    for (const slip of ['/merg', '/mergee', '/merhe', '/why?', '/hlep']) expect(errorOf(slip)).toMatch(/did you mean/)
  })

  test('commands of other bots, paths and prototypes are ignored', () => {
    for (const other of [
      '/lgtm',
      '/approve',
      '/rebase',
      '/retest',
      '/assign @bob',
      '/usr/bin/merge',
      '/merge/x',
      '/constructor',
      '/__proto__',
      '/',
      '//merge',
      '/ merge',
    ])
      expect([other, names(other)]).toEqual([other, []])
  })
})

describe('arguments', () => {
  test.each([
    ['/merge cancel', { cancel: 'true' }],
    ['/merge alone', { alone: 'true' }],
    ['/merge Interrupt', { interrupt: 'true' }],
    ['/merge interrupt priority=high alone', { interrupt: 'true', priority: '10', alone: 'true' }],
    ['/merge 1A2B3C4', { sha: '1a2b3c4' }],
    ['/merge priority=7 alone 1a2b3c4', { priority: '7', alone: 'true', sha: '1a2b3c4' }],
    ['/merge priority=HIGH', { priority: '10' }],
    ['/merge priority="normal"', { priority: '0' }],
    ['/resume', {}],
    ['/resume force', { force: 'true' }],
    ['/delegate', {}],
    ['/delegate @Octo-cat', { user: 'Octo-cat' }],
    ['/undelegate octocat', { user: 'octocat' }],
    ['/try', {}],
    ['/try CANCEL', { cancel: 'true' }],
    ['/try 1A2B3C4 parent=last', { sha: '1a2b3c4', parent: 'last' }],
    [`/try parent=${'AB'.repeat(20)}`, { parent: 'ab'.repeat(20) }],
    ['/hold', {}],
    ['/hold until the release is out', { reason: 'until the release is out' }],
    ['/hold "frozen for @ops: größer = besser"', { reason: 'frozen for @ops: größer = besser' }],
    ['/hold say "no" twice', { reason: 'say "no" twice' }],
    ['/hold until the release is out except #12 #13', { reason: 'until the release is out', except: '12 13' }],
    ['/hold "release: day" EXCEPT #12, #13 and #12', { reason: 'release: day', except: '12 13' }],
    ['/hold except #12', { except: '12' }],
    ['/hold everything except the docs', { reason: 'everything except the docs' }],
    ['/hold all except docs except #7', { reason: 'all except docs', except: '7' }],
    ['/hold "nothing except #12"', { reason: 'nothing except #12' }],
  ])('C08 %s is taken apart', (body, found) => {
    expect(first(body)).toMatchObject({ arguments: found, error: null })
  })

  test.each([
    ['/merge priority=1 priority=2', 'priority is given twice'],
    ['/merge alone alone', 'alone is given twice'],
    ['/merge interrupt interrupt', 'interrupt is given twice'],
    ['/merge priority=', 'priority has an empty value'],
    ['/merge priority=""', 'priority has an empty value'],
    ['/merge priority', 'priority needs a value, as in priority=high'],
    ['/merge priority="high', 'the quote that opens at `"high` is not closed'],
    ['/hold "until monday', 'the quote that opens at `"until monday` is not closed'],
    ['/merge priority=-1', 'priority is low, normal, high or a whole number from 0 to 100, not `-1`'],
    ['/merge priority=101', 'priority is low, normal, high or a whole number from 0 to 100, not `101`'],
    [
      '/merge priority=99999999999999999999',
      'priority is low, normal, high or a whole number from 0 to 100, not `99999999999999999999`',
    ],
    ['/merge 1a2b', '`1a2b` is no commit id: it needs 7 to 40 hex digits'],
    ['/merge when green', '/merge does not know `when`; it knows a commit id, priority=…, alone, interrupt and cancel'],
    [
      '/merge squash=yes',
      '/merge knows no argument `squash`; it knows a commit id, priority=…, alone, interrupt and cancel',
    ],
    ['/merge cancel alone', '/merge cancel takes nothing else'],
    ['/merge interrupt cancel', '/merge cancel takes nothing else'],
    ['/resume now', '/resume does not know `now`; it knows force'],
    ['/resume force now', '/resume force takes nothing else, but found `now`'],
    ['/delegate @a @b', '/delegate takes one user, but found `@b` as well'],
    ['/delegate @acme/team', '/delegate takes one user, as in /delegate @octocat, not `@acme/team`'],
    ['/undelegate -a', '/undelegate takes one user, as in /undelegate @octocat, not `-a`'],
    ['/try now', '/try does not know `now`; it knows a commit id of 7 to 40 hex digits, parent=… and cancel'],
    ['/try on=main', '/try does not know `on=main`; it knows a commit id of 7 to 40 hex digits, parent=… and cancel'],
    ['/try parent=1a2b3c4', 'parent is last or a full commit id of 40 hex digits, not `1a2b3c4`'],
    ['/try parent=', 'parent is last or a full commit id of 40 hex digits, not ` `'],
    ['/try parent=last parent=last', 'parent is given twice'],
    ['/try cancel 1a2b3c4', '/try cancel takes nothing else'],
    ['/why not', '/why takes no arguments, but found `not`'],
    [`/hold ${'x'.repeat(501)}`, 'the reason is longer than 500 characters'],
    ['/hold ""', 'the reason is empty'],
    ['/hold now except #12 thirteen', 'except takes pull requests, as in except #12 #13'],
    [
      `/hold now except ${Array.from({ length: 21 }, (_, at) => `#${at + 1}`).join(' ')}`,
      'more than 20 pull requests are excepted',
    ],
  ])('C07 %s is told precisely', (body, error) => {
    expect(first(body)).toMatchObject({ arguments: {}, error })
  })

  test('what is told back is cut', () => {
    expect(errorOf(`/why ${'y'.repeat(3000)}`)).toHaveLength(77)
  })
})

describe('any text at all', () => {
  const bits = [
    '/merge',
    '/hold "a',
    ' ',
    '\n',
    '\n\n',
    '\r\n',
    '`',
    '``',
    '```',
    '~~~',
    '<!--',
    '-->',
    '>',
    '<pre>',
    '</pre>',
    '[',
    ']',
    '](',
    ')',
    '- ',
    '    ',
    '---',
    'word',
    '=',
    '"',
    '\\',
    '\u0000',
    '🦀',
  ]
  const soup = fc
    .array(fc.oneof(fc.constantFrom(...bits), fc.string()), { maxLength: 40 })
    .map((parts) => parts.join(''))

  test('never throws, and finds commands at the start of lines only', () => {
    fc.assert(
      fc.property(soup, (body) => {
        // As it is shown: a comment in the middle of a line is not.
        const lines = body.split(/\r\n|\n|\r/).map((line) => line.replaceAll(/<!--.*?-->/g, ''))
        for (const { line, name } of parseCommands(body))
          expect(lines[line - 1]?.toLowerCase().startsWith(`/${name}`)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  const prose = fc.constantFrom(
    'Looks good.',
    'a `b` c',
    'see #12',
    '**bold**\nnext',
    '- one\n- two',
    '## Title',
    'x <!-- y --> z',
    '[a](b)',
  )
  const inner = fc
    .array(fc.constantFrom('/merge', '/hold now', 'text', '', '  /why', '# x'), { minLength: 1, maxLength: 4 })
    .map((lines) => lines.join('\n'))
  const hidden = fc.oneof(
    inner.map((text) => `\`\`\`\n${text}\n\`\`\``),
    inner.map((text) => `~~~~ sh\n${text}\n~~~~`),
    inner.map((text) => text.replaceAll(/^/gm, '> ')),
    inner.map((text) => text.replaceAll(/^/gm, '    ')),
    inner.map((text) => `<!--\n${text}\n-->`),
    inner.map((text) => `<pre>\n${text}\n</pre>`),
    inner
      .map((text) => `\`a\n${text.replaceAll(/\n\s*\n/g, '\n').trim() || 'x'}\nb\``)
      .filter((text) => !/\n\s*\n/.test(text)),
  )
  const said = fc.constantFrom('/merge', '/why', '/hold "a b"', '/merge alone')

  test('C02 C03 what is said plainly is found, and nothing from code, quotes or comments', () => {
    const block = fc.oneof(
      prose.map((text) => ({ text, commands: 0 })),
      hidden.map((text) => ({ text, commands: 0 })),
      said.map((text) => ({ text, commands: 1 })),
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const body = blocks.map(({ text }) => text).join('\n\n')
        expect(parseCommands(body)).toHaveLength(blocks.reduce((sum, { commands }) => sum + commands, 0))
      }),
      { numRuns: 300 },
    )
  })

  test.each(['`', '<!--', '<!---->', '[', '<a ', '<a>', '> - ', '](', '/merge\n', '`a\n', '"', '/merge "" '])(
    'sixty thousand characters of %j are read at once',
    (bit) => {
      const started = performance.now()
      parseCommands(bit.repeat(60_000 / bit.length))
      parseCommands(`/merge ${bit.repeat(60_000 / bit.length)}>`)
      expect(performance.now() - started).toBeLessThan(1500)
    },
  )
})
