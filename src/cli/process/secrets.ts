/** Which texts of an environment and a command line are secrets: what may stand in no message, whatever is wrong. It blanks nothing. */
/** What Probot takes for a secret where none is set. */
export const DEFAULT_SECRET = 'development'

/** `given`: the command line, on which a database's address may stand as well. */
export const secretsIn = (
  variables: Readonly<Record<string, string | undefined>>,
  given: readonly string[] = [],
): string[] =>
  [
    ...['WEBHOOK_SECRET', 'PRIVATE_KEY'].flatMap((name) => variables[name] ?? []),
    ...[variables['DATABASE_URL'] ?? '', ...given].flatMap((text) => passwordsIn(text) ?? []),
  ].filter((secret) => secret !== DEFAULT_SECRET)

/** The environment for a program that is none of ours, such as the tests of a repository's old commits. */
export const withoutSecrets = (variables: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !OWN.has(name)))

const OWN: ReadonlySet<string> = new Set(['WEBHOOK_SECRET', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'DATABASE_URL'])

/** The password in an address, as it is written and as it is meant; null when the one can't be told from the other. */
export function passwordsIn(address: string): string[] | null {
  const [, written] = /:\/\/[^/?#:@]*:([^/?#]*)@/.exec(address) ?? []
  try {
    return written === undefined ? [] : [written, decodeURIComponent(written)]
  } catch {
    return null
  }
}
