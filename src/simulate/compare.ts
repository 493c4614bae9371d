/** Plays one workload under several policies, each with the same seeds, one run after the other. It draws and judges nothing. */
import { type Figures, figuresOf } from './report/figures.ts'
import { run } from './run.ts'
import { type Drawn, drawnContent } from './workload/synthetic.ts'
import type { Policy } from './world.ts'

export interface Compared {
  readonly policy: string
  readonly config: Pick<Policy['config'], 'batch' | 'ci' | 'windows'>
  readonly runs: readonly (Figures & { readonly seed: number })[]
}

export interface CompareOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (what: string, done: number, all: number) => void
}

/** What was played to its end before `signal`, policy by policy; whoever has no run is left out. */
export async function compare(
  draw: (seed: number) => Drawn,
  policies: readonly Policy[],
  seeds: readonly number[],
  { signal, onProgress }: CompareOptions = {},
): Promise<Compared[]> {
  const compared: Compared[] = []
  for (const policy of policies) {
    const runs: Compared['runs'][number][] = []
    for (const seed of seeds) {
      const drawn = draw(seed)
      const what = seeds.length > 1 ? `${policy.name}, seed ${seed}` : policy.name
      const came = await run(drawn.arrivals, drawnContent(drawn, seed), policy, {
        ...(signal ? { signal } : {}),
        onProgress: (done, all) => onProgress?.(what, done, all),
      })
      if (!came.complete) break
      runs.push({ seed, ...figuresOf(came, Math.min(...drawn.arrivals.map(({ at }) => at))) })
    }
    const { batch, ci, windows } = policy.config
    if (runs.length > 0) compared.push({ policy: policy.name, config: { batch, ci, windows }, runs })
    if (signal?.aborted) break
  }
  return compared
}
