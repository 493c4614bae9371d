/** Small git repositories for rehearsals, each made by one run of git from commits that a test draws. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Files = Readonly<Record<string, string>>

/** A drawn commit, by its place in the drawing. */
export type Mark = number

export const MINUTE = 60_000
export const BEGAN = Date.UTC(2026, 0, 5, 8)

interface Drawn {
  readonly message: string
  readonly files: Files
  readonly parents: readonly Mark[]
  readonly minute: number
}

export interface Drawing {
  /** Changes on its first parent's files; ten minutes after the commit that was drawn before it. */
  commit(message: string, changes: Files, parents?: readonly Mark[]): Mark
  /** A merge of a branch that began at `base`: its changed files over the others, and `changes` over all. */
  merge(message: string, onto: Mark, head: Mark, base: Mark, changes?: Files): Mark
  /** A bare repository with these branches; the first one is its HEAD. */
  clone(branches: Readonly<Record<string, Mark>>): string
}

const folders: string[] = []

/** To be called when a test file is through. */
export function removeClones(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keeper-rehearsal-'))
  folders.push(folder)
  return folder
}

export function drawing(): Drawing {
  const drawn: Drawn[] = []
  const files = (mark: Mark | undefined): Files => (mark === undefined ? {} : (drawn[mark]?.files ?? {}))
  const draw = (commit: Omit<Drawn, 'minute'>): Mark => drawn.push({ ...commit, minute: drawn.length * 10 }) - 1
  return {
    commit: (message, changes, parents = drawn.length === 0 ? [] : [drawn.length - 1]) =>
      draw({ message, files: { ...files(parents[0]), ...changes }, parents }),
    merge(message, onto, head, base, changes = {}) {
      const own = Object.entries(files(head)).filter(([path, text]) => files(base)[path] !== text)
      const merged = { ...files(onto), ...Object.fromEntries(own), ...changes }
      return draw({ message, files: merged, parents: [onto, head] })
    },
    clone(branches) {
      const folder = temporaryFolder()
      const [first = 'main'] = Object.keys(branches)
      execFileSync('git', ['init', '--quiet', '--bare', '--template=', `--initial-branch=${first}`, folder])
      const resets = Object.entries(branches).map(([name, mark]) => `reset refs/heads/${name}\nfrom :${mark + 1}\n\n`)
      const input = [...drawn.map(imported), ...resets].join('')
      execFileSync('git', ['--git-dir', folder, 'fast-import', '--quiet', '--force'], { input })
      return folder
    },
  }
}

function imported({ message, files, parents, minute }: Drawn, index: number): string {
  const [from, ...merged] = parents.map((parent) => `:${parent + 1}`)
  return [
    `commit refs/drawn/${index}`,
    `mark :${index + 1}`,
    `committer Mona <mona@example.com> ${(BEGAN + minute * MINUTE) / 1000} +0000`,
    data(message),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...merged.map((parent) => `merge ${parent}`),
    'deleteall',
    ...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    '',
  ].join('\n')
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`

/** What git says of a clone. */
export const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim()

/** Ten lines, some of them other than usual, for changes of one file that go together or don't. */
export const lines = (changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 10 }, (_, at) => `${changed[at] ?? `line ${at}`}\n`).join('')

/** Two pull requests by merge commits, the second begun before the first was merged. */
export function twoMerges(draw: Drawing) {
  const start = draw.commit('Start', { 'a.txt': lines(), 'b.txt': lines() })
  const one = draw.commit('Change a', { 'a.txt': lines({ 1: 'one' }) }, [start])
  const two = draw.commit('Change b', { 'b.txt': lines({ 1: 'two' }) }, [start])
  const first = draw.merge('Merge pull request #7 from acme/one\n\nChange a', start, one, start)
  const second = draw.merge('Merge pull request #5 from acme/two\n\nChange b', first, two, start)
  return { start, one, two, first, second }
}
