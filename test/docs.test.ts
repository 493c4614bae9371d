/**
 * What people read is true of the code: generated pages are up to date, and the links, commands, tests and settings that
 * the written pages name exist. What the log can say has its words in the operator's page.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { EXIT } from '../src/cli/exit-codes.ts'
import { configSchema } from '../src/core/config.ts'
import { catalogue, eventTypes } from '../src/core/events.ts'
import { REQUIREMENTS } from '../src/core/readiness/evaluate.ts'
import { generatedDocs, outdatedDocs } from './support/docs/generate-docs.ts'
import { missingMigrations } from './support/house/check-migrations.ts'
import { projectFolder } from './support/house/sources.ts'

const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(projectFolder, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
].sort()

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

/** Whether a path, whose file name may hold `*`, stands in the project. */
function stands(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(projectFolder, path))
  const folder = join(projectFolder, dirname(path))
  const [before = '', after = ''] = basename(path).split('*')
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(before) && name.endsWith(after))
}

describe('the generated pages', () => {
  it('say what the code says', () => {
    expect(outdatedDocs()).toEqual([])
  })

  it('are called out of date when a word in one of them was changed, or the page is missing', () => {
    const pages = generatedDocs()
    expect(outdatedDocs((path) => pages.get(path)?.replace('level info', 'level warning') ?? null)).toEqual([
      'docs/events.md',
    ])
    expect(outdatedDocs(() => null)).toEqual([...generatedDocs().keys()])
  })

  it('give example files that are accepted as they stand', () => {
    const examples = found(read('docs/configuration.md'), /```yaml\n([\s\S]*?)```/g)
    expect(examples).toHaveLength(2)
    for (const example of examples) expect(configSchema.safeParse(parse(example))).toMatchObject({ success: true })
  })
})

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('links only to what exists', () => {
    const links = found(text, /\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)
    expect(links.filter((link) => !existsSync(join(projectFolder, normalize(join(dirname(page), link)))))).toEqual([])
  })

  it('names only files that exist', () => {
    const paths = found(text, /`((?:src|test|docs|drizzle|\.ci)\/[\w./*-]+)`/g)
    expect(paths.filter((path) => !stands(path))).toEqual([])
  })

  it('names only scripts that package.json has', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))
    const named = found(text, /npm (?:run )?((?!ci\b|run\b|install\b|pack\b|audit\b)[a-z][\w:]*)/g)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

/** Every code that the log can hold as the reason, result, verdict or failure of something. */
function codesInTheLog(): string[] {
  const codes = eventTypes.flatMap((type) => {
    const fields: Record<string, unknown> = catalogue[type].payload.shape
    return ['reason', 'result', 'verdict', 'failure'].flatMap((name) => {
      const field = fields[name]
      return field === undefined
        ? []
        : field instanceof z.ZodEnum
          ? field.options.map(String)
          : [`${type}.${name} is no enum`]
    })
  })
  return [...new Set(codes)]
}

describe('docs/operating.md', () => {
  const text = read('docs/operating.md')
  const rows = found(text, /^\| (`[^|]+) \|/gm).flatMap((cell) => found(cell, /`([^`]+)`/g))

  it.each(['lane_held', 'integration_blocked', 'effect_failed'] as const)(
    'has a row for every reason of %s',
    (type) => {
      const { shape } = catalogue[type].payload
      const { options } = 'failure' in shape ? shape.failure : shape.reason
      expect(options.filter((code) => !rows.includes(code))).toEqual([])
    },
  )

  it('names every other code that the log can hold, every requirement and every exit code', () => {
    const named = found(text, /`([^`\n]+)`/g)
    expect(codesInTheLog().filter((code) => !named.includes(code))).toEqual([])
    expect(REQUIREMENTS.map(({ code }) => code).filter((code) => !named.includes(code))).toEqual([])
    const [exits = ''] = found(text, /^Exit codes: ([^]+?)\. A supervisor/gm)
    expect(found(exits, /(?:^|· )(\d+)\s/g).map(Number)).toEqual(Object.values(EXIT))
  })

  it('has no row for a hold, a block or a failure that can not be', () => {
    const known = codesInTheLog()
    const tables = text.slice(text.indexOf('### Holds'), text.indexOf('### Configuration files'))
    const told = found(tables, /^\| (`[^|]+) \|/gm).flatMap((cell) => found(cell, /`([^`]+)`/g))
    expect(told.filter((code) => !known.includes(code))).toEqual([])
  })
})

it('docs/security.md names every dependency at its version', () => {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(read('package.json'))
  const rows = [...read('docs/security.md').matchAll(/^\| `([@\w/-]+)` \| (\d[\d.]*) \|/gm)].map(
    ([, name, version]) => [name, version],
  )
  expect(Object.fromEntries(rows)).toEqual(dependencies)
})

describe('the migrations', () => {
  it('hold everything that the schema says', async () => {
    expect(await missingMigrations()).toEqual([])
  })

  it('are found wanting when the schema lost a table', async () => {
    const { event: _, ...rest } = await import('../src/store/schema.ts')
    expect(await missingMigrations(rest)).toContainEqual(expect.stringContaining('DROP TABLE "event"'))
  })
})
