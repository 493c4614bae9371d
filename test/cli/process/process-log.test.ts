/** The log of a process: whatever is written into it, no secret comes out. */
import { describe, expect, it } from 'vitest'
import { openLog, scrubbing } from '../../../src/cli/process/process-log.ts'

const SECRET = 'line one\nof "a secret"'
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----'

function written(write: (log: ReturnType<typeof openLog>) => void): string {
  let text = ''
  write(openLog('trace', scrubbing([SECRET]), { write: (line) => void (text += line) }))
  return text
}

describe('the log of a process', () => {
  it.each<[string, string, object | string]>([
    ['a field named for a secret', 'abcdefgh', { app: { webhookSecret: 'abcdefgh' } }],
    ['a token deep down', 'abcdefgh', { a: { b: { token: 'abcdefgh' } } }],
    ['the process’s own secret in a message', 'of \\"a secret', `failed with ${SECRET}`],
    ['a key in a message', 'MIIEpAIBAAKCAQEA7', `key ${PEM} refused`],
    [
      'an installation token',
      'ghs_16C7e42F292c6912E7',
      { url: 'https://x-access-token:ghs_16C7e42F292c6912E7@github.com' },
    ],
    ['a signature', 'a'.repeat(64), `signature sha256=${'a'.repeat(64)}`],
    ['a JWT', 'eyJhbGciOiJSUzI1NiJ9', 'sent eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl'],
    ['a bearer header', 'abcdefghijklmnopqrst', { headers: 'Authorization: Bearer abcdefghijklmnopqrst' }],
    ['a password in an address', 'hunter2', { url: 'postgres://keeper:hunter2@db:5432/keeper' }],
  ])('blanks %s', (_, secret, what) => {
    const text = written((log) => (typeof what === 'string' ? log.info(what) : log.info(what, 'said')))
    expect(text).not.toContain(secret)
    expect(text).toContain('[redacted]')
    expect(() => JSON.parse(text)).not.toThrow()
  })

  it('blanks a secret in the message and the stack of an error', () => {
    const text = written((log) => log.error({ err: new Error(`connect failed: ${PEM}`) }, 'no'))
    expect(text).not.toContain('MIIEpAIBAAKCAQEA7')
    expect(JSON.parse(text)).toMatchObject({ err: { type: 'Error' } })
  })

  it('leaves commits, addresses and plain words as they are', () => {
    const line = {
      sha: 'b12'.repeat(14).slice(0, 40),
      url: 'https://github.com/acme/rocket/pull/12',
      words: 'a token: gone',
    }
    expect(JSON.parse(written((log) => log.info(line, 'said')))).toMatchObject(line)
  })
})
