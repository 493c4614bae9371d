/**
 * What people read is true of the code: generated pages are up to date, and the links, commands, tests and settings that
 * the written pages name exist.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../src/core/config.ts'
import { missingMigrations } from './support/check-migrations.ts'
import { generatedDocs, outdatedDocs } from './support/generate-docs.ts'
import { projectFolder } from './support/sources.ts'

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
    const named = found(text, /npm (?:run )?((?!ci\b|run\b|install\b|pack\b)[a-z][\w:]*)/g)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
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
