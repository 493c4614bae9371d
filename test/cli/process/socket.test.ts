/** The socket of a running process: the same answers as from the store itself, for one user, cleaned up after the dead. */
import { access, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answererOn } from '../../../src/cli/answer.ts'
import { EXIT } from '../../../src/cli/exit-codes.ts'
import { type Answerer, askSocket, type SocketServer, serveSocket, socketOf } from '../../../src/cli/socket.ts'
import { append } from '../../store/lane-facts.ts'
import { openTestStore, type TestStore } from '../../support/database/database.ts'
import { approved, REPOSITORY } from '../../support/facts.ts'
import { ask, refusal } from '../asked.ts'
import { seedLane } from '../seeded-lane.ts'

let at: TestStore
let folder: string
let server: SocketServer | null = null
const errors: unknown[] = []

beforeAll(async () => {
  at = await openTestStore()
  await seedLane(at.store)
})
afterAll(() => at.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-'))
})
afterEach(async () => {
  await server?.close()
  server = null
  errors.length = 0
  await rm(folder, { recursive: true })
})

const serve = async (answer: Answerer = answererOn(at.store, true)): Promise<void> => {
  server = await serveSocket(folder, answer, (error) => errors.push(error))
}

/** Asks over the socket; null when nobody answers. */
async function over(verb: string, question: object, signal = new AbortController().signal): Promise<unknown[] | null> {
  const answers: unknown[] = []
  const request = { verb, arguments: question }
  const heard = await askSocket(
    folder,
    request,
    (part) => void (part.kind === 'answer' && answers.push(part.answer)),
    signal,
  )
  return heard ? answers : null
}

describe('the socket', () => {
  it.each([
    ['explain', { subject: `${REPOSITORY}#14` }],
    ['log', { pull: 12 }],
    ['replay', { repository: REPOSITORY }],
    ['rebuild', {}],
  ])('answers %s as the store itself does', async (verb, question) => {
    await serve()
    const strip = (answers: readonly unknown[]) =>
      JSON.parse(JSON.stringify(answers, (key, value) => (key === 'now' && typeof value === 'number' ? 0 : value)))
    expect(strip((await over(verb, question)) ?? [])).toEqual(strip((await ask(at.store, verb, question)).answers))
  })

  it('is for its own user alone, and gone after its process', async () => {
    await serve()
    const path = join(folder, 'socket')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await server?.close()
    server = null
    await expect(access(path)).rejects.toThrow('ENOENT')
    expect(await over('status', {})).toBeNull()
  })

  it('takes the place of what a dead process left', async () => {
    await writeFile(join(folder, 'socket'), '')
    await serve()
    expect(await over('status', {})).toHaveLength(1)
  })

  it('carries a refusal with its code', async () => {
    await serve()
    expect(await refusal(() => over('explain', { subject: `${REPOSITORY}#99` }))).toEqual({
      exit: EXIT.notFound,
      words: 'nothing is known of acme/rocket#99',
    })
    expect(await refusal(() => over('sing', {}))).toEqual({ exit: EXIT.usage, words: 'there is no verb sing' })
    expect((await refusal(() => over('log', { colour: 'red' }))).exit).toBe(EXIT.usage)
  })

  it('tells a bug to its own log and not to the asker', async () => {
    await serve(async () => {
      throw new Error('with a secret in it')
    })
    const refused = await refusal(() => over('status', {}))
    expect(refused).toEqual({ exit: EXIT.unexpected, words: 'the running process failed to answer: see its log' })
    expect(errors).toEqual([new Error('with a secret in it')])
  })

  it('follows the log until the asker has gone', async () => {
    let ended = false
    const inner = answererOn(at.store, true)
    await serve(async (request, tell, signal) => {
      await inner(request, tell, signal)
      ended = true
    })
    const leave = new AbortController()
    const types: string[] = []
    const asked = askSocket(
      folder,
      { verb: 'log', arguments: { follow: true, pull: 90 } },
      (part) => {
        if (part.kind !== 'answer') return
        const { lines, first } = part.answer as { first: boolean; lines: { event: { type: string } }[] }
        types.push(...lines.map(({ event }) => event.type))
        if (first) void append(at.store, [approved(90, 'rob', { review_id: 9000 })])
        else leave.abort()
      },
      leave.signal,
    )
    expect(await asked).toBe(true)
    expect(types).toEqual(['review_approved'])
    await expect.poll(() => ended).toBe(true)
  })

  it('notices an answer that was cut off', async () => {
    await serve(async (_request, tell) => {
      await tell({ kind: 'answer', answer: 1 })
      void server?.close()
      await new Promise(() => {})
    })
    expect((await refusal(() => over('status', {}))).words).toBe('the running process ended before its answer did')
    server = null
  })

  it.each([
    ['no JSON', 'status\n'],
    ['another form', '{"verb":1}\n'],
    ['more than a request has room for', `${'x'.repeat(70_000)}\n`],
  ])('refuses %s', async (_, text) => {
    await serve()
    const answer = await new Promise<string>((resolve) => {
      let heard = ''
      const socket = connect(join(folder, 'socket'), () => socket.write(text))
      socket.on('data', (chunk) => (heard += String(chunk)))
      socket.on('close', () => resolve(heard))
    })
    expect(JSON.parse(answer)).toMatchObject({ kind: 'refused', exit: EXIT.usage })
  })

  it('is not made where its name has no room', () => {
    expect(socketOf(join(folder, 'x'.repeat(200)))).toBeNull()
  })
})
