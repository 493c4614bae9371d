/**
 * A small fault in the code under test, put in while its modules are loaded, in memory and nowhere else. A mutant whose text is
 * not found, or found twice, or whose file is never loaded, is an error: none stops applying silently.
 */
import { createViteServer } from 'vitest/node'
import type { Database } from '../../../src/store/client.ts'
import type { Breach, checkKept, Law } from '../law.ts'
import type { openArena } from '../play/world.ts'

export interface Mutant {
  /** What would be wrong, as a sentence. */
  readonly title: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

export interface Laboratory {
  /** The law's kept cases, judged in a world that runs on the mutated code. Null: the law did not notice. */
  breachUnder(mutant: Mutant, law: { readonly module: string; readonly name: string }): Promise<Breach | null>
  close(): Promise<void>
}

/** Vite's runner of modules on this side; what it transformed once it evaluates again without doing so. */
interface Runner {
  import(path: string): Promise<unknown>
  clearCache(): void
}

/** Runs mutants one after another on one database, which it leaves open. */
export async function openLaboratory(database: Database): Promise<Laboratory> {
  const under: { mutant: Mutant | null; applied: number } = { mutant: null, applied: 0 }
  const server = await createViteServer({
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        transform: (code, id) => {
          const { mutant } = under
          if (!mutant || !id.endsWith(`/${mutant.file}`)) return undefined
          under.applied++
          return mutated(mutant, code)
        },
      },
    ],
  })
  const { ssr } = server.environments
  if (!('runner' in ssr)) throw new Error('this Vite has no runner for modules on the server side')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Vite's own, which vitest does not give a type for
  const runner = ssr.runner as Runner
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are our own files, loaded once more
  const load = <T>(path: string) => runner.import(path) as Promise<T>

  /** From here on the modules are those of this mutant, or of none. */
  function put(mutant: Mutant | null): void {
    const file = (under.mutant ?? mutant)?.file
    for (const { url, file: path } of ssr.moduleGraph.idToModuleMap.values())
      if (path?.endsWith(`/${file}`)) forget(url)
    Object.assign(under, { mutant, applied: 0 })
    runner.clearCache()
  }

  function forget(url: string): void {
    const module = ssr.moduleGraph.urlToModuleMap.get(url)
    if (module) ssr.moduleGraph.invalidateModule(module)
  }

  return {
    async breachUnder(mutant, law) {
      put(mutant)
      try {
        const world = await load<{ readonly openArena: typeof openArena }>('/test/laws/play/world.ts')
        const judge = await load<{ readonly checkKept: typeof checkKept }>('/test/laws/law.ts')
        const { [law.name]: judged } = await load<Readonly<Record<string, Law<unknown>>>>(law.module)
        if (!judged) throw new Error(`${law.module} has no ${law.name}`)
        if (under.applied === 0) throw new Error(`mutant "${mutant.title}": ${mutant.file} was not loaded`)
        return await judge.checkKept(judged, await world.openArena({ database }))
      } finally {
        put(null)
      }
    },
    close: () => server.close(),
  }
}

function mutated({ title, file, find, replace }: Mutant, code: string) {
  const found = code.split(find).length - 1
  if (found !== 1) throw new Error(`mutant "${title}": its text stands ${found} times in ${file}`)
  return { code: code.replace(find, () => replace), map: null }
}
