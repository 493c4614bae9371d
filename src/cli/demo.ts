/**
 * `mainkeeper demo`: the real app as a process of its own, an embedded database, a local GitHub over HTTP with real git and
 * CI that runs a small test suite. It puts the parts together and clears them away; the story is in `demo/`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { short } from '../core/ids.ts'
import { attachCi } from '../twin/ci/ci.ts'
import { command } from '../twin/ci/run.ts'
import { systemClock } from '../twin/clock.ts'
import { startTwin, type Twin } from '../twin/twin.ts'
import { type AppProcess, startApp } from './demo/app-process.ts'
import { mishap } from './demo/chance.ts'
import { graph, proofs, repeated, results, summary } from './demo/ending.ts'
import { brokenLaws } from './demo/laws.ts'
import { invite } from './demo/people.ts'
import { teller, watch } from './demo/progress.ts'
import { REQUIRED, SHOP, TEST } from './demo/shop.ts'
import { play } from './demo/story.ts'
import { callWitness } from './demo/witness.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Webhooks come nearly in order, so that the queue is in the order of the approvals; in milliseconds. */
const LATENCY = [0, 20] as const
/** The story takes half a minute; a machine that is busy with other things is given longer. */
const LONGEST = 120_000

/** Plays the demo and writes it to `out`; `EXIT.differs` when a law was broken. Leaves nothing behind, also when stopped. */
export async function demo(out: (text: string) => void, stop: AbortSignal): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-demo-'))
  try {
    const twin = await startTwin({ clock: systemClock, latency: LATENCY })
    try {
      return await onTwin(twin, folder, out, stop)
    } finally {
      await twin.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onTwin(twin: Twin, folder: string, out: (text: string) => void, stop: AbortSignal): Promise<ExitCode> {
  const tell = teller(out, () => Date.now())
  const repo = await twin.repository('acme/shop', { files: SHOP })
  invite(repo)
  repo.protect('main', { requiredChecks: [{ context: REQUIRED }] })
  const chance = mishap(repo, command(TEST), (sha) =>
    tell('CI', `fails on ${short(sha)} by chance: its tests are good`),
  )
  const ci = attachCi(repo, { name: REQUIRED, run: chance.run, duration: () => 0 })
  const witness = await callWitness(repo, ci, twin.app.botLogin)
  const deadline = Date.now() + LONGEST
  const stage = {
    twin,
    repo,
    ci,
    chance,
    watch: watch(repo, ci, twin.app.botLogin, tell),
    tell,
    folder,
    stop,
    deadline,
  }
  let app: AppProcess = startApp(twin, folder)
  try {
    const failure = await play(stage, app, (next) => (app = next)).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    )
    if (stop.aborted) return EXIT.interrupted
    const code = await app.stop()
    const facts = await witness.facts()
    const broken = [
      ...brokenLaws(facts),
      ...(failure === null ? [] : [failure.message]),
      ...(code === 0 ? [] : [`Mainkeeper ended with ${code} when asked to stop`]),
    ]
    if (broken.length > 0) out(`\n${app.told().join('\n')}\n`)
    const told = [...results(facts), '', ...(await graph(repo.gitDir)), '', repeated(ci.runs()), proofs(facts)]
    const lines = ['', ...told, summary(facts, broken)]
    out(`${lines.join('\n')}\n`)
    return broken.length === 0 ? EXIT.ok : EXIT.differs
  } finally {
    await app.kill()
    await ci.stop()
  }
}
