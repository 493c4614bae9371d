/**
 * The app and what tests start beside it, compiled once for each state of the sources and kept between runs: whoever starts
 * a process runs the very same program, whatever becomes of the sources meanwhile, and none waits for a compiler.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from './sources.ts'

/** Where the compiled form of a source file is, by the path of the source from the top of the project. */
export type Program = (source: string) => string

const COMPILED = ['src', 'test/support']
/** What the program reads beside its own files. */
const COPIED = ['drizzle', 'package.json']
/** What else says how it is compiled. */
const COMPILER = ['tsconfig.json', 'node_modules/typescript/package.json']
/** Milliseconds after which a program that nobody asked for is removed. */
const LONG_UNUSED = 24 * 60 * 60_000

let program: Promise<Program> | undefined

/** Throws with what the compiler says when it can not be compiled. */
export function compileProgram(): Promise<Program> {
  program ??= compiled().then((folder) => (source) => join(folder, source.replace(/\.ts$/, '.js')))
  return program
}

async function compiled(): Promise<string> {
  // Within the project, where the packages are found.
  const programs = join(projectFolder, 'node_modules', '.cache', 'mainkeeper-programs')
  const folder = join(programs, await contentHash())
  if (existsSync(folder)) {
    await utimes(folder, new Date(), new Date())
    return folder
  }
  await mkdir(programs, { recursive: true })
  await removeUnused(programs)
  // Another process may be making the same; whichever is done first is kept.
  const draft = await mkdtemp(`${folder}.`)
  await compileInto(draft)
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  return folder
}

async function compileInto(folder: string): Promise<void> {
  for (const name of COPIED) await cp(join(projectFolder, name), join(folder, name), { recursive: true })
  const settings = {
    extends: join(projectFolder, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      // Whether the types are right is for another command to say: nothing but the files themselves is read.
      noCheck: true,
      noResolve: true,
      types: [],
      rootDir: projectFolder,
      outDir: folder,
    },
    include: COMPILED.map((path) => join(projectFolder, path)),
  }
  const file = join(folder, 'tsconfig.json')
  await writeFile(file, JSON.stringify(settings))
  const compiler = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc')
  const child = spawn(process.execPath, [compiler, '-p', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  child.stdout.on('data', (chunk) => said.push(String(chunk)))
  const [code] = await once(child, 'close')
  if (code === 0) return
  await rm(folder, { recursive: true })
  throw new Error(`the app could not be compiled:\n${said.join('')}`)
}

/** Drafts that others are making come and go meanwhile. */
async function removeUnused(programs: string): Promise<void> {
  for (const name of await readdir(programs)) {
    const one = join(programs, name)
    const used = (await stat(one).catch(() => null))?.mtimeMs ?? Date.now()
    if (Date.now() - used > LONG_UNUSED) await rm(one, { recursive: true, force: true })
  }
}

async function contentHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of [...COMPILED, ...COPIED, ...COMPILER].map((name) => join(projectFolder, name)))
    for (const file of await filesAt(path)) hash.update(file.slice(projectFolder.length)).update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

/** The files of a folder, or the file itself. */
async function filesAt(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
