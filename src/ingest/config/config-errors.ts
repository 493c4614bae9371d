/**
 * Turns what YAML and the schema find wrong into errors that a person can act on: line, column, key, value, and what would
 * be right. It knows how settings may be misspelt, not what they do.
 */
import { type Document, isMap, isNode, isPair, isScalar, type LineCounter, visit, type YAMLParseError } from 'yaml'
import { z } from 'zod'
import { configSchema } from '../../core/config.ts'
import type { PayloadOf } from '../../core/events.ts'
import { closest } from './closest.ts'

export type ConfigError = PayloadOf<'config_changed'>['errors'][number]

type Path = readonly PropertyKey[]
type Issue = z.core.$ZodIssue

/** What YAML itself refuses. */
export function syntaxError(error: YAMLParseError, text: string, lines: LineCounter): ConfigError {
  const { line, col } = lines.linePos(error.pos[0])
  const found = text.slice(error.pos[0], error.pos[0] + 200).split('\n', 1)[0] ?? ''
  // The parser calls itself for every level, and has no limit of its own but the stack.
  const deep = /call stack/i.test(error.message)
  return {
    line,
    column: col,
    key: '',
    value: shorten(found.trim()),
    fix: deep ? 'it is nested too deeply' : (SYNTAX[error.code] ?? `YAML: ${error.message}`),
  }
}

/** What can't be unfolded: an alias of nothing, or aliases of aliases that would fill the memory. */
export function aliasError(thrown: unknown, document: Document, lines: LineCounter): ConfigError {
  let first: number | undefined
  visit(document, {
    Alias: (_, alias) => {
      first = alias.range?.[0]
      return visit.BREAK
    },
  })
  const { line, col } = lines.linePos(first ?? 0)
  const fix = `YAML: ${thrown instanceof Error ? thrown.message : 'an alias can not be unfolded'}`
  return { line, column: col, key: '', value: '', fix }
}

const SYNTAX: Partial<Record<YAMLParseError['code'], string>> = {
  TAB_AS_INDENT: 'indent with spaces; YAML allows no tabs there',
  DUPLICATE_KEY: 'this key stands twice in the same map; keep one of them',
  MULTIPLE_DOCS: 'the file holds one document; remove the line `---` and what follows it',
}

/** What the schema refuses, each to be worked out when it is asked for. */
export function schemaErrors(error: z.ZodError, document: Document, lines: LineCounter): (() => ConfigError)[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => () => unknownKey([...issue.path, key], document, lines))
      : [() => wrongValue(mostTelling(issue), document, lines)],
  )
}

function unknownKey(path: Path, document: Document, lines: LineCounter): ConfigError {
  const known = settingsAt(path.slice(0, -1))
  const meant = closest(String(path.at(-1)), known)
  const fix =
    meant === null ? `there is no such setting; here there are ${listed(known)}` : `did you mean \`${meant}\`?`
  return { ...placeOf(path, document, lines), key: dotted(path), value: valueAt(path, document), fix }
}

function wrongValue(issue: Issue, document: Document, lines: LineCounter): ConfigError {
  const value = valueAt(issue.path, document)
  return { ...placeOf(issue.path, document, lines), key: dotted(issue.path), value, fix: fixOf(issue, value) }
}

/**
 * Of a union the branch that came furthest: a list with one wrong item is not told to be the word `auto`. Else the one that
 * has words to choose from: a misspelt mode is told to be no map.
 */
function mostTelling(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const branches = issue.errors.flat()
  const deeper = branches.find(({ path }) => path.length > 0)
  const told = deeper ?? branches.find((branch) => branch.code === 'invalid_value' && branch.values.length > 1)
  return told ? { ...told, path: [...issue.path, ...told.path] } : issue
}

function fixOf(issue: Issue, value: string): string {
  switch (issue.code) {
    case 'invalid_value':
      return choiceOf(issue.values.map(String), value)
    case 'invalid_type':
      return `it has to be ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      return issue.origin === 'array' ? 'the list can not be empty' : `it is at least ${issue.minimum}`
    case 'too_big':
      return `it is at most ${issue.maximum}`
    case 'invalid_union':
      return 'it is `auto` or a list, as in [a, b]'
    case 'invalid_format':
      return `it has to be ${issue.message}`
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return issue.message
    default:
      return issue satisfies never
  }
}

function choiceOf(choices: readonly string[], value: string): string {
  const meant = closest(value.replace(/^"(.*)"$/, '$1'), choices)
  const hint = meant === null ? '' : `did you mean \`${meant}\`? `
  return `${hint}${value === '' ? 'it is missing; write one of' : 'it is one of'} ${listed(choices)}`
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map of settings',
  array: 'a list, as in [a, b]',
  boolean: 'true or false',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
}

const SETTINGS: z.core.JSONSchema.JSONSchema = z.toJSONSchema(configSchema, { io: 'input' })

/** The names of the settings in one section. */
function settingsAt(path: Path): string[] {
  let schema = SETTINGS
  for (const step of path) {
    const inner = schema.properties?.[String(step)]
    schema = typeof inner === 'object' ? inner : {}
  }
  return Object.keys(schema.properties ?? {})
}

/** Where a key stands; for what is missing the map that lacks it, at last the file's first line. */
function placeOf(path: Path, document: Document, lines: LineCounter): Pick<ConfigError, 'line' | 'column'> {
  for (let depth = path.length; depth > 0; depth--) {
    const offset = offsetOf(path.slice(0, depth), document)
    if (offset === undefined) continue
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  return { line: 1, column: 1 }
}

function offsetOf(path: Path, document: Document): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last),
    )
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const item = document.getIn(path, true)
  return isScalar(item) || isMap(item) ? item.range?.[0] : undefined
}

function valueAt(path: Path, document: Document): string {
  const node = document.getIn(path, true)
  if (node === undefined) return ''
  try {
    const value: unknown = isNode(node) ? node.toJS(document, { maxAliasCount: 10 }) : node
    return shorten(JSON.stringify(value) ?? '')
  } catch {
    // It holds itself, or stands for too much to be shown.
    return '…'
  }
}

const dotted = (path: Path): string => path.map(String).join('.')
const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text)

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`
}
