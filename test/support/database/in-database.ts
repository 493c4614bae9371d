/** A short connection to a PostgreSQL, for what is done around the tests: databases made and dropped. */
import postgres from 'postgres'

export async function inDatabase<T>(url: string, work: (client: postgres.Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(client)
  } finally {
    await client.end({ timeout: 5 })
  }
}
