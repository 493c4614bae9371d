/**
 * Which lines of a Markdown text are plainly said: no code, quote, comment, link or heading, and starting at the margin.
 * It is no Markdown parser and refuses to become one: where a text can be read in two ways, the line, or the rest of the
 * text, is not plain. It knows nothing of commands.
 */

export interface PlainLine {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** What has been seen of the lines since the last blank one: what may still span several of them. */
interface Chunk {
  readonly plain: { readonly at: number; readonly line: number; readonly text: string }[]
  /** The lines without their closed code spans. */
  readonly bare: string[]
  /** The first line with a backtick that its own line does not close. */
  openCode: number | null
}

interface Reading {
  fence: { readonly mark: string; readonly length: number; readonly indent: number } | null
  comment: boolean
  /** Depth of elements such as `pre`, in which nothing is plainly said. */
  quiet: number
  /** A quote goes on without `>` until a blank line. */
  quoted: boolean
  /** The text can be read in two ways from here on: nothing more of it is plain. */
  doubtful: boolean
  chunk: Chunk
}

const FENCE = /^( {0,3})(?:(`{3,})[^`]*|(~{3,}).*)$/
const CODE = /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g
const QUOTE = /^[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*>/
const QUIET =
  /<(\/?)(?:pre|code|blockquote|script|style|textarea|samp|kbd|xmp|template|svg|math|h[1-6]|a(?=[\s>]))(?![\w-])/gi
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/
const DEFINITION = /^ {0,3}\[[^\]]*\]:/

/** The plain lines of a text, in order, without the HTML comments in them. Never throws; takes time linear in the text's lines. */
export function plainLines(text: string): PlainLine[] {
  const found: PlainLine[] = []
  const reading: Reading = {
    fence: null,
    comment: false,
    quiet: 0,
    quoted: false,
    doubtful: false,
    chunk: emptyChunk(),
  }
  const close = () => {
    found.push(...settle(reading.chunk))
    reading.chunk = emptyChunk()
  }
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (reading.fence) insideFence(reading, line)
    else if (reading.comment) insideComment(reading, line)
    else if (line.trim() === '' || FENCE.test(line)) {
      betweenChunks(reading, line)
      close()
    } else if (QUOTE.test(line)) reading.quoted = true
    else inChunk(reading, line, index + 1)
    if (reading.doubtful) break
  }
  close()
  return found
}

const emptyChunk = (): Chunk => ({ plain: [], bare: [], openCode: null })

function betweenChunks(reading: Reading, line: string): void {
  reading.quoted = false
  const [, indent = '', backticks, tildes] = FENCE.exec(line) ?? []
  const mark = backticks ?? tildes
  if (mark === undefined) return
  // Inside of HTML a fence is none, and what closes it there opens one.
  if (reading.quiet > 0 || reading.chunk.bare.some((before) => /^ {0,3}</.test(before))) reading.doubtful = true
  reading.fence = { mark: mark.charAt(0), length: mark.length, indent: indent.length }
}

function insideFence(reading: Reading, line: string): void {
  const { fence } = reading
  if (!fence) return
  const [, , backticks, tildes] = FENCE.exec(line) ?? []
  const mark = backticks ?? tildes ?? ''
  if (mark.startsWith(fence.mark) && mark.length >= fence.length && line.trim() === mark) reading.fence = null
  // An indented fence may belong to a list item, and end with it.
  else if (line.trim() !== '' && line.length - line.trimStart().length < fence.indent) reading.doubtful = true
}

function insideComment(reading: Reading, line: string): void {
  const end = line.indexOf('-->')
  if (end === -1) return
  reading.comment = false
  // Not at the margin any more: the rest can hold no command, but it can open something.
  inChunk(reading, ` ${line.slice(end + 3)}`, 0)
}

function inChunk(reading: Reading, line: string, number: number): void {
  const { chunk } = reading
  const code = withoutCode(line)
  const sure = code.closed && chunk.openCode === null && !/^(?: {4}|\t)/.test(line)
  const quietBefore = reading.quiet > 0
  const visible = withoutComments(reading, line, sure)
  countQuiet(reading, withoutCode(visible).bare, sure)
  const at = chunk.bare.push(code.bare) - 1
  if (!code.closed) chunk.openCode ??= at
  if (visible.startsWith('/') && !reading.quoted && !quietBefore) chunk.plain.push({ at, line: number, text: visible })
}

/** Takes away the code spans that begin and end on this line; not `closed`: a backtick is left that may reach further. */
function withoutCode(line: string): { readonly bare: string; readonly closed: boolean } {
  if (!line.includes('`')) return { bare: line, closed: true }
  const bare = line.replace(CODE, '')
  return { bare, closed: !bare.includes('`') && !line.includes('\\`') }
}

/** The line without its comments; one that it leaves open takes the rest. */
function withoutComments(reading: Reading, line: string, sure: boolean): string {
  if (!line.includes('<!--')) return line
  const codeless = line.replace(CODE, (span) => ' '.repeat(span.length))
  let visible = ''
  let from = 0
  for (;;) {
    const start = codeless.indexOf('<!--', from)
    if (start === -1) return visible + line.slice(from)
    const end = line.indexOf('-->', start + 4)
    // Off the margin a comment ends with its paragraph or list item, and `<!-->` is a whole one to some readers only.
    if (!sure || /^-?>/.test(line.slice(start + 4, start + 6)) || (end === -1 && start > 0)) reading.doubtful = true
    reading.comment = end === -1
    visible += line.slice(from, start) + (start === 0 ? ' ' : '')
    if (end === -1) return visible
    from = end + 3
  }
}

function countQuiet(reading: Reading, bare: string, sure: boolean): void {
  if (!bare.includes('<')) return
  for (const [, slash] of bare.matchAll(QUIET)) {
    if (!sure) reading.doubtful = true
    reading.quiet = Math.max(0, reading.quiet + (slash === '/' ? -1 : 1))
  }
}

/** Of a chunk that is complete, the lines that nothing else in it reaches over. */
function settle({ plain, bare, openCode }: Chunk): PlainLine[] {
  if (plain.length === 0) return []
  const last = (test: (line: string) => boolean): number => bare.findLastIndex(test)
  const codeEnds = last((line) => line.includes('`'))
  const heading = last((line) => UNDERLINE.test(line))
  const definition = bare.findIndex((line) => DEFINITION.test(line))
  const spans = [
    { from: openCode ?? -1, to: openCode === null ? -1 : codeEnds },
    { from: -1, to: heading - 1 },
    { from: definition, to: definition === -1 ? -1 : bare.length },
    { from: firstUnclosed(bare, '[', ']'), to: last((line) => line.includes(']')) },
    {
      from: bare.findIndex((line) => line.lastIndexOf('](') > line.lastIndexOf(')')),
      to: last((line) => line.includes(')')),
    },
    {
      from: bare.findIndex((line) => line.lastIndexOf('<') > line.lastIndexOf('>')),
      to: last((line) => line.includes('>')),
    },
  ]
  const reached = (at: number) =>
    spans.some(({ from, to }, index) => (index === 1 || from !== -1) && from < at && at <= to)
  return plain.filter(({ at }) => !reached(at)).map(({ line, text }) => ({ line, text }))
}

function firstUnclosed(lines: readonly string[], open: string, shut: string): number {
  return lines.findIndex(
    (line) => line.lastIndexOf(open) > line.lastIndexOf(shut) || line.split(open).length > line.split(shut).length,
  )
}
