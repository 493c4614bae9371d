/**
 * Writes the pages under `docs/` that are made from the code, or with `--check` says which of them are out of date. What
 * stands on each page is the business of the modules that it calls.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../house/sources.ts'
import { configurationSchema, documentConfiguration } from './document-configuration.ts'
import { documentEvents } from './document-events.ts'
import { documentRequirements } from './document-requirements.ts'

/** The generated pages, by their path from the top of the project. */
export const generatedDocs = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/events.md', documentEvents()],
    ['docs/requirements.md', documentRequirements()],
    ['docs/configuration.md', documentConfiguration()],
    ['docs/config.schema.json', configurationSchema()],
  ])

/** The generated pages whose file says something else, or is missing. */
export const outdatedDocs = (read: (path: string) => string | null = readPage): string[] =>
  [...generatedDocs()].filter(([path, text]) => read(path) !== text).map(([path]) => path)

function readPage(path: string): string | null {
  try {
    return readFileSync(join(projectFolder, path), 'utf8')
  } catch {
    return null
  }
}

function main(check: boolean): number {
  const outdated = outdatedDocs()
  if (check && outdated.length > 0) process.stderr.write(`out of date: ${outdated.join(', ')}\nrun: npm run docs\n`)
  if (check) return outdated.length > 0 ? 1 : 0
  for (const path of outdated) writeFileSync(join(projectFolder, path), generatedDocs().get(path) ?? '')
  process.stdout.write(outdated.length > 0 ? `written: ${outdated.join(', ')}\n` : 'docs are up to date\n')
  return 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = main(process.argv.includes('--check'))
