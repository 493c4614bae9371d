/** Makes values fit to be kept: PostgreSQL refuses the character NUL and halves of surrogate pairs, JSON forgets `undefined`. */

const UNSTORABLE = /[\0\p{Cs}]/gu

/** The value as the database will give it back; what can't be kept in a string is the replacement character. */
export function storable<T>(value: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only strings change, and stay strings
  return clean(value) as T
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSTORABLE, '\uFFFD')
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : clean(item)))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(kept.map(([key, item]) => [key.replace(UNSTORABLE, '\uFFFD'), clean(item)]))
}
