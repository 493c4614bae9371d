/**
 * A small fault in the code under test, put in while its modules are loaded, in memory and nowhere else. A mutant whose text is
 * not found, or found twice, or whose file is never loaded, is an error: none stops applying silently.
 */
import { createViteServer } from 'vitest/node'
import type { Database } from '../../../src/store/connect/client.ts'
import type { Law } from '../law.ts'
import type { openArena } from '../play/world.ts'

export interface Mutant {
  /** What would be wrong, as a sentence. */
  readonly title: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** The law that has to notice a mutant. */
export interface Noticing {
  readonly module: string
  readonly name: string
  /** Which of its kept cases shows the mutant. */
  readonly kept: number
}

export interface Laboratory {
  /** What is broken in that kept case of the law, in a world that runs on the mutated code. */
  brokenUnder(mutant: Mutant, law: Noticing): Promise<readonly string[]>
  close(): Promise<void>
}

interface Evaluated {
  readonly id: string
  /** Ids of the modules that import it. */
  readonly importers: ReadonlySet<string>
}

/** Vite's runner of modules on this side; what it transformed once it evaluates again without doing so. */
interface Runner {
  import(path: string): Promise<unknown>
  readonly evaluatedModules: {
    getModulesByFile(file: string): ReadonlySet<Evaluated> | undefined
    getModuleById(id: string): Evaluated | undefined
    invalidateModule(module: Evaluated): void
  }
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
    const gone = new Set<Evaluated>()
    for (const module of ssr.moduleGraph.idToModuleMap.values()) {
      if (!module.file?.endsWith(`/${file}`)) continue
      ssr.moduleGraph.invalidateModule(module)
      for (const evaluated of runner.evaluatedModules.getModulesByFile(module.file) ?? [])
        withImporters(evaluated, gone)
    }
    for (const module of gone) runner.evaluatedModules.invalidateModule(module)
    Object.assign(under, { mutant, applied: 0 })
  }

  /** What does not see the fault, as the twin does not see ours, need not be evaluated again. */
  function withImporters(module: Evaluated, found: Set<Evaluated>): void {
    if (found.has(module)) return
    found.add(module)
    for (const id of module.importers) {
      const importer = runner.evaluatedModules.getModuleById(id)
      if (importer) withImporters(importer, found)
    }
  }

  return {
    async brokenUnder(mutant, law) {
      put(mutant)
      try {
        const world = await load<{ readonly openArena: typeof openArena }>('/test/laws/play/world.ts')
        const { [law.name]: judged } = await load<Readonly<Record<string, Law<unknown>>>>(law.module)
        if (!judged) throw new Error(`${law.module} has no ${law.name}`)
        const shown = judged.kept[law.kept]
        if (shown === undefined) throw new Error(`${law.name} has no kept case ${law.kept}`)
        if (under.applied === 0) throw new Error(`mutant "${mutant.title}": ${mutant.file} was not loaded`)
        return await judged.broken(await world.openArena({ database }), shown)
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
