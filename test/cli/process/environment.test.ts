/** The environment: what is read, and how everything that is wrong with it is told without a secret. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../../src/cli/exit-codes.ts'
import { readSettings, readStorage, shapeOf, type Variables } from '../../../src/cli/process/environment.ts'
import { refusal } from '../asked.ts'

const rsa = (type: 'pkcs1' | 'pkcs8'): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type, format: 'pem' }).toString()
const KEY = rsa('pkcs1')
const SECRET = 'a-secret-nobody-guesses'
const GOOD: Variables = { APP_ID: '12345', PRIVATE_KEY: KEY, WEBHOOK_SECRET: SECRET }

const wrong = (variables: Variables) => refusal(() => readSettings(variables))

describe('the environment', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keeper-env-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('needs three variables, and has a default for all others', () => {
    expect(readSettings(GOOD)).toEqual({
      app: { id: 12345, privateKey: KEY.trim(), webhookSecret: SECRET },
      storage: { folder: resolve('.mainkeeper') },
      baseUrl: null,
      listen: { host: 'localhost', port: 3000 },
      logLevel: 'info',
    })
  })

  it.each([
    ['with its line ends written out', KEY.replaceAll('\n', '\\n')],
    ['in quotes', `"${KEY.replaceAll('\n', '\\n')}"`],
    ['as base64', Buffer.from(KEY).toString('base64')],
    ['as base64 in lines', Buffer.from(KEY).toString('base64').replace(/.{76}/g, '$&\n')],
    ['with white space around it', `\n${KEY}\n\n`],
  ])('takes a key %s', (_, given) => {
    expect(readSettings({ ...GOOD, PRIVATE_KEY: given }).app.privateKey).toBe(KEY.trim())
  })

  it('takes a key of the newer form, and one from a file', async () => {
    const pkcs8 = rsa('pkcs8')
    expect(readSettings({ ...GOOD, PRIVATE_KEY: pkcs8 }).app.privateKey).toBe(pkcs8.trim())
    const file = join(folder, 'key.pem')
    await writeFile(file, pkcs8)
    expect(readSettings({ ...GOOD, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: file }).app.privateKey).toBe(pkcs8.trim())
  })

  it('takes a client id for the App’s number', () => {
    expect(readSettings({ ...GOOD, APP_ID: 'Iv23liAbCdEf' }).app.id).toBe('Iv23liAbCdEf')
  })

  it.each([
    [{ GHE_HOST: 'github.example.com' }, 'https://github.example.com/api/v3'],
    [{ GITHUB_BASE_URL: 'http://127.0.0.1:4000' }, 'http://127.0.0.1:4000'],
  ])('finds GitHub by %o', (variables, baseUrl) => {
    expect(readSettings({ ...GOOD, ...variables }).baseUrl).toBe(baseUrl)
  })

  it('tells everything that is missing at once, where to get it, and that the demo needs nothing', async () => {
    const { exit, words } = await wrong({})
    expect(exit).toBe(EXIT.usage)
    expect(words).toMatchInlineSnapshot(`
      "3 variables are missing or wrong:
        APP_ID: missing
          wanted: the number of the App, or its client id
          get it: the App’s settings page, General, “App ID”
          page:   https://docs.github.com/apps/creating-github-apps/registering-a-github-app/registering-a-github-app
        PRIVATE_KEY: missing
          wanted: an RSA private key as PEM
          get it: the App’s settings page, General, “Private keys”, “Generate a private key”; or name its file in PRIVATE_KEY_PATH
          page:   https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps
        WEBHOOK_SECRET: missing
          wanted: the secret that GitHub signs webhooks with
          get it: a long random text of your own, the same as on the App’s settings page under “Webhook secret”
          page:   https://docs.github.com/apps/creating-github-apps/registering-a-github-app/using-webhooks-with-github-apps

      To see Mainkeeper at work without any of them: npm run demo"
    `)
  })

  it.each<[string, Variables, string[]]>([
    [
      'the default secret',
      { WEBHOOK_SECRET: 'development' },
      ['WEBHOOK_SECRET: the default “development”', 'known to everybody'],
    ],
    ['an empty secret', { WEBHOOK_SECRET: '' }, ['WEBHOOK_SECRET: missing']],
    [
      'a secret with a line end',
      { WEBHOOK_SECRET: `${SECRET}\n` },
      ['WEBHOOK_SECRET: 24 characters, white space at an end'],
    ],
    ['a number that is none', { APP_ID: 'my app' }, ['APP_ID: 6 characters', 'the number of the App']],
    [
      'a key that is cut off',
      { PRIVATE_KEY: KEY.slice(0, 900) },
      ['PRIVATE_KEY: 900 characters in', 'begins with “-----BEGIN”', 'RSA'],
    ],
    ['a key that is none', { PRIVATE_KEY: 'hunter2hunter2' }, ['PRIVATE_KEY: 14 characters, letters and digits']],
    [
      'a file that is not there',
      { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/nowhere/key.pem' },
      ['PRIVATE_KEY_PATH: a file that can not be read (ENOENT)'],
    ],
    [
      'a database of another kind',
      { DATABASE_URL: 'mysql://root:hunter2@db/x' },
      ['DATABASE_URL: 25 characters', 'postgres://'],
    ],
    ['a port out of range', { PORT: '70000' }, ['PORT: 5 characters, digits only', '0 to 65535']],
    ['an unknown level', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL: 4 characters', 'trace, debug']],
    [
      'an address that is none',
      { GITHUB_BASE_URL: 'github.example.com' },
      ['GITHUB_BASE_URL: 18 characters', 'https://github.example.com/api/v3'],
    ],
    [
      'two addresses',
      { GITHUB_BASE_URL: 'https://a.example', GHE_HOST: 'b.example' },
      ['GHE_HOST: set beside GITHUB_BASE_URL'],
    ],
  ])('refuses %s, by its shape', async (_, variables, told) => {
    const { exit, words } = await wrong({ ...GOOD, ...variables })
    expect(exit).toBe(EXIT.usage)
    for (const part of told) expect(words).toContain(part)
    expect(words).toMatch(/^One variable is/)
  })

  it('never shows a secret, whatever is wrong', async () => {
    const { words } = await wrong({
      APP_ID: SECRET,
      PRIVATE_KEY: KEY.slice(0, 900),
      WEBHOOK_SECRET: ` ${SECRET}`,
      DATABASE_URL: `redis://keeper:${SECRET}@db`,
      GITHUB_BASE_URL: SECRET,
      PORT: SECRET,
      LOG_LEVEL: SECRET,
    })
    expect(words).toMatch(/^7 variables are/)
    expect(words).not.toContain(SECRET)
    for (const line of KEY.split('\n').slice(1, -2)) expect(words).not.toContain(line)
  })

  it('lets the command line overrule where the store is', async () => {
    const variables = { ...GOOD, DATABASE_URL: 'postgres://db/keeper' }
    expect(readStorage(variables)).toEqual({ url: 'postgres://db/keeper' })
    expect(readStorage(variables, { folder })).toEqual({ folder })
    expect(readSettings(GOOD, { database: 'postgres://other/keeper' }).storage).toEqual({
      url: 'postgres://other/keeper',
    })
    expect((await refusal(() => readStorage({}, { folder, database: 'postgres://db/x' }))).exit).toBe(EXIT.usage)
  })

  it.each([
    [undefined, 'missing'],
    ['abc123', '6 characters, letters and digits'],
    ['-----BEGIN X-----\nabc', '21 characters in 2 lines, begins with “-----BEGIN”'],
  ])('tells the shape of %j', (value, shape) => {
    expect(shapeOf(value)).toBe(shape)
  })
})
