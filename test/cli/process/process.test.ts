/** The program as a real process: what it refuses to start with, whom it lets beside it, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../../src/cli/exit-codes.ts'
import { runCommandLine } from '../../../src/cli/program.ts'
import { seedFolder } from '../../support/database/database.ts'
import { compileProgram, type Program, SHORT_LIVED, type Started } from '../../support/process/program.ts'

const SECRET = 'a-secret-nobody-guesses'
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A process of the program, in a working directory of its own and with no variables but those given. */
function run(cwd: string, file: Started, given: readonly string[], variables: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, [...SHORT_LIVED, program(file), ...given], {
    cwd,
    env: { PATH: process.env['PATH'], ...variables },
  })
  const told = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => (told.out += String(chunk)))
  child.stderr?.on('data', (chunk) => (told.err += String(chunk)))
  const ended: Promise<Ended> = once(child, 'close').then(([code]) => ({ code: Number(code), ...told }))
  const says = async (words: string): Promise<void> => {
    await expect.poll(() => told.out + told.err, { timeout: 50_000 }).toContain(words)
  }
  return { child, ended, says }
}

let program: Program
let folder: string
let github: Server
let answer: { status: number; body: object } | null = null
const children: ChildProcess[] = []
beforeAll(async () => {
  program = await compileProgram()
  folder = await mkdtemp(join(tmpdir(), 'keeper-process-'))
  github = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    const usual = request.url?.startsWith('/app/installations') ? [] : { id: 12345, slug: 'mainkeeper' }
    response.writeHead(answer?.status ?? 200).end(JSON.stringify(answer?.body ?? usual))
  })
  github.listen(0, '127.0.0.1')
  await once(github, 'listening')
})
afterEach(() => {
  answer = null
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  github.close()
  github.closeAllConnections()
  await rm(folder, { recursive: true })
})

const variables = (): Record<string, string> => ({
  APP_ID: '12345',
  PRIVATE_KEY: KEY,
  WEBHOOK_SECRET: SECRET,
  GITHUB_BASE_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
  HOST: '127.0.0.1',
  PORT: '0',
})

function start(file: Started = 'src/main.ts', given: readonly string[] = []) {
  const started = run(folder, file, given, variables())
  children.push(started.child)
  return started
}

function inProcess(given: readonly string[], environment: Record<string, string> = {}) {
  const told = { out: '', err: '' }
  const around = {
    variables: environment,
    out: (text: string) => void (told.out += text),
    err: (text: string) => void (told.err += text),
    input: async () => '',
    stop: new AbortController().signal,
  }
  return runCommandLine(given, around).then((code) => ({ code, ...told }))
}

describe('a process', () => {
  it('runs, lets nobody else into its folder, answers the command line beside it, and ends on SIGTERM', async () => {
    seedFolder(join(folder, '.mainkeeper'))
    const running = start()
    await running.says('"msg":"started"')
    const [second, status, rebuild] = await Promise.all([
      run(folder, 'src/cli/main.ts', ['start'], variables()).ended,
      inProcess(['status', '--folder', join(folder, '.mainkeeper')]),
      inProcess(['rebuild', '--write', '--folder', join(folder, '.mainkeeper')]),
    ])
    expect(second.code).toBe(EXIT.folderInUse)
    expect(second.err).toContain(`in use by process ${running.child.pid} on`)
    expect(status).toMatchObject({ code: EXIT.ok, out: expect.stringContaining('No repository is known yet') })
    expect(rebuild).toMatchObject({ code: EXIT.ok, out: 'The log is empty.\n' })
    running.child.kill('SIGTERM')
    const { code, out, err } = await running.ended
    expect(code).toBe(EXIT.ok)
    expect(err).toContain('"msg":"stopped"')
    expect(out + err).not.toContain(SECRET)
    expect(out + err).not.toContain(KEY.split('\n')[1])
    await expect(access(join(folder, '.mainkeeper', 'socket'))).rejects.toThrow('ENOENT')
  }, 60_000)

  it('waits for a GitHub that does not answer, and ends on SIGINT meanwhile', async () => {
    answer = { status: 503, body: {} }
    const running = start('src/cli/main.ts', ['start'])
    await running.says('GitHub can not be reached; trying again')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(EXIT.ok)
  }, 60_000)

  it('ends at once when it is told twice', async () => {
    const running = start('src/cli/main.ts', ['start', '--folder', 'twice'])
    await expect
      .poll(
        () =>
          access(join(folder, 'twice')).then(
            () => true,
            () => false,
          ),
        { timeout: 50_000 },
      )
      .toBe(true)
    running.child.kill('SIGTERM')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(EXIT.differs)
  }, 60_000)

  it('reads a .env file, and what is set already wins', async () => {
    const cwd = await mkdtemp(join(folder, 'dotenv-'))
    await writeFile(join(cwd, '.env'), `APP_ID=77\nWEBHOOK_SECRET=${SECRET}\n`)
    const { code, out, err } = await run(cwd, 'src/main.ts', [], { WEBHOOK_SECRET: 'development' }).ended
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' })
    expect(err).toContain('2 variables are missing or wrong:\n  PRIVATE_KEY: missing')
    expect(err).toContain('WEBHOOK_SECRET: the default “development”')
    expect(err).toContain('npm run demo')
  }, 60_000)
})

describe('the command line', () => {
  it('does not start with a key that is not the App’s, and shows nothing of it', async () => {
    answer = { status: 401, body: { message: 'A JSON web token could not be decoded' } }
    const stranger = join(folder, 'stranger')
    seedFolder(stranger)
    const { code, err } = await inProcess(['start', '--folder', stranger], variables())
    expect(code).toBe(EXIT.usage)
    expect(err).toContain('APP_ID (5 characters, digits only) and PRIVATE_KEY have to belong to one App')
    expect(err).not.toContain(SECRET)
    expect(err).not.toContain(KEY.split('\n')[1])
  }, 60_000)

  it('names the database that can not be reached, and not its password', async () => {
    const { code, err } = await inProcess(['status'], { DATABASE_URL: 'postgres://keeper:hunter2@127.0.0.1:1/keeper' })
    expect(code).toBe(EXIT.databaseUnavailable)
    expect(err).toContain('127.0.0.1:1/keeper')
    expect(err).not.toContain('hunter2')
  })

  it('makes no database where there is none', async () => {
    const nowhere = join(folder, 'nowhere')
    const { code, err } = await inProcess(['status', '--folder', nowhere])
    expect(code).toBe(EXIT.notFound)
    expect(err).toContain(`there is no database in ${nowhere}`)
    await expect(access(nowhere)).rejects.toThrow('ENOENT')
  })

  it.each([
    [['sing']],
    [['log', '--limit', 'many']],
    [['explain']],
    [['replay', 'rocket']],
    [['status', '--folder', 'a', '--database', 'postgres://b/c']],
  ])('ends with 2 at %j', async (given) => {
    const { code, err } = await inProcess(given)
    expect(code).toBe(EXIT.usage)
    expect(err).not.toBe('')
  })

  it('shows examples and exit codes on request', async () => {
    const whole = await inProcess(['--help'])
    expect(whole.code).toBe(EXIT.ok)
    expect(whole.out).toMatch(/Exit codes:\n {2}0 +done/)
    for (const verb of ['start', 'demo', 'explain', 'status', 'log', 'replay', 'rebuild', 'simulate', 'rehearse']) {
      const { code, out } = await inProcess([verb, '--help'])
      expect(code).toBe(EXIT.ok)
      expect(out).toMatch(/Examples:\n {2}\S/)
    }
  })
})
