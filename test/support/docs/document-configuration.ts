/**
 * Writes `docs/configuration.md` and the JSON Schema for editors from the schema of `.github/mainkeeper.yml`. The prose
 * around the tables is the only thing that it adds.
 */
import { stringify } from 'yaml'
import { z } from 'zod'
import { configSchema } from '../../../src/core/config.ts'
import { type Schema, wordsFor } from './schema-words.ts'

const schema: Schema = JSON.parse(configurationSchema())

interface Setting {
  readonly key: string
  readonly field: Schema
  readonly value: unknown
}

/** The JSON Schema of the file, for editors. */
export function configurationSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input' })
  return `${JSON.stringify({ $schema, title: '.github/mainkeeper.yml', ...rest }, null, 2)}\n`
}

export function documentConfiguration(): string {
  const defaults = configSchema.parse({ mode: 'live' })
  const { mode, ...others } = defaults
  const whole = { mode, targets: ['main'], ...others }
  const settings = flatten(schema, defaults, '')
  const rows = settings.map(
    ({ key, field, value }) => `| \`${key}\` | ${wordsFor(field)} | ${told(key, value)} | ${field.description ?? ''} |`,
  )
  return `${[
    '# Configuration',
    'Generated from `src/core/config.ts` by `npm run docs`; `npm run check` fails when it is out of date.',
    'The file is `.github/mainkeeper.yml`. A repository without it is left alone. `mode` and `targets` are read from the default branch; everything else from the target branch itself where it has a file of its own. A pull request never changes the rules that it is judged by; one that changes the file is told in its check run what would be wrong with it. A broken file changes nothing: the last good one stays in force, and a check run on its commit names the line, the key, the value and what would be right. `mainkeeper config check <file>` says the same before you push.',
    '## The smallest file',
    '```yaml\nmode: live\n```',
    '## Every key',
    ['| key | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n'),
    'A duration is a number with its unit: `90s`, `10m`, `2h`, `1d`. An unknown key is an error.',
    '## The same as a file, with every default written out',
    `\`\`\`yaml\n${stringify(whole, { lineWidth: 100 })}\`\`\``,
    'Editors check the file against [config.schema.json](config.schema.json).',
  ].join('\n\n')}\n`
}

function flatten(object: Schema, values: Record<string, unknown>, prefix: string): Setting[] {
  return Object.entries(object.properties ?? {}).flatMap(([name, field]) => {
    const value = values[name]
    const key = `${prefix}${name}`
    return field.properties
      ? flatten(field, z.record(z.string(), z.unknown()).parse(value), `${key}.`)
      : [{ key, field, value }]
  })
}

function told(key: string, value: unknown): string {
  if (schema.required?.includes(key)) return 'has to be said'
  return value === undefined ? '–' : `\`${JSON.stringify(value).replace(/^"|"$/g, '')}\``
}
