/** The demo as a real process: what it ends with, what its numbers are, and that it leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compileProgram, SHORT_LIVED } from '../../support/process/program.ts'

let folder: string
let child: ChildProcess
let told: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-test-'))
  told = ''
  const program = await compileProgram()
  child = spawn(process.execPath, [...SHORT_LIVED, program('src/cli/main.ts'), 'demo'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TMPDIR: folder },
  })
  child.stdout?.on('data', (chunk) => (told += String(chunk)))
  child.stderr?.on('data', (chunk) => (told += String(chunk)))
})
afterEach(async () => {
  child.kill('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

/** What the app's lock says, once it has taken its database's folder. */
async function lock(): Promise<{ pid: number }> {
  const [file] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('lock.1'))
  return file === undefined ? { pid: 0 } : JSON.parse(await readFile(join(folder, file), 'utf8'))
}

const ending = async (): Promise<unknown> => (await once(child, 'close'))[0]

test('the demo lands nine of ten, blocks the one that breaks main, sees through a failure by chance, survives being killed, and holds the laws', async () => {
  expect(await ending(), told).toBe(0)
  const lines = told.trimEnd().split('\n')
  expect(lines.at(-1)).toBe('demo: 10 approved, 9 landed, 1 blocked, 2 follow-ups opened, laws held')
  // In batches: how many moves it takes depends on who is approved while what is tested.
  expect(lines.at(-2)).toMatch(/^main moved ([1-9]) times, \1 of them to a commit whose own tests had passed before$/)
  expect(lines.at(-3)).toMatch(/^CI failed by chance on 1 tree \([0-9a-f]{7}\) that passed when tested again$/)
  expect(told.match(/CI +fails on [0-9a-f]{7} by chance/g)).toHaveLength(1)
  const rows = lines.slice(lines.findIndex((line) => line.startsWith('PR '))).filter((line) => line.startsWith('#'))
  // Webhooks keep no order, so which of each two comes first is not promised; that the other one is told apart is.
  const state = (title: string) => rows.find((row) => row.includes(title))?.split(/ {2,}/)[2]
  expect(new Set([state('receipt'), state('its sum')])).toEqual(new Set(['blocked', 'landed']))
  expect(rows.filter((row) => row.includes('blocked'))).toHaveLength(1)
  const resumed = rows.filter((row) => /landed +[0-9a-f]{7} +#1[12]$/.test(row))
  expect(resumed).toMatchObject([expect.stringMatching(/Say hello|French/)])
  expect(told.match(/Merge pull request #/g)).toHaveLength(9)
  expect(told.match(/kills process \d+/g)).toHaveLength(1)
  expect(told.match(/listens for webhooks|runs again as process/g)).toHaveLength(2)
  expect(await readdir(folder)).toEqual([])
}, 150_000)

test.each([
  'listens for webhooks',
  // Here one part of the story waits while another approves.
  'approves #2',
])(
  'a demo that is interrupted when it told %j ends its app at once and clears away what it made',
  async (moment) => {
    await expect.poll(() => told, { timeout: 60_000 }).toContain(moment)
    const app = (await lock()).pid
    expect(app).toBeGreaterThan(0)
    child.kill('SIGINT')
    expect(await ending(), told).toBe(130)
    expect(() => process.kill(app, 0)).toThrow('ESRCH')
    expect(await readdir(folder)).toEqual([])
  },
  90_000,
)
