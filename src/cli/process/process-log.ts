/**
 * The log of a running process: one JSON object a line, without secrets. Fields that hold one are blanked by name, and
 * whatever looks like one is blanked wherever it stands, in messages and stacks too. It knows no event.
 */
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { withoutUnseen } from '../../core/render/escape.ts'

const NAMES = [
  'privateKey',
  'private_key',
  'webhookSecret',
  'secret',
  'token',
  'authorization',
  'signature',
  'password',
]
const BLANK = '[redacted]'

/** Keys, tokens of GitHub, JWTs, signatures, bearer headers, passwords in addresses. */
const LOOKS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, BLANK],
  [/\b(gh[a-z]_|github_pat_)[\w.-]{10,}/g, BLANK],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, BLANK],
  [/\bsha(1|256)=[0-9a-f]{40,}/g, BLANK],
  [/\b(bearer|token)\s+[\w.~+/-]{16,}=*/gi, `$1 ${BLANK}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@/"]+@/gi, `$1:${BLANK}@`],
]

export type Scrub = (text: string) => string

/** Blanks what looks like a secret, and the given ones wherever they stand: as they are, within JSON or an address, as base64. */
export function scrubbing(secrets: readonly string[]): Scrub {
  const known = secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64Of(secret)])
    .filter((secret) => secret.length > 5)
    .sort((a, b) => b.length - a.length)
  return (text) => {
    const named = known.reduce((left, secret) => left.replaceAll(secret, BLANK), text)
    return LOOKS.reduce((left, [look, blank]) => left.replace(look, blank), named)
  }
}

/** What stays the same of a text in base64, whatever comes before it and after it. */
const base64Of = (secret: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const whole = Buffer.from('x'.repeat(before) + secret)
      .toString('base64')
      .replace(/=+$/, '')
    // The first characters hold bits of what comes before, the last one may hold bits of what follows.
    const certain = whole.slice(Math.ceil((before * 8) / 6), -1)
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')]
  })

const MAX_MESSAGE = 2000

/** What is told of an error: never its other fields, for Octokit's hold headers and the database's whole payloads. */
function errorFields(error: unknown, scrub: Scrub): unknown {
  if (!(error instanceof Error)) return error
  // What is cut in the middle of a secret would not be known for one any more.
  const messages = messagesOf(error).map((message) => scrub(message).slice(0, MAX_MESSAGE))
  const [, ...frames] = (error.stack ?? '').split(/\n(?= {4}at )/)
  return {
    type: error.name,
    message: messages.join(': '),
    ...('code' in error ? { code: error.code } : {}),
    stack: frames.slice(0, 12).join('\n'),
  }
}

function messagesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 4) return []
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors.slice(0, 5) : [error.cause]
  return [error.message, ...inner.flatMap((one) => messagesOf(one, depth + 1))].filter((message) => message !== '')
}

/** A pino log that passes every line through `scrub`; it writes to `out`, else to standard error. */
export function openLog(
  level: string,
  scrub: Scrub,
  out: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  const paths = NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: BLANK },
      serializers: { err: (error) => errorFields(error, scrub) },
      formatters: {
        log: (fields) =>
          Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, errorFields(value, scrub)])),
      },
    },
    { write: (line) => out.write(withoutUnseen(scrub(line))) },
  )
}
