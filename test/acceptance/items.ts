/** The scenarios of `docs/acceptance.md`, and the tests whose names start with their ids. It runs no test. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { projectFolder } from '../support/house/sources.ts'

export interface Item {
  readonly id: string
  readonly scenario: string
}

/** Test files with a test for the scenario, by its id. */
export type Cover = ReadonlyMap<string, readonly string[]>

/** Every row of the page, in its order; throws when an id stands there twice, or none does. */
export async function readItems(): Promise<Item[]> {
  const page = await readFile(join(projectFolder, 'docs/acceptance.md'), 'utf8')
  const items = [...page.matchAll(/^\| (C\d{2,3}) \| ([^|]+) \|/gm)].map(([, id = '', scenario = '']) => ({
    id,
    scenario,
  }))
  const twice = items.filter(({ id }, index) => items.findIndex((other) => other.id === id) !== index)
  if (items.length === 0 || twice.length > 0)
    throw new Error(`docs/acceptance.md: ${items.length} ids, twice: ${twice.map(({ id }) => id).join(', ')}`)
  return items
}

/** Asks the test runner for the names of all tests; a name may start with several ids, and so may that of a group. */
export async function readCover(): Promise<Cover> {
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-acceptance-'))
  try {
    const list = join(folder, 'list.json')
    await promisify(execFile)('node_modules/.bin/vitest', ['list', `--json=${list}`], {
      cwd: projectFolder,
      maxBuffer: 64 * 1024 * 1024,
    })
    const tests: readonly { readonly name: string; readonly file: string }[] = JSON.parse(await readFile(list, 'utf8'))
    const cover = new Map<string, string[]>()
    for (const { name, file } of tests) {
      const path = relative(projectFolder, file)
      for (const id of idsOf(name)) {
        const files = cover.get(id) ?? []
        if (!files.includes(path)) cover.set(id, [...files, path])
      }
    }
    return cover
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `C49 C60 a conflict …` and `a group > C49 …` start with ids; a word in mid-sentence is none. */
export const idsOf = (name: string): string[] =>
  name.split(' > ').flatMap((part) => /^(?:C\d{2,3}\b[,:]? ?)*/.exec(part)?.[0].match(/C\d{2,3}/g) ?? [])
