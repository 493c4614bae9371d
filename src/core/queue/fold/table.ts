/** Immutable tables of a lane's state: a row put or taken out gives a new table. It knows nothing of what is in them. */

export type Table<T> = Readonly<Record<string, T>>

export const without = <T>(table: Table<T>, key: string | number): Table<T> => {
  const { [String(key)]: _, ...rest } = table
  return rest
}

export const put = <T>(table: Table<T>, key: string | number, value: T): Table<T> => ({ ...table, [key]: value })
