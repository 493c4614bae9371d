/**
 * Sees to it that one process alone has the embedded database's folder open: two would lose each other's writes without an
 * error. Locks are numbered, `lock.1`, `lock.2` …; the highest counts and none is ever written twice, so that two processes
 * which both find a dead holder can't both take its place. It knows nothing of databases.
 */
import { link, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { processStart } from './process-start.ts'

const holderSchema = z.object({ host: z.string(), pid: z.int(), started: z.string(), released: z.boolean() })
export type Holder = z.infer<typeof holderSchema>

/** Another process has the folder open, or may have. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
  readonly holder: Holder

  constructor(folder: string, file: string, holder: Holder, reason: string) {
    super(
      `the database in ${folder} is in use by process ${holder.pid} on ${holder.host}, started ${holder.started}${reason}; ` +
        `stop it, use another folder, or set DATABASE_URL for more than one process (lock: ${file})`,
    )
    this.holder = holder
  }
}

/** Takes the folder for this process, from a dead holder too; throws `FolderInUse`. The answer gives it back. */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const us: Holder = { host: hostname(), pid: process.pid, started: await processStart(process.pid), released: false }
  for (;;) {
    const latest = (await locks(folder)).at(-1) ?? 0
    if (latest > 0) {
      const file = lockFile(folder, latest)
      const holder = await read(file)
      // Gone since it was listed: somebody else took the folder.
      if (holder === null) continue
      await refuseIfHeld(folder, file, holder)
    }
    const mine = latest + 1
    if (!(await create(folder, mine, us))) continue
    const all = await locks(folder)
    if (all.at(-1) !== mine) {
      await forget(lockFile(folder, mine))
      continue
    }
    for (const older of all.slice(0, -1)) await forget(lockFile(folder, older))
    return () => put(folder, mine, { ...us, released: true })
  }
}

async function refuseIfHeld(folder: string, file: string, holder: Holder): Promise<void> {
  if (holder.released) return
  if (holder.host !== hostname())
    throw new FolderInUse(folder, file, holder, ' (another machine: if that process is gone, delete the lock)')
  if ((await processStart(holder.pid)) === holder.started) throw new FolderInUse(folder, file, holder, '')
}

const lockFile = (folder: string, number: number): string => join(folder, `lock.${number}`)

async function locks(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0))
  return numbers.filter((number) => number > 0).sort((a, b) => a - b)
}

async function read(file: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw new Error(`${file} is not a lock that Mainkeeper wrote; if no process uses the folder, delete it`, {
      cause: error,
    })
  }
}

/** Makes the lock with its content in one step, so that nobody reads half of it; false when it is there already. */
async function create(folder: string, number: number, holder: Holder): Promise<boolean> {
  const draft = draftIn(folder)
  await writeFile(draft, JSON.stringify(holder))
  try {
    await link(draft, lockFile(folder, number))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await forget(draft)
  }
}

async function put(folder: string, number: number, holder: Holder): Promise<void> {
  const draft = draftIn(folder)
  await writeFile(draft, JSON.stringify(holder))
  await rename(draft, lockFile(folder, number))
}

async function forget(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error
  })
}

let drafts = 0
const draftIn = (folder: string): string => join(folder, `.lock-${process.pid}-${drafts++}`)

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
