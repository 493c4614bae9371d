/**
 * Reads the text of `.github/mainkeeper.yml`: either a configuration, or every error with its place and what would be
 * right. Which file counts for which branch, and what becomes of a broken one, is judged elsewhere.
 */
import { isMap, LineCounter, parseDocument } from 'yaml'
import { configSchema, type WrittenConfig } from '../core/config.ts'
import { CONFIG_PATH } from '../core/config-path.ts'
import type { NewEvent } from '../core/events.ts'
import { type Instant, iso } from '../core/ids.ts'
import type { BranchContent } from '../github/port.ts'
import { aliasError, type ConfigError, schemaErrors, syntaxError } from './config/config-errors.ts'

export type ConfigReading =
  | { readonly config: WrittenConfig; readonly errors: readonly [] }
  | { readonly config: null; readonly errors: readonly ConfigError[] }

/** An alias may stand for much: more than this in all is refused before it is unfolded. */
const MAX_ALIASES = 100
/** Many times what every setting and its comments need. YAML takes time that grows with the square of a file's keys. */
const MAX_BYTES = 64 * 1024
/** So many errors are told; whoever mends them sees the next ones. */
const MAX_ERRORS = 50

/** Never throws, whatever the text (null: too large to be shown); the errors are in the order of their lines. */
export function readConfig(text: string | null): ConfigReading {
  if (text === null || Buffer.byteLength(text) > MAX_BYTES) return { config: null, errors: [tooLarge(text)] }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  if (document.errors.length > 0) return broken(document.errors.map((error) => () => syntaxError(error, text, lines)))
  if (!isMap(document.contents)) return { config: null, errors: [notAMap(document.contents === null)] }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return { config: null, errors: [aliasError(error, document, lines)] }
  }
  const parsed = configSchema.safeParse(value)
  return parsed.success ? { config: parsed.data, errors: [] } : broken(schemaErrors(parsed.error, document, lines))
}

/** Only the errors that are told are worked out: to place one of a thousand keys takes as long as to read them all. */
function broken(found: readonly (() => ConfigError)[]): ConfigReading {
  const errors = found.slice(0, MAX_ERRORS + 1).map((make) => make())
  errors.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  const next = errors[MAX_ERRORS]
  if (!next) return { config: null, errors }
  const fix = `${found.length - MAX_ERRORS} more are left out`
  return { config: null, errors: [...errors.slice(0, MAX_ERRORS), { ...next, key: '', value: '', fix }] }
}

function tooLarge(text: string | null): ConfigError {
  const size = text === null ? 'more than 1 MB' : `${Buffer.byteLength(text)} bytes`
  return { line: 1, column: 1, key: '', value: '', fix: `the file has ${size}; it may have ${MAX_BYTES}` }
}

function notAMap(empty: boolean): ConfigError {
  const found = empty ? 'the file is empty' : 'the file is not a map of settings'
  return { line: 1, column: 1, key: '', value: '', fix: `${found}; the smallest is one line: mode: live` }
}

/** What a person reads for each error: place, key, value, what would be right. */
export function configProblems(errors: readonly ConfigError[], path: string = CONFIG_PATH): string[] {
  return errors.map(({ line, column, key, value, fix }) => {
    const place = line === null ? path : `${path}:${line}:${column ?? 1}`
    const what = key && value ? `\`${key}\` is ${value}` : key ? `\`${key}\`` : value
    return [place, what, fix].filter(Boolean).join(': ')
  })
}

/** A branch's file as a fact; that there is none is a fact as well. */
export function configObserved(
  { branch, tip, file }: Pick<BranchContent, 'branch' | 'file'> & { readonly tip: string },
  told: { readonly defaultBranch: string; readonly source: string; readonly now: Instant },
): NewEvent<'config_changed'> {
  const { config, errors } = file ? readConfig(file.text) : { config: null, errors: [] }
  const payload = {
    branch,
    default_branch: branch === told.defaultBranch,
    blob: file?.blob ?? null,
    commit: tip,
    config,
    errors: [...errors],
  }
  return { type: 'config_changed', occurred_at: iso(told.now), source: told.source, payload }
}
