/** The lock on the embedded database's folder: one process alone, a dead one's place taken without asking. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/store/connect/client.ts'
import { FolderInUse, takeFolder } from '../../../src/store/connect/folder-lock.ts'
import { processStart } from '../../../src/store/connect/process-start.ts'
import { storeOn } from '../../../src/store/store.ts'
import { seedFolder } from '../../support/database/database.ts'
import { seen } from '../../support/facts.ts'
import { compileProgram } from '../../support/process/program.ts'
import { append } from '../lane-facts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainkeeper-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const lock = (holder: object) => writeFile(join(folder, 'lock.4'), JSON.stringify({ released: false, ...holder }))

describe('the folder', () => {
  it('is refused while another process has it, which is named, and taken once that one was killed', async () => {
    const script = (await compileProgram())('test/support/process/hold-folder.ts')
    const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      const refused = await takeFolder(folder).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(FolderInUse)
      expect(refused).toMatchObject({ holder: { pid: child.pid, host: hostname() } })
      expect(String(refused)).toContain(`in use by process ${child.pid} on ${hostname()}`)
      expect(String(refused)).toContain('DATABASE_URL')
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const release = await takeFolder(folder)
    await release()
  })

  it('is refused to a second taker in the same process, until it is given back', async () => {
    const release = await takeFolder(folder)
    await expect(takeFolder(folder)).rejects.toThrow(FolderInUse)
    await release()
    await (await takeFolder(folder))()
    expect(await readdir(folder)).toHaveLength(1)
  })

  it('is taken from a process whose number was given out again', async () => {
    await lock({ host: hostname(), pid: process.pid, started: 'long ago' })
    await (await takeFolder(folder))()
    expect(await readdir(folder)).toEqual(['lock.5'])
  })

  it('is refused when its holder is on another machine, with what to do', async () => {
    await lock({ host: 'elsewhere', pid: 1, started: 'long ago' })
    await expect(takeFolder(folder)).rejects.toThrow(/process 1 on elsewhere.*delete the lock.*lock\.4/)
  })

  it('is refused when the lock is not one of ours', async () => {
    await writeFile(join(folder, 'lock.1'), 'hello')
    await expect(takeFolder(folder)).rejects.toThrow(/lock\.1 is not a lock that Mainkeeper wrote/)
  })

  it('goes to one of many that find a dead holder at once', async () => {
    await lock({ host: hostname(), pid: process.pid, started: 'long ago' })
    const takers = await Promise.allSettled(Array.from({ length: 12 }, () => takeFolder(folder)))
    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(takers.filter((taker) => taker.status === 'rejected' && !(taker.reason instanceof FolderInUse))).toEqual([])
  })

  it('keeps what was appended, and lets nobody else in while the database is open', async () => {
    seedFolder(folder)
    const first = storeOn(await openDatabase({ folder }))
    await append(first, [seen(12)])
    await expect(openDatabase({ folder })).rejects.toThrow(FolderInUse)
    await first.close()
    const second = storeOn(await openDatabase({ folder }))
    expect(await second.log.position()).toBe(1)
    expect(await second.rebuild()).toMatchObject([{ events: 1, differences: [] }])
    await second.close()
  }, 60_000)
})

describe('the start of a process', () => {
  it('is the same each time it is asked for, and empty when there is no such process', async () => {
    expect(await processStart(process.pid)).not.toBe('')
    expect(await processStart(process.pid)).toBe(await processStart(process.pid))
    expect(await processStart(process.pid)).not.toBe(await processStart(process.ppid))
    expect(await processStart(2 ** 22 + 1)).toBe('')
  })
})
