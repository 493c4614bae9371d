/**
 * The app and what tests start beside it, bundled once for each state of the sources and kept between runs: whoever starts a
 * process runs the very same program, whatever becomes of the sources meanwhile, and none waits for a compiler, nor for eight
 * hundred files to be found and read.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, utimes } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loader, Plugin } from 'esbuild'
import { projectFolder } from '../house/sources.ts'

/** Where the compiled form of a source file that can be started is, by the path of the source from the top of the project. */
export type Program = (source: Started) => string

/** What tests start, or load into what they start. They share what they have in common, as they would uncompiled. */
const STARTED = [
  'src/main.ts',
  'src/cli/main.ts',
  'test/support/process/kill-preload.ts',
  'test/support/process/hold-folder.ts',
] as const
export type Started = (typeof STARTED)[number]

/**
 * How Node runs what lives no longer than a test: the embedded database as V8 compiles it first. To optimize it while it
 * runs costs more than such a life gives back.
 */
export const SHORT_LIVED: readonly string[] = ['--liftoff-only']

const COMPILED = ['src', 'test/support']
/** What the program reads beside its own files. */
const COPIED = ['drizzle', 'package.json']
/** What else says how it is compiled, and with which packages in it. */
const COMPILER = ['tsconfig.json', 'node_modules/.package-lock.json']
/** Packages that look for files of their own beside themselves. */
const OUTSIDE = ['@electric-sql/pglite', 'pino']
/** Packages that are CommonJS ask for Node's modules this way. */
const REQUIRE = "import { createRequire as requires } from 'node:module'; const require = requires(import.meta.url);"
/** Milliseconds after which a program that nobody asked for is removed. */
const LONG_UNUSED = 24 * 60 * 60_000

let program: Promise<Program> | undefined

/** Throws with what the compiler says when it can not be compiled. */
export function compileProgram(): Promise<Program> {
  program ??= compiled().then((folder) => (source) => join(folder, source.replace(/\.ts$/, '.js')))
  return program
}

async function compiled(): Promise<string> {
  // Within the project, where the packages are found; by its real path, for a link may be gone when it is used again.
  const place = join(projectFolder, 'node_modules', '.cache', 'mainkeeper-programs')
  await mkdir(place, { recursive: true })
  const programs = await realpath(place)
  const folder = join(programs, await contentHash())
  if (existsSync(folder)) {
    await utimes(folder, new Date(), new Date())
    return folder
  }
  await removeUnused(programs)
  // Another process may be making the same; whichever is done first is kept.
  const draft = await mkdtemp(`${folder}.`)
  await compileInto(draft, folder)
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  return folder
}

async function compileInto(draft: string, folder: string): Promise<void> {
  for (const name of COPIED) await cp(join(projectFolder, name), join(draft, name), { recursive: true })
  // Loaded by whoever finds nothing compiled, alone.
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [...STARTED],
    outbase: projectFolder,
    outdir: draft,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Names of classes are read in logs.
    keepNames: true,
    // `node_modules` may be a link.
    preserveSymlinks: true,
    external: OUTSIDE,
    banner: { js: REQUIRE },
    define: { 'import.meta.url': 'ownUrl' },
    plugins: [ownUrls(folder)],
    logLevel: 'silent',
  }).catch(async (error: unknown) => {
    await rm(draft, { recursive: true })
    throw error
  })
}

/** In a bundle, too, a file finds what is copied by its own place: where it would be in the folder if it stood alone. */
const ownUrls = (folder: string): Plugin => ({
  name: 'own urls',
  setup(build) {
    build.onLoad({ filter: /\.[mc]?[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (!text.includes('import.meta.url')) return null
      const place = join(folder, relative(projectFolder, path).replace(/\.ts$/, '.js'))
      const url = JSON.stringify(pathToFileURL(place).href)
      return { contents: `const ownUrl = ${url};${text}`, loader: extname(path).replace(/^\.[mc]?/, '') as Loader }
    })
  },
})

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
