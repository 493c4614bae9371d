/**
 * Reads the text of `.github/mainkeeper.yml`: either a configuration, or every error with its place and what would be
 * right. Which file counts for which branch, and what becomes of a broken one, is judged elsewhere.
 */
import { isMap, LineCounter, parseDocument } from 'yaml'
import { type Config, configSchema } from '../core/config.ts'
import type { NewEvent } from '../core/events.ts'
import { type Instant, iso } from '../core/ids.ts'
import type { Answer, RepositoryPort } from '../github/port.ts'
import { aliasError, type ConfigError, schemaErrors, syntaxError } from './config/config-errors.ts'
import { CONFIG_PATH } from './config/config-path.ts'

export type ConfigReading =
  | { readonly config: Config; readonly errors: readonly [] }
  | { readonly config: null; readonly errors: readonly ConfigError[] }

/** An alias may stand for much: more than this in all is refused before it is unfolded. */
const MAX_ALIASES = 100

/** Never throws, whatever the text; the errors are in the order of their lines. */
export function readConfig(text: string): ConfigReading {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  if (document.errors.length > 0)
    return { config: null, errors: document.errors.map((error) => syntaxError(error, text, lines)) }
  if (!isMap(document.contents)) return { config: null, errors: [notAMap(document.contents === null)] }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return { config: null, errors: [aliasError(error, document, lines)] }
  }
  const parsed = configSchema.safeParse(value)
  return parsed.success
    ? { config: parsed.data, errors: [] }
    : { config: null, errors: schemaErrors(parsed.error, document, lines) }
}

function notAMap(empty: boolean): ConfigError {
  const found = empty ? 'the file is empty' : 'the file is not a map of settings'
  return { line: 1, column: 1, key: '', value: '', fix: `${found}; the smallest is one line: mode: live` }
}

/** What a person reads for each error: place, key, value, what would be right. */
export function configProblems(errors: readonly ConfigError[]): string[] {
  return errors.map(({ line, column, key, value, fix }) => {
    const place = line === null ? CONFIG_PATH : `${CONFIG_PATH}:${line}:${column ?? 1}`
    const what = key && value ? `\`${key}\` is ${value}` : key ? `\`${key}\`` : value
    return [place, what, fix].filter(Boolean).join(': ')
  })
}

/** Reads a branch's file from GitHub as a fact; that there is none is a fact as well. `gone`: there is no such branch. */
export async function observeConfig(
  port: Pick<RepositoryPort, 'readFile' | 'readRef'>,
  where: { readonly branch: string; readonly defaultBranch: string; readonly source: string; readonly now: Instant },
): Promise<Answer<NewEvent<'config_changed'>>> {
  const { branch, defaultBranch, source, now } = where
  const tip = await port.readRef(`refs/heads/${branch}`)
  if (!tip.ok) return tip
  if (tip.value === null) return { ok: false, failure: 'gone', message: `there is no branch ${branch}` }
  const file = await port.readFile(CONFIG_PATH, tip.value)
  if (!file.ok) return file
  const { config, errors } = file.value ? readConfig(file.value.text) : { config: null, errors: [] }
  const payload = {
    branch,
    default_branch: branch === defaultBranch,
    blob: file.value?.blob ?? null,
    commit: tip.value,
    config,
    errors: [...errors],
  }
  return { ok: true, value: { type: 'config_changed', occurred_at: iso(now), source, payload } }
}
