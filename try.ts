import { configSchema } from './src/core/config.ts'
import { rehearse } from './src/rehearse/rehearse.ts'
const policy = (name: string, changes: object = {}) => ({ name, config: { ...configSchema.parse({ mode: 'live', ...changes }), mode: 'live' as const } })
let t=performance.now()
const r = await rehearse({ path: process.argv[2]!, branch: null, last: Number(process.argv[3] ?? 1000), wait: 1800_000, direct: 'push', ci: process.argv[4] ? { kind: 'rate', rate: Number(process.argv[4]), seed: 1, ms: 1200_000 } : { kind: 'conflicts', ms: 1200_000 }, policies: [policy('serial', { ci: { slots: 1 }, batch: { max: 1 } }), policy('batches')] },
 { environment: process.env, signal: new AbortController().signal, clock: () => performance.now(), deadline: (ms) => AbortSignal.timeout(ms), progress: (w, d, a) => { if (d % 100 === 0) console.error(w, d, a, Math.round(performance.now() - t)) } })
console.log(JSON.stringify({ ...r, odd: r.odd.length, policies: r.policies.map((p) => ({ ...p, not_landed: p.not_landed.length, tree: { ...p.tree, differs: p.tree.differs.length } })) }, null, 1))
