/**
 * The app as it is when the harness starts, compiled into a folder of its own: every replay runs the very same program,
 * whatever becomes of the sources meanwhile, and none waits for a compiler.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../../support/sources.ts'

export interface Program {
  readonly main: string
  readonly preload: string
}

/** What the program reads beside its own files. */
const LINKED = ['node_modules', 'drizzle', 'package.json']

export async function compileProgram(folder: string): Promise<Program> {
  const out = join(folder, 'program')
  await mkdir(out)
  for (const name of LINKED) await symlink(join(projectFolder, name), join(out, name))
  const preload = 'test/support/kill-preload'
  const settings = {
    extends: join(projectFolder, 'tsconfig.json'),
    // Whether the types are right is for another command to say, and takes most of the time.
    compilerOptions: { noEmit: false, noCheck: true, rootDir: projectFolder, outDir: out },
    include: [join(projectFolder, 'src'), join(projectFolder, `${preload}.ts`)],
  }
  const file = join(folder, 'tsconfig.json')
  await writeFile(file, JSON.stringify(settings))
  const compiler = join(projectFolder, 'node_modules', 'typescript', 'bin', 'tsc')
  const child = spawn(process.execPath, [compiler, '-p', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  child.stdout.on('data', (chunk) => said.push(String(chunk)))
  await once(child, 'close')
  const program = { main: join(out, 'src', 'main.js'), preload: join(out, `${preload}.js`) }
  if (!existsSync(program.main) || !existsSync(program.preload))
    throw new Error(`the app could not be compiled:\n${said.join('')}`)
  return program
}
