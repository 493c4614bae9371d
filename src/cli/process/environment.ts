/**
 * The environment: every variable that Mainkeeper reads, what it has to look like and where to get it. All that is wrong is
 * told at once, by the shape of what was given and never by its content.
 */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { EXIT, Refusal } from '../exit-codes.ts'
import { readPrivateKey } from './private-key.ts'
import { DEFAULT_SECRET, passwordsIn } from './secrets.ts'

export type Variables = Readonly<Record<string, string | undefined>>
/** Where the store is: PostgreSQL by its address, or the folder of the embedded database. */
export type Storage = { readonly url: string } | { readonly folder: string }
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export interface Settings {
  readonly app: { readonly id: number | string; readonly privateKey: string; readonly webhookSecret: string }
  readonly storage: Storage
  /** Null: github.com. */
  readonly baseUrl: string | null
  readonly listen: { readonly host: string; readonly port: number }
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/** What the command line says instead of the environment. */
export interface StorageOptions {
  readonly database?: string | undefined
  readonly folder?: string | undefined
}

interface Guide {
  /** Where a person gets the right value. */
  readonly from: string
  readonly page: string | null
}

const DOCS = 'https://docs.github.com/apps/creating-github-apps'
const GUIDES: Readonly<Record<string, Guide>> = {
  APP_ID: {
    from: 'the App’s settings page, General, “App ID”',
    page: `${DOCS}/registering-a-github-app/registering-a-github-app`,
  },
  PRIVATE_KEY: {
    from: 'the App’s settings page, General, “Private keys”, “Generate a private key”; or name its file in PRIVATE_KEY_PATH',
    page: `${DOCS}/authenticating-with-a-github-app/managing-private-keys-for-github-apps`,
  },
  PRIVATE_KEY_PATH: {
    from: 'the file that “Generate a private key” on the App’s settings page downloaded',
    page: `${DOCS}/authenticating-with-a-github-app/managing-private-keys-for-github-apps`,
  },
  WEBHOOK_SECRET: {
    from: 'a long random text of your own, the same as on the App’s settings page under “Webhook secret”',
    page: `${DOCS}/registering-a-github-app/using-webhooks-with-github-apps`,
  },
  GITHUB_BASE_URL: {
    from: 'leave it out for github.com',
    page: 'https://docs.github.com/enterprise-server/rest/overview',
  },
  GHE_HOST: { from: 'leave it out for github.com', page: 'https://docs.github.com/enterprise-server/rest/overview' },
  DATABASE_URL: {
    from: 'your PostgreSQL; leave it out for the embedded database',
    page: 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS',
  },
}
const ANYWHERE: Guide = { from: 'leave it out for the default', page: null }

/** One thing that is wrong with the environment, without its content. */
export interface Problem {
  readonly variable: string
  readonly given: string
  readonly wanted: string
}

const trimmed = z.string().refine((text) => text === text.trim(), 'a value without white space at its ends')
const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535)
const web = z.url({ protocol: /^https?$/ })

const storageSchema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'an address such as postgres://user:password@host:5432/name' })
    .refine((url) => passwordsIn(url) !== null, 'a password in which a “%” is written %25')
    .optional(),
  MAINKEEPER_FOLDER: z.string().default('.mainkeeper'),
})

const settingsSchema = storageSchema.extend({
  APP_ID: trimmed.regex(/^(\d+|Iv[\w.]+)$/, 'the number of the App, or its client id'),
  PRIVATE_KEY: z.string().transform((given, context) => {
    const key = readPrivateKey(given)
    if (key === null) context.addIssue('an RSA private key as PEM; line ends may be written \\n, or all of it base64')
    return key ?? z.NEVER
  }),
  WEBHOOK_SECRET: trimmed.refine(
    (secret) => secret !== DEFAULT_SECRET,
    'a secret of your own; “development” is known to everybody',
  ),
  GITHUB_BASE_URL: web.optional(),
  GHE_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d+)?$/, 'a host name alone')
    .optional(),
  PORT: z.string().default('3000').pipe(port),
  HOST: trimmed.default('localhost'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
})

const WANTED: Readonly<Record<string, string>> = {
  APP_ID: 'the number of the App, or its client id',
  PRIVATE_KEY: 'an RSA private key as PEM',
  WEBHOOK_SECRET: 'the secret that GitHub signs webhooks with',
  GITHUB_BASE_URL: 'an address such as https://github.example.com/api/v3',
  PORT: 'a number from 0 to 65535',
  LOG_LEVEL: LOG_LEVELS.join(', '),
}

/** Reads `.env` in the working directory, if there is one, and gives the environment; what is set already wins. */
export function loadVariables(): Variables {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return process.env
}

/** Where the store is, for verbs that need nothing else; throws a `Refusal`. */
export function readStorage(variables: Variables, options: StorageOptions = {}): Storage {
  if (options.folder !== undefined && options.database !== undefined)
    throw new Refusal(EXIT.usage, '--database and --folder exclude each other: give one')
  const given = withOptions(variables, options)
  const parsed = storageSchema.safeParse(given)
  if (!parsed.success) throw refusal(problemsOf(parsed.error, given))
  return storageOf(parsed.data)
}

/** Everything that `start` needs; throws a `Refusal` that lists all that is wrong. */
export function readSettings(variables: Variables, options: StorageOptions = {}): Settings {
  const given = withOptions(variables, options)
  const { key, problem } = givenKey(given)
  const parsed = settingsSchema.safeParse({ ...given, PRIVATE_KEY: key })
  const problems = parsed.success ? [] : problemsOf(parsed.error, { ...given, PRIVATE_KEY: key })
  if (problem)
    problems.splice(0, problems.length, ...problems.filter(({ variable }) => variable !== 'PRIVATE_KEY'), problem)
  if (given['GITHUB_BASE_URL'] !== undefined && given['GHE_HOST'] !== undefined)
    problems.push({ variable: 'GHE_HOST', given: 'set beside GITHUB_BASE_URL', wanted: 'one of the two' })
  if (!parsed.success || problems.length > 0) throw refusal(problems)
  const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, GITHUB_BASE_URL, GHE_HOST, PORT, HOST, LOG_LEVEL } = parsed.data
  return {
    app: { id: /^\d+$/.test(APP_ID) ? Number(APP_ID) : APP_ID, privateKey: PRIVATE_KEY, webhookSecret: WEBHOOK_SECRET },
    storage: storageOf(parsed.data),
    baseUrl: GITHUB_BASE_URL ?? (GHE_HOST === undefined ? null : `https://${GHE_HOST}/api/v3`),
    listen: { host: HOST, port: PORT },
    logLevel: LOG_LEVEL,
  }
}

/** An empty variable is none: that is how compose files and CI leave one out. */
function withOptions(variables: Variables, { database, folder }: StorageOptions): Record<string, string | undefined> {
  const set = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value === '' ? undefined : value]),
  )
  if (database !== undefined) return { ...set, DATABASE_URL: database }
  return folder === undefined ? set : { ...set, DATABASE_URL: undefined, MAINKEEPER_FOLDER: folder }
}

const storageOf = (data: z.infer<typeof storageSchema>): Storage =>
  data.DATABASE_URL === undefined ? { folder: resolve(data.MAINKEEPER_FOLDER) } : { url: data.DATABASE_URL }

/** PRIVATE_KEY itself, or what stands in the file of PRIVATE_KEY_PATH. */
function givenKey(given: Variables): { key: string | undefined; problem?: Problem } {
  const path = given['PRIVATE_KEY_PATH']
  if (given['PRIVATE_KEY'] !== undefined || path === undefined) return { key: given['PRIVATE_KEY'] }
  const variable = 'PRIVATE_KEY_PATH'
  try {
    const key = readFileSync(path, 'utf8')
    if (readPrivateKey(key) !== null) return { key }
    return {
      key: undefined,
      problem: { variable, given: `a file that is ${shapeOf(key)}`, wanted: 'an RSA private key as PEM' },
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return {
      key: undefined,
      problem: { variable, given: `a file that can not be read (${code})`, wanted: 'the file of the key' },
    }
  }
}

function problemsOf(error: z.ZodError, given: Variables): Problem[] {
  const first = new Map<string, Problem>()
  for (const issue of error.issues) {
    const variable = String(issue.path[0])
    const value = given[variable]
    const wanted = issue.code === 'custom' || issue.code === 'invalid_format' ? issue.message : ''
    const told =
      value === undefined || wanted === '' || wanted.startsWith('Invalid')
        ? (WANTED[variable] ?? issue.message)
        : wanted
    if (!first.has(variable)) first.set(variable, { variable, given: shapeOf(value), wanted: told })
  }
  return [...first.values()]
}

/** What a value looks like, so that its giver can tell which one it is, and nobody else learns it. */
export function shapeOf(value: string | undefined): string {
  if (value === undefined) return 'missing'
  if (value === DEFAULT_SECRET) return 'the default “development”'
  const lines = value.trim().split(/\r?\n/).length
  const begins = value.trimStart().startsWith('-----BEGIN') ? ', begins with “-----BEGIN”' : `, ${alphabetOf(value)}`
  return `${value.length} characters${lines > 1 ? ` in ${lines} lines` : ''}${begins}`
}

function alphabetOf(value: string): string {
  if (/^\d+$/.test(value)) return 'digits only'
  if (/^[a-z0-9]+$/i.test(value)) return 'letters and digits'
  return value === value.trim() ? 'other characters too' : 'white space at an end'
}

function refusal(problems: readonly Problem[]): Refusal {
  const told = problems.flatMap(({ variable, given, wanted }) => {
    const { from, page } = GUIDES[variable] ?? ANYWHERE
    return [
      `  ${variable}: ${given}`,
      `    wanted: ${wanted}`,
      `    get it: ${from}`,
      ...(page === null ? [] : [`    page:   ${page}`]),
    ]
  })
  const many = problems.length === 1 ? 'One variable is' : `${problems.length} variables are`
  return new Refusal(
    EXIT.usage,
    [`${many} missing or wrong:`, ...told, '', 'To see Mainkeeper at work without any of them: npm run demo'].join(
      '\n',
    ),
  )
}
