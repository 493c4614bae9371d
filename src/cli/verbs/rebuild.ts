/** `mainkeeper rebuild`: folds the read models from the log again, says where the live ones differ, and replaces them on request. */
import { z } from 'zod'
import { line } from '../../core/render/escape.ts'
import type { Difference, Rebuilt } from '../../store/fold/rebuild.ts'
import { EXIT, Refusal } from '../exit-codes.ts'
import { plural } from '../words/table.ts'
import type { Verb } from './verb.ts'

const question = z.strictObject({ repository: z.string().optional(), write: z.boolean().default(false) })

export interface RebuildAnswer {
  readonly write: boolean
  readonly repositories: readonly Rebuilt[]
}

/** How many differences are told of each repository; `--json` tells all. */
const SHOWN = 50

export const rebuildVerb: Verb<z.infer<typeof question>, RebuildAnswer> = {
  name: 'rebuild',
  question,
  async *query({ store, progress, signal }, { repository, write }) {
    const known = (await store.models.repositories()).map(({ name }) => name)
    const chosen = repository === undefined ? known : known.filter((name) => name === repository)
    if (repository !== undefined && chosen.length === 0)
      throw new Refusal(EXIT.notFound, `nothing is known of ${repository}`)
    const repositories: Rebuilt[] = []
    for (const [index, name] of chosen.entries()) {
      if (signal.aborted) break
      progress(`folding ${name} (${index + 1} of ${chosen.length})`)
      repositories.push(...(await store.rebuild({ repository: name, replace: write })))
    }
    yield { write, repositories }
  },
  render: ({ repositories }) =>
    repositories.length === 0 ? 'The log is empty.' : repositories.map(rebuiltText).join('\n'),
  items: (answer) => [answer],
  exit: ({ repositories }) => (repositories.every(isRight) ? EXIT.ok : EXIT.differs),
}

/** Equal, or made so. */
const isRight = ({ differences, replaced }: Rebuilt): boolean => differences.length === 0 || replaced

function rebuiltText({ repository, events, differences, replaced }: Rebuilt): string {
  const head = `${repository}: ${plural(events, 'event')}`
  if (differences.length === 0) return `${head}, equal`
  const more = differences.length > SHOWN ? [`  and ${differences.length - SHOWN} more`] : []
  const end = replaced ? '  replaced by what the log says' : '  --write replaces them by what the log says'
  return [
    `${head}, ${plural(differences.length, 'difference')}`,
    ...differences.slice(0, SHOWN).map(differenceText),
    ...more,
    end,
  ].join('\n')
}

function differenceText({ table, key, column, live, rebuilt }: Difference): string {
  const where = `${table}${key === '' ? '' : ` ${key}`}`
  if (column === null) return `  ${where}: ${live === null ? 'is missing' : 'is not in the log'}`
  return `  ${line(`${where}, ${column}: ${JSON.stringify(live)} is ${JSON.stringify(rebuilt)} by the log`, 300)}`
}
