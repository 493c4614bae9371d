/**
 * Makes JSON Schemas that ajv understands, and few of them, out of the schemas of a published description: what is
 * not needed to validate is dropped, `nullable` becomes a union with null, what occurs twice is kept once. It knows
 * nothing of operations and webhooks.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** The published description as far as every reader of it goes. */
export interface Description {
  readonly components: { readonly [section: string]: { readonly [name: string]: JsonObject } }
}

/** Narrows a value of the description; throws where the description is not as expected. */
export function object(json: Json | undefined): JsonObject {
  if (json === null || typeof json !== 'object' || isArray(json)) throw new Error(`no object: ${JSON.stringify(json)}`)
  return json
}

/** Narrows like `object`. */
export function text(json: Json | undefined): string {
  if (typeof json !== 'string') throw new Error(`no text: ${JSON.stringify(json)}`)
  return json
}

const schemaKeys = new Set(['items', 'additionalProperties'])
const listKeys = new Set(['allOf', 'anyOf'])
const plainKeys = new Set(
  'enum required minimum maximum minLength maxLength minItems maxItems uniqueItems pattern'.split(' '),
)
// Not `email`: GitHub's own addresses of bots hold brackets. Not `uri-template`: ajv refuses some of GitHub's.
const formats = new Set(['date-time', 'date', 'uri'])
const schemaReference = '#/components/schemas/'

/** Reduces schemas and remembers which others they refer to. */
export class SchemaReducer {
  readonly #description: Description
  readonly #reduced = new Map<string, JsonObject>()
  readonly #shared = new Map<string, string>()

  constructor(description: Description) {
    this.#description = description
  }

  /** The schema as it is to be kept; all that it refers to will be in `schemas()`. */
  reduce(schema: JsonObject): JsonObject {
    const kept: { [key: string]: Json } = {}
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref') return nullable(schema, { $ref: this.#refer(text(value)) })
      if (key === 'properties') kept['properties'] = this.#each(object(value))
      else if (key === 'oneOf') kept['anyOf'] = this.#list(value)
      else if (listKeys.has(key)) kept[key] = this.#list(value)
      else if (schemaKeys.has(key)) kept[key] = typeof value === 'boolean' ? value : this.#inner(value)
      else if (plainKeys.has(key)) kept[key] = value
      else if (key === 'type') kept['type'] = value
      else if (key === 'format' && formats.has(text(value))) kept['format'] = value
    }
    return nullable(schema, kept)
  }

  /** All schemas that were referred to, by name. */
  schemas(): JsonObject {
    return Object.fromEntries([...this.#reduced].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** A schema within another one: what is not small gets a name, so that it is kept and compiled but once. */
  #inner(schema: Json): JsonObject {
    const kept = this.reduce(object(schema))
    const key = JSON.stringify(kept)
    if (key.length < 150) return kept
    const name = this.#shared.get(key) ?? `shared-${this.#shared.size + 1}`
    this.#shared.set(key, name)
    this.#reduced.set(name, kept)
    return { $ref: name }
  }

  #refer(reference: string): string {
    const name = reference.slice(schemaReference.length)
    const schema = this.#description.components['schemas']?.[name]
    if (!reference.startsWith(schemaReference) || !schema) throw new Error(`unknown reference ${reference}`)
    if (!this.#reduced.has(name)) {
      // The name is taken before the schema is reduced, for schemas that refer to themselves.
      this.#reduced.set(name, {})
      this.#reduced.set(name, this.reduce(schema))
    }
    return name
  }

  #each(schemas: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, this.#inner(schema)]))
  }

  #list(schemas: Json): readonly Json[] {
    if (!isArray(schemas)) throw new Error(`no list: ${JSON.stringify(schemas)}`)
    return schemas.map((schema) => this.#inner(schema))
  }
}

function nullable(source: JsonObject, kept: { [key: string]: Json }): JsonObject {
  if (source['nullable'] !== true) return kept
  const type = kept['type']
  if (typeof type !== 'string') return { anyOf: [kept, { type: 'null' }] }
  const values = kept['enum']
  return { ...kept, type: [type, 'null'], ...(isArray(values) ? { enum: [...new Set([...values, null])] } : {}) }
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
