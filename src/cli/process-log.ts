/**
 * The log of a running process: one JSON object a line, without secrets. Fields that hold one are blanked by name, and
 * whatever looks like one is blanked wherever it stands, in messages and stacks too. It knows no event.
 */
import { type DestinationStream, destination, type Logger, pino } from 'pino'

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

/** Blanks what looks like a secret, and the given ones wherever they stand, as they are or within JSON. */
export function scrubbing(secrets: readonly string[]): Scrub {
  const known = secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .filter((secret) => secret.length > 5)
    .sort((a, b) => b.length - a.length)
  return (text) => {
    const named = known.reduce((left, secret) => left.replaceAll(secret, BLANK), text)
    return LOOKS.reduce((left, [look, blank]) => left.replace(look, blank), named)
  }
}

/** A pino log that passes every line through `scrub`; it writes to `out`, else to standard error. */
export function openLog(
  level: string,
  scrub: Scrub,
  out: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  const paths = NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: BLANK } },
    { write: (line) => out.write(scrub(line)) },
  )
}
