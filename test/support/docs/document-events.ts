/** Writes `docs/events.md` from the event catalogue. It adds no fact of its own about any event. */
import { z } from 'zod'
import type { Kind } from '../../../src/core/events/definition.ts'
import { checkResult, evidence } from '../../../src/core/events/shapes.ts'
import { catalogue, type EventType, eventTypes, taxonomyOf } from '../../../src/core/events.ts'
import { login, pullNumber, repositoryName, sha, timestamp } from '../../../src/core/ids.ts'
import { type Schema, wordsFor } from './schema-words.ts'

const KINDS: readonly { readonly kind: Kind; readonly title: string; readonly words: string }[] = [
  {
    kind: 'occurrence',
    title: 'Occurrences',
    words:
      'Something happened, and GitHub or our command line gave it an id. The id and the type are its key, so that a webhook, its repeat and a sweep make one event.',
  },
  {
    kind: 'observation',
    title: 'Observations',
    words:
      'The state of one thing. It is appended when it differs from the last recorded state of that thing, and only then; times and the fields named as left out are not compared.',
  },
  {
    kind: 'decision',
    title: 'Decisions',
    words: 'What a lane judged. Appended at the version of the lane that was judged.',
  },
  { kind: 'outcome', title: 'Outcomes', words: 'What came of an act on GitHub. Appended at any version of the lane.' },
]

const SHARED = { sha, login, timestamp, 'pull number': pullNumber, 'owner/name': repositoryName }
const SHAPES = { evidence, 'check result': checkResult }

const named = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries({ ...SHARED, ...SHAPES })) named.add(schema, { id })

/** Named schemas stand as references to their names, unless they are what is asked for. */
const schemaOf = (type: z.ZodType, metadata = named): Schema =>
  JSON.parse(JSON.stringify(z.toJSONSchema(type, { metadata, io: 'input' })))

export function documentEvents(): string {
  const sections = KINDS.flatMap(({ kind, title, words }) => [
    `## ${title}`,
    words,
    ...eventTypes.filter((type) => catalogue[type].kind === kind).map(documentEvent),
  ])
  return `${[opening(), ...sections, '## Shapes used above', ...Object.entries(SHAPES).map(documentShape)].join('\n\n')}\n`
}

function opening(): string {
  const words = [
    'Generated from `src/core/events.ts` and its families in `src/core/events/` by `npm run docs`; `npm run check` fails when it is out of date.',
    'Every event in the log has one of these types. A payload has exactly the fields listed: a field that is not is refused, and every diagnostic is kept with the delivery.',
    'Around the payload stands the envelope: `position` (the order of the log), `id`, `repository`, `lane`, `type`, `key` (unique in the repository), `occurred_at` (the time that GitHub gives), `recorded_at`, `source`, and for decisions and outcomes `based_on` (a log position) and `epoch` (of the lease).',
    'A `sha` has 40 lower-case hex digits; a `timestamp` is ISO 8601 with its offset; a `code` is lower-case words joined by `_`; a field marked with ? may be left out.',
  ]
  return `# Events\n\n${words.join('\n\n')}`
}

function documentEvent(type: EventType): string {
  const entry = catalogue[type]
  const marks = [
    `\`${taxonomyOf(type)}\``,
    `level ${entry.level}`,
    ...('lifecycle' in entry && entry.lifecycle ? [`${entry.lifecycle} its thread`] : []),
    ...('outside' in entry && entry.outside
      ? [`not compared: ${entry.outside.map((field) => `\`${field}\``).join(', ')}`]
      : []),
  ]
  return `### \`${type}\`\n\n${entry.meaning}\n\n${marks.join(' · ')}\n\n${fieldTable(schemaOf(entry.payload))}`
}

const documentShape = ([name, schema]: [string, z.ZodType]): string =>
  `### ${name}

${fieldTable(schemaOf(schema, z.registry()))}`

function fieldTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(
    ([name, field]) => `| \`${name}\`${required.includes(name) ? '' : ' ?'} | ${wordsFor(field)} |`,
  )
  return ['| field | value |', '|---|---|', ...rows].join('\n')
}
