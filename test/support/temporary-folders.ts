/**
 * Where a run's temporary folders lie: in memory where the machine has room there, because making and removing the thousand
 * files of a database costs a disk more than most tests cost. It knows nothing of what is in them.
 */
import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './database/postgres-server.ts'

const MEMORY = '/dev/shm'
const PREFIX = 'mainkeeper-tests-'
/** What `statfs` calls a file system that is in memory. */
const TMPFS = 0x01021994
const ROOM = 1 << 30

/** Has this process and those that it starts put temporary folders in memory; returns what clears that away. */
export async function keepTemporaryInMemory(): Promise<() => Promise<void>> {
  if (process.env['TMPDIR'] !== undefined || !(await hasRoom())) return async () => {}
  await removeOrphans()
  const folder = await mkdtemp(join(MEMORY, `${PREFIX}${process.pid}-`))
  // A PostgreSQL that a test starts runs as another user, who has to get in.
  await chmod(folder, 0o755)
  process.env['TMPDIR'] = folder
  return () => rm(folder, { recursive: true, force: true })
}

async function hasRoom(): Promise<boolean> {
  const found = await statfs(MEMORY).catch(() => null)
  return found?.type === TMPFS && found.bavail * found.bsize >= ROOM
}

/** What runs that were killed left behind; the names tell their processes. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(MEMORY)) {
    const parent = Number(/^(\d+)-/.exec(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '')?.[1] ?? 0)
    if (parent !== 0 && !isAlive(parent)) await rm(join(MEMORY, name), { recursive: true, force: true })
  }
}
