/**
 * Says in a word or two what a value of a JSON Schema looks like, for tables that people read. It knows JSON Schema as
 * zod writes it, and nothing of events or configuration.
 */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly pattern?: string
}

/** Strings of a known form, by the pattern that they are checked with. */
const FORMS: Readonly<Record<string, string>> = {
  '^[a-z][a-z0-9_]*$': 'code',
  '^\\d+(s|m|h|d)$': 'duration',
}

/** The shape of a value in Markdown: `sha`, `yes | no | unknown`, list of …, … or null. */
export function wordsFor(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replace(/"/g, '')}\``
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' \\| ')
  if (schema.anyOf) return schema.anyOf.map(wordsFor).join(' or ')
  if (typeof schema.type === 'object') return schema.type.join(' or ')
  switch (schema.type ?? 'anything') {
    case 'array':
      return `list of ${schema.items ? wordsFor(schema.items) : 'anything'}${schema.minItems ? ', never empty' : ''}`
    case 'object':
      return objectWords(schema)
    case 'integer':
      return `integer${bounds(schema)}`
    case 'boolean':
      return '`true` \\| `false`'
    case 'string':
      return FORMS[schema.pattern ?? ''] ?? 'string'
    default:
      return String(schema.type)
  }
}

function objectWords({ properties, additionalProperties }: Schema): string {
  if (properties) return `{ ${Object.keys(properties).join(', ')} }`
  return typeof additionalProperties === 'object' ? `map to ${wordsFor(additionalProperties)}` : 'object'
}

function bounds({ minimum, maximum }: Schema): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  if (low !== undefined && high !== undefined) return ` ${low}–${high}`
  if (low !== undefined) return ` ≥ ${low}`
  return high === undefined ? '' : ` ≤ ${high}`
}
