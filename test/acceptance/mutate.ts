/**
 * One break at a time, in a copy of the tree: whether a test of its scenario goes red. It reads what the test runner
 * reports of each test, so that a file which no longer loads is not taken for a test that noticed.
 */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { projectFolder } from '../support/house/sources.ts'
import type { Break } from './breaks.ts'

export interface Copy {
  readonly folder: string
  /** Ends the tests that run in it. */
  readonly signal: AbortSignal
  readonly remove: () => Promise<void>
}

/** What came of the tests of a scenario. `lost` says why nothing can be said of them. */
export type Outcome =
  | { readonly result: 'green' }
  | { readonly result: 'red'; readonly test: string }
  | { readonly result: 'lost'; readonly why: string }

/** The tree as it stands, edits that are not committed included; the packages are linked. */
export async function copyTree(signal: AbortSignal): Promise<Copy> {
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-acceptance-'))
  await cp(projectFolder, folder, {
    recursive: true,
    filter: (path) => !/^(node_modules|\.git|dist|coverage|\.mainkeeper)$/.test(relative(projectFolder, path)),
  })
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
  return { folder, signal, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The file of a break, unbroken; a file that is not there any more holds no text. */
export const textOf = (folder: string, { file }: Break): Promise<string> =>
  readFile(join(folder, file), 'utf8').catch(() => '')

/** The broken text of the file; an Error where the quoted text does not stand there exactly once. */
export function broken(text: string, { file, find, replace }: Break): string | Error {
  const times = text.split(find).length - 1
  return times === 1 ? text.replace(find, () => replace) : new Error(`its text stands ${times} times in ${file}`)
}

/** A story takes a hundred times as long as any other test. */
const isSlow = (file: string): boolean => /^test\/(stories|faults)\//.test(file)

/** Runs the tests of a scenario in the copy, with the break put in and taken out again; stories only where nothing else noticed. */
export async function judge(copy: Copy, id: string, files: readonly string[], fault: Break): Promise<Outcome> {
  const path = join(copy.folder, fault.file)
  const text = await textOf(copy.folder, fault)
  const changed = broken(text, fault)
  if (typeof changed !== 'string') return { result: 'lost', why: changed.message }
  await writeFile(path, changed)
  try {
    const quick = files.filter((file) => !isSlow(file))
    const noticed: Outcome = quick.length > 0 ? await runTests(copy, [id], quick) : { result: 'green' }
    const stories = files.filter(isSlow)
    return noticed.result === 'green' && stories.length > 0 ? await runTests(copy, [id], stories) : noticed
  } finally {
    await writeFile(path, text)
  }
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** Runs the tests whose names hold one of the ids. */
export async function runTests(copy: Copy, ids: readonly string[], files: readonly string[]): Promise<Outcome> {
  const report = join(copy.folder, 'acceptance-report.json')
  await rm(report, { force: true })
  const said = await vitest(copy, [
    'run',
    ...files,
    `--testNamePattern=\\b(${ids.join('|')})\\b`,
    '--reporter=json',
    `--outputFile=${report}`,
  ])
  const told = await readFile(report, 'utf8').catch(() => null)
  if (told === null) return { result: 'lost', why: `no report: ${said}` }
  const { testResults }: Report = JSON.parse(told)
  const tests = testResults.flatMap((file) => file.assertionResults)
  const red = tests.find(({ status }) => status === 'failed')
  if (red) return { result: 'red', test: red.fullName }
  const unloaded = testResults.find(({ status }) => status === 'failed')
  if (unloaded) return { result: 'lost', why: `${relative(copy.folder, unloaded.name)}: ${unloaded.message}` }
  return tests.some(({ status }) => status === 'passed')
    ? { result: 'green' }
    : { result: 'lost', why: 'no test of it ran' }
}

/** Gives the end of what it said, for where there is no report. Rejects when it was ended, once it has. */
function vitest({ folder, signal }: Copy, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('node_modules/.bin/vitest', args, { cwd: folder, signal, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    let failed: Error | null = null
    const hear = (part: Buffer) => {
      said = (said + part.toString('utf8')).slice(-2000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', (error) => {
      failed = error
    })
    child.once('close', () => (failed ? reject(failed) : resolve(said)))
  })
}
