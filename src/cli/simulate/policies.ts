/**
 * The policies that are laid side by side: a configuration as a file has it, the same one after the other, and with single
 * keys changed as they are given on the command line. What a key may be is the configuration's own business.
 */
import { readFile } from 'node:fs/promises'
import { configProblems, readConfig } from '../../ingest/config.ts'
import type { Policy } from '../../simulate/world.ts'
import { EXIT, Refusal } from '../exit-codes.ts'

/** Written short, for it is what is varied most. */
const SHORT: Readonly<Record<string, string>> = { slots: 'ci.slots' }

type Keys = Readonly<Record<string, unknown>>

/** `serial`, `batches` and each variant such as `slots=4,batch.max=16`; `file` undefined: `otherwise`, or the defaults. */
export async function policiesOf(
  file: string | undefined,
  variants: readonly string[],
  otherwise: object = { mode: 'live' },
): Promise<Policy[]> {
  const base = file === undefined ? { ...otherwise } : await writtenIn(file)
  return [
    policy('serial', base, ['ci.slots=1', 'batch.max=1']),
    policy('batches', base, []),
    ...variants.map((variant) => policy(variant, base, variant.split(','))),
  ]
}

async function writtenIn(file: string): Promise<Keys> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Refusal(
      EXIT.notFound,
      `${file} can not be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  const { config, errors } = readConfig(text)
  if (config === null) throw new Refusal(EXIT.usage, configProblems(errors, file).join('\n'))
  return config
}

function policy(name: string, base: Keys, settings: readonly string[]): Policy {
  const written = settings.reduce((keys, setting) => changed(keys, name, setting), base)
  // JSON is YAML: what is wrong is told as it would be of a file.
  const { config, errors } = readConfig(JSON.stringify(written))
  if (config === null)
    throw new Refusal(
      EXIT.usage,
      `policy ${name}: ${errors.map(({ key, value, fix }) => `${key} is ${value}: ${fix}`).join('; ')}`,
    )
  return { name, config: { ...config, mode: 'live' } }
}

function changed(keys: Keys, name: string, setting: string): Keys {
  const [, key = '', value = ''] = /^\s*([a-z_.]+)\s*=\s*(\S.*?)\s*$/.exec(setting) ?? []
  if (key === '')
    throw new Refusal(
      EXIT.usage,
      `policy ${name}: “${setting}” is no setting; write KEY=VALUE, as in slots=4,batch.max=16`,
    )
  return withKey(keys, (SHORT[key] ?? key).split('.'), valueOf(value))
}

function withKey(keys: Keys, [first = '', ...rest]: readonly string[], value: unknown): Keys {
  if (rest.length === 0) return { ...keys, [first]: value }
  const inner = keys[first]
  return { ...keys, [first]: withKey(typeof inner === 'object' && inner !== null ? { ...inner } : {}, rest, value) }
}

const valueOf = (text: string): unknown =>
  /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text === 'true' || text === 'false' ? text === 'true' : text
