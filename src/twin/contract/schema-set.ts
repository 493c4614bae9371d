/**
 * JSON Schemas that refer to each other by name, compiled by ajv when first used. It knows nothing of where they come
 * from.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

export type Schema = Readonly<Record<string, unknown>>

export interface SchemaSet {
  /** What is wrong with the value, in at most six lines; nothing where it satisfies the schema. */
  problems(schema: Schema, value: unknown): string[]
}

const linesAtMost = 6

/**
 * A set of schemas; each names others by `$ref`. With `coerce`, text is taken for the number, boolean or list that is
 * asked for, and the value given is changed accordingly.
 */
export function schemaSet(schemas: Readonly<Record<string, Schema>>, options: { coerce?: boolean } = {}): SchemaSet {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateSchema: false,
    addUsedSchema: false,
    // Compiling GitHub's schemas is five times as fast when those that are referred to are not copied in.
    inlineRefs: false,
    code: { optimize: false },
    coerceTypes: options.coerce === true ? 'array' : false,
  })
  addFormats.default(ajv, ['date-time', 'date', 'uri'])
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name)
  const compiled = new Map<Schema, ValidateFunction>()
  return {
    problems(schema, value) {
      const validate = compiled.get(schema) ?? ajv.compile(schema)
      compiled.set(schema, validate)
      if (validate(value)) return []
      const lines = [...new Set((validate.errors ?? []).map(line))]
      if (lines.length <= linesAtMost) return lines
      return [...lines.slice(0, linesAtMost - 1), `and ${lines.length - linesAtMost + 1} more`]
    },
  }
}

function line(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'it' : error.instancePath.slice(1).replaceAll('/', '.')
  const details = error.keyword === 'enum' ? `: ${JSON.stringify(error.params['allowedValues'])}` : ''
  const unknown = error.keyword === 'additionalProperties' ? `: ${String(error.params['additionalProperty'])}` : ''
  return `${place} ${error.message ?? error.keyword}${details}${unknown}`
}
