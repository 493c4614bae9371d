/** Sessions that idle in a transaction: the run on a fast clock ends them when PostgreSQL would. */
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { cloneTemplate } from '../support/database/database.ts'
import { endIdleSessions, idleTimeoutOf } from './chaos/idle-sessions.ts'

let clone: { url: string; drop: () => Promise<void> }
let client: postgres.Sql
const hasPostgres = inject('postgresTemplate') !== null
beforeAll(async () => {
  if (!hasPostgres) return
  clone = await cloneTemplate()
  client = postgres(clone.url, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await client?.end({ timeout: 5 })
  await clone?.drop()
})

const LOCK = 815

const isLocked = async (): Promise<boolean> =>
  (await client`select from pg_locks where locktype = 'advisory' and objid = ${LOCK}`).length > 0

test.runIf(hasPostgres)('chaos: a session that idles in a transaction is ended, and with it its locks', async () => {
  const paused = postgres(clone.url, { max: 1, onnotice: () => {} })
  const idle = postgres(clone.url, { max: 1, onnotice: () => {} })
  try {
    await idle`select 1`
    await paused.unsafe(`begin`)
    await paused.unsafe(`select pg_advisory_xact_lock(${LOCK})`)
    await endIdleSessions(client, await idleTimeoutOf(clone.url))
    expect(await isLocked()).toBe(true)
    const [before] = await idle`select pg_backend_pid() as pid`
    await endIdleSessions(client, 0)
    await expect.poll(isLocked).toBe(false)
    expect((await idle`select pg_backend_pid() as pid`)[0]).toEqual(before)
  } finally {
    await Promise.all([paused.end({ timeout: 0 }), idle.end({ timeout: 5 })])
  }
})
