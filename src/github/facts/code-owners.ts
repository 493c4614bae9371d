/**
 * `CODEOWNERS`: what a file of that name says, and whom it makes the owners of which paths. Its patterns look like gitignore's and
 * are not: no negation, no character ranges, and `docs/*` does not reach into folders; so no gitignore library fits, and the
 * few rules stand here. https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export interface OwnerRule {
  readonly pattern: string
  /** Logins, `org/slug` of teams, and e-mail addresses; empty: nobody owns what matches. */
  readonly owners: readonly string[]
}

export type CodeOwners = readonly OwnerRule[]

/** Where GitHub looks for the file, in this order; the first that there is counts. */
export const CODE_OWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const

/** The rules in their order. A line that GitHub would not understand it skips, and so is skipped here. */
export function parseCodeOwners(text: string): CodeOwners {
  return text.split(/\r?\n/).flatMap((line): OwnerRule[] => {
    // A space within a pattern is escaped; what follows a lone # is a comment.
    const [pattern, ...rest] = line.trim().match(/(?:\\.|[^\s\\])+/g) ?? []
    if (pattern === undefined || pattern.startsWith('#')) return []
    const end = rest.findIndex((word) => word.startsWith('#'))
    const owners = (end < 0 ? rest : rest.slice(0, end)).map(asOwner)
    return isPattern(pattern) && owners.every((owner) => owner !== null) ? [{ pattern, owners }] : []
  })
}

const asOwner = (word: string): string | null =>
  /^@[\w.-]+(\/[\w.-]+)?$/.test(word) ? word.slice(1) : /^[^@\s]+@[^@\s]+$/.test(word) ? word : null

const isPattern = (pattern: string): boolean => !pattern.startsWith('!') && !/[[\]]|\*{3}/.test(pattern)

interface Owned {
  /** The first path, by name, that these own together. */
  readonly file: string
  readonly owners: string[]
}

/** The sets of owners of these paths, each once: of every path the last rule that matches it counts. */
export function ownersOf(rules: CodeOwners, paths: readonly string[]): Owned[] {
  const compiled = rules.map(({ pattern, owners }) => ({ expression: expressionOf(pattern), owners })).toReversed()
  const found = new Map<string, Owned>()
  for (const file of [...paths].sort()) {
    const owners = compiled.find(({ expression }) => expression.test(file))?.owners ?? []
    const set = [...new Set(owners)].sort()
    const key = set.join(' ').toLowerCase()
    if (set.length > 0 && !found.has(key)) found.set(key, { file, owners: set })
  }
  return [...found.values()]
}

/** A pattern as an expression over whole paths from the top of the repository. */
function expressionOf(pattern: string): RegExp {
  const rooted = pattern.startsWith('/')
  const isFolder = pattern.endsWith('/')
  const parts = pattern
    .split('/')
    .filter((part, index, all) => part !== '' && !(part === '**' && all[index - 1] === '**'))
  if (parts.length === 0) return /(?!)/
  const last = parts.at(-1) ?? ''
  // A single name without a leading slash is looked for in every folder.
  const anywhere = !rooted && parts.length === 1
  const body = parts.map((part) => (part === '**' ? '**' : nameExpression(part))).reduce(joined, '')
  const start = anywhere && last !== '**' ? '(?:.*/)?' : ''
  return new RegExp(`^${start}${body}${endOf(last, isFolder)}$`)
}

/** What a pattern names as a folder it owns with all that is in it; a lone star at its end stays within its folder. */
function endOf(last: string, isFolder: boolean): string {
  if (isFolder) return '/.*'
  return last === '**' || last === '*' ? '' : '(?:/.*)?'
}

function joined(before: string, part: string, index: number, parts: readonly string[]): string {
  const isLast = index === parts.length - 1
  if (part !== '**') return `${before}${before === '' || before.endsWith('/)?') ? '' : '/'}${part}`
  if (isLast) return before === '' ? '.*' : `${before}/.*`
  return before === '' ? '(?:.*/)?' : `${before}/(?:.*/)?`
}

const nameExpression = (part: string): string =>
  part.replace(/\\(.)|\*|\?|[.+^${}()|\\]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replace(/[^\w\s]/g, '\\$&')
    if (found === '*') return '[^/]*'
    return found === '?' ? '[^/]' : `\\${found}`
  })
