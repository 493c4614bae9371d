/**
 * Finds the operation that a method and a path are, among templates such as `GET /repos/{owner}/{repo}/git/ref/{ref}`.
 * It knows nothing of what the parameters mean but that names of refs and of files hold slashes.
 */
export interface Matched {
  readonly operation: string
  readonly parameters: Record<string, string>
}

const mayHoldSlashes = new Set(['ref', 'path', 'basehead', 'branch'])

interface Template {
  readonly operation: string
  readonly method: string
  readonly pattern: RegExp
  /** How much of it is literal: the more, the better it fits. */
  readonly literal: number
}

/** A function from method and path (escaped or not) to the operation that fits best, or undefined. */
export function matcher(operations: readonly string[]): (method: string, path: string) => Matched | undefined {
  const templates = operations.map(template).sort((a, b) => b.literal - a.literal)
  return (method, path) => {
    for (const { operation, method: wanted, pattern } of templates) {
      const found = wanted === method.toUpperCase() ? pattern.exec(path) : null
      if (found) return { operation, parameters: decoded(found.groups ?? {}) }
    }
    return undefined
  }
}

function template(operation: string): Template {
  const [method = '', path = ''] = operation.split(' ')
  let literal = 0
  const pattern = path.split('/').map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name !== undefined) return `(?<${name}>${mayHoldSlashes.has(name) ? '.+' : '[^/]+'})`
    literal += 1
    return segment
  })
  return { operation, method, pattern: new RegExp(`^${pattern.join('/')}$`), literal }
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, unescaped(value)]))
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
