/**
 * A small fault in the code under test, put in while its modules are loaded, in memory and nowhere else. A mutant whose text is
 * not found, or found twice, or whose file is never loaded, is an error: none stops applying silently.
 */
import { createViteServer } from 'vitest/node'
import type { Breach, checkKept, Law } from '../law.ts'
import type { openArena } from '../play/world.ts'

export interface Mutant {
  /** What would be wrong, as a sentence. */
  readonly title: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** The law's kept cases, judged in a world that runs on the mutated code. Null: the law did not notice. */
export async function breachUnder(mutant: Mutant, law: { module: string; name: string }): Promise<Breach | null> {
  const applied = { times: 0 }
  const server = await createViteServer({
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [{ name: 'mutant', enforce: 'pre', transform: (code, id) => mutated(mutant, code, id, applied) }],
  })
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are our own files, loaded once more
    const load = <T>(path: string) => server.ssrLoadModule(path) as Promise<T>
    const world = await load<{ readonly openArena: typeof openArena }>('/test/laws/play/world.ts')
    const judge = await load<{ readonly checkKept: typeof checkKept }>('/test/laws/law.ts')
    const { [law.name]: judged } = await load<Readonly<Record<string, Law<unknown>>>>(law.module)
    if (!judged) throw new Error(`${law.module} has no ${law.name}`)
    if (applied.times === 0) throw new Error(`mutant "${mutant.title}": ${mutant.file} was not loaded`)
    const arena = await world.openArena()
    try {
      return await judge.checkKept(judged, arena)
    } finally {
      await arena.close()
    }
  } finally {
    await server.close()
  }
}

function mutated({ title, file, find, replace }: Mutant, code: string, id: string, applied: { times: number }) {
  if (!id.endsWith(`/${file}`)) return undefined
  const found = code.split(find).length - 1
  if (found !== 1) throw new Error(`mutant "${title}": its text stands ${found} times in ${file}`)
  applied.times++
  return { code: code.replace(find, () => replace), map: null }
}
