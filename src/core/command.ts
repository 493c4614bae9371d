/**
 * The commands that people type: what stands at the start of a plain line, taken apart into a name and arguments, or told
 * precisely why it can't be. It knows neither who typed it nor whether they may, and carries nothing out.
 */
import { plainLines } from './plain-lines.ts'
import { code } from './render/escape.ts'

export interface Command {
  /** Counted from 1. */
  readonly line: number
  readonly name: string
  readonly arguments: Readonly<Record<string, string>>
  /** Why the line could not be understood, for its author, safe in Markdown. Null when it could. */
  readonly error: string | null
}

interface Understood {
  readonly arguments: Record<string, string>
  readonly error: string | null
}

export const MAX_PRIORITY = 100
const PRIORITIES: Readonly<Record<string, number>> = { low: -10, normal: 0, high: 10 }
const MAX_REASON = 500
const MAX_EXCEPTIONS = 20
const COMMIT = /^[0-9a-f]{7,40}$/
const FULL_COMMIT = /^[0-9a-f]{40}$/

const nothing = (name: string) => (words: readonly Word[]) => {
  const [first] = words
  return first ? refused(`/${name} takes no arguments, but found ${show(first.text)}`) : understood({})
}

/** Every command, with how the rest of its line is read. */
const COMMANDS: Readonly<Record<string, (words: readonly Word[], rest: string) => Understood>> = {
  merge: readEach('merge', mergeArgument),
  hold: readHold,
  release: nothing('release'),
  resume: readResume,
  retry: nothing('retry'),
  try: readEach('try', tryArgument),
  delegate: readUser('delegate'),
  undelegate: readUser('undelegate'),
  why: nothing('why'),
  help: nothing('help'),
}

export const commandNames = Object.keys(COMMANDS)

/** The commands in a comment, in the order of their lines. A line that is close to a command is an error; any other is none. */
export function parseCommands(body: string): Command[] {
  return plainLines(body).flatMap(({ line, text }) => {
    const command = parseLine(text)
    return command ? [{ line, ...command }] : []
  })
}

function parseLine(text: string): Omit<Command, 'line'> | null {
  const [, typed, rest = ''] = /^\/(\S+)(.*)$/s.exec(text) ?? []
  if (typed === undefined || typed.length > 40 || typed.includes('/')) return null
  const name = typed.replace(/:$/, '').toLowerCase()
  const read = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!read) {
    const meant = commandNames.find((known) => isOneSlipFrom(known, name))
    return meant === undefined
      ? null
      : { name, arguments: {}, error: `unknown command ${show(`/${name}`)}; did you mean /${meant}?` }
  }
  const words = split(rest)
  return { name, ...(typeof words === 'string' ? refused(words) : read(words, rest.trim())) }
}

interface Argument {
  readonly name: string
  readonly value: string
}

interface Word {
  /** Null for a word without `=` outside of quotes. */
  readonly key: string | null
  readonly value: string
  readonly text: string
}

/** Splits at white space outside of quotes; a string says what is wrong with the quotes. */
function split(rest: string): readonly Word[] | string {
  if (rest.split('"').length % 2 === 0)
    return `the quote that opens at ${show(rest.slice(rest.lastIndexOf('"')))} is not closed`
  return [...rest.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([text]) => {
    const [, key = null, value = text] = /^([A-Za-z_-]+)=(.*)$/s.exec(text) ?? []
    return { key: key?.toLowerCase() ?? null, value: value.replaceAll('"', ''), text }
  })
}

/** Reads arguments that may stand in any order, each once, with `cancel` alone. */
function readEach(command: string, argumentOf: (word: Word) => Argument | string) {
  return (words: readonly Word[]): Understood => {
    const found: Record<string, string> = {}
    for (const word of words) {
      const one = argumentOf(word)
      if (typeof one === 'string') return refused(one)
      if (one.name in found) return refused(`${one.name} is given twice`)
      found[one.name] = one.value
    }
    return 'cancel' in found && words.length > 1 ? refused(`/${command} cancel takes nothing else`) : understood(found)
  }
}

const MERGE_WORDS = 'a commit id, priority=…, alone, interrupt and cancel'

function mergeArgument({ key, value, text }: Word): Argument | string {
  if (key === 'priority') return priorityOf(value)
  if (key !== null) return `/merge knows no argument ${show(key)}; it knows ${MERGE_WORDS}`
  const word = value.toLowerCase()
  if (word === 'cancel' || word === 'alone' || word === 'interrupt') return { name: word, value: 'true' }
  if (word === 'priority') return 'priority needs a value, as in priority=high'
  if (COMMIT.test(word)) return { name: 'sha', value: word }
  if (/^[0-9a-f]+$/.test(word) && /\d/.test(word)) return `${show(text)} is no commit id: it needs 7 to 40 hex digits`
  return `/merge does not know ${show(text)}; it knows ${MERGE_WORDS}`
}

function priorityOf(value: string): Argument | string {
  if (value === '') return 'priority has an empty value'
  const word = value.toLowerCase()
  const named = Object.hasOwn(PRIORITIES, word) ? PRIORITIES[word] : undefined
  const number = named ?? (/^\d{1,9}$/.test(word) ? Number(word) : Number.NaN)
  if (Number.isNaN(number) || number > MAX_PRIORITY)
    return `priority is low, normal, high or a whole number from 0 to ${MAX_PRIORITY}, not ${show(value)}`
  return { name: 'priority', value: String(number) }
}

function tryArgument({ key, value, text }: Word): Argument | string {
  const word = value.toLowerCase()
  if (key === 'parent') {
    if (word === 'last' || FULL_COMMIT.test(word)) return { name: key, value: word }
    return `parent is last or a full commit id of 40 hex digits, not ${show(value)}`
  }
  if (key === null && word === 'cancel') return { name: word, value: 'true' }
  if (key === null && COMMIT.test(word)) return { name: 'sha', value: word }
  return `/try does not know ${show(text)}; it knows a commit id of 7 to 40 hex digits, parent=… and cancel`
}

function readHold(_: readonly Word[], rest: string): Understood {
  const { before, except } = exceptionsIn(rest)
  if (except === null) return refused('except takes pull requests, as in except #12 #13')
  if (except.length > MAX_EXCEPTIONS) return refused(`more than ${MAX_EXCEPTIONS} pull requests are excepted`)
  const quoted = /^"[^"]*"$/.test(before)
  const reason = quoted ? before.slice(1, -1).trim() : before
  if (reason.length > MAX_REASON) return refused(`the reason is longer than ${MAX_REASON} characters`)
  if (quoted && reason === '') return refused('the reason is empty')
  return understood({
    ...(reason === '' ? {} : { reason }),
    ...(except.length === 0 ? {} : { except: except.join(' ') }),
  })
}

/** What stands behind the last `except`, where that is pull requests; null where it is partly so. The word may be the reason's. */
function exceptionsIn(rest: string): { readonly before: string; readonly except: readonly number[] | null } {
  const [, before = '', after = ''] = /^(.*)(?<!\S)except\s([^"]*)$/is.exec(rest) ?? []
  const named = after.split(/[\s,]+/).filter((word) => word !== '' && word.toLowerCase() !== 'and')
  const numbers = named.flatMap((word) => (/^#[1-9]\d{0,8}$/.test(word) ? [Number(word.slice(1))] : []))
  if (numbers.length === 0) return { before: rest, except: [] }
  return { before: before.trim(), except: numbers.length === named.length ? [...new Set(numbers)] : null }
}

/** GitHub's rule for logins, with or without the @ by which people call each other. */
const LOGIN = /^@?([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38})$/i

function readUser(name: string) {
  return ([first, second]: readonly Word[]): Understood => {
    if (!first) return understood({})
    const [, user] = LOGIN.exec(first.text) ?? []
    if (user === undefined) return refused(`/${name} takes one user, as in /${name} @octocat, not ${show(first.text)}`)
    return second ? refused(`/${name} takes one user, but found ${show(second.text)} as well`) : understood({ user })
  }
}

function readResume(words: readonly Word[]): Understood {
  const [first, second] = words
  if (!first) return understood({})
  if (first.text.toLowerCase() !== 'force') return refused(`/resume does not know ${show(first.text)}; it knows force`)
  return second
    ? refused(`/resume force takes nothing else, but found ${show(second.text)}`)
    : understood({ force: 'true' })
}

const understood = (found: Record<string, string>): Understood => ({ arguments: found, error: null })
const refused = (error: string): Understood => ({ arguments: {}, error })

/** What someone typed, short and harmless enough to be told back. */
const show = (text: string): string => code(text, 40)

/** Whether one letter more, less, other or swapped makes `known`. Two slips would take in commands of other bots. */
function isOneSlipFrom(known: string, typed: string): boolean {
  let start = 0
  while (start < known.length && known[start] === typed[start]) start++
  const [a, b] = [known.slice(start), typed.slice(start)]
  if (a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1)) return true
  return a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)
}
