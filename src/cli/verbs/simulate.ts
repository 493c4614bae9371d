/**
 * `mainkeeper simulate`: the options of a simulation, its answer, and what the process ends with. A drawn workload needs no
 * database; one from the log is asked of whoever has it. How a lane is played is not known here.
 */
import { open, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { withoutUnseen } from '../../core/render/escape.ts'
import { type Compared, compare } from '../../simulate/compare.ts'
import { plotOf } from '../../simulate/report/plot.ts'
import { draw, type Workload } from '../../simulate/workload/synthetic.ts'
import type { Policy } from '../../simulate/world.ts'
import { examples } from '../examples.ts'
import { EXIT, type ExitCode, Refusal } from '../exit-codes.ts'
import type { StorageOptions } from '../process/environment.ts'
import { progressBar } from '../progress-bar.ts'
import { type Given, options, type Past, seedsOf, workloadOf } from '../simulate/options.ts'
import { pastOf, type SimulateAround, type Subject } from '../simulate/past.ts'
import { policiesOf } from '../simulate/policies.ts'
import { renderSimulated, wordsOf } from '../words/simulated.ts'

/** Offers the verb on the command line. */
export function registerSimulate(program: Command, around: SimulateAround, end: (code: ExitCode) => void): void {
  options(program.command('simulate'))
    .description('play a workload through the lane on virtual time, policies side by side; nothing is asked of GitHub')
    .addHelpText(
      'after',
      examples([
        'mainkeeper simulate',
        'mainkeeper simulate --queued 200 --p 0.1 --policy slots=4 --policy slots=4,batch.max=16',
        'mainkeeper simulate --rate 12 --arrivals 300 --minutes 20 --flake 0.02 --seeds 5 --svg cost.svg',
        'mainkeeper simulate --config .github/mainkeeper.yml --policy ci.slots=8 --json simulated.json',
        'mainkeeper simulate --from acme/rocket:main --last 200 --config changed.yml',
      ]),
    )
    .action(async (given: Given, command: Command) =>
      end(await simulate(given, command.optsWithGlobals<StorageOptions>(), around)),
    )
}

async function simulate(given: Given, storage: StorageOptions, around: SimulateAround): Promise<ExitCode> {
  const seeds = seedsOf(given)
  const workload = workloadOf(given)
  // What is wrong with these is told before a log is read.
  await policiesOf(given.config, given.policy ?? [])
  for (const file of [given.json, given.svg]) await makeWritable(file)
  const subject = await subjectOf(workload, storage, around)
  if (subject === null) return EXIT.interrupted
  const policies = withSlots(await policiesOf(given.config, given.policy ?? [], subject.config ?? undefined), given)
  refuseImpossible(policies)
  const bar = progressBar(around.err, around.terminal ?? false, () => performance.now())
  const compared = await compare(subject.draw, policies, seeds, {
    signal: around.stop,
    onProgress: (what, done, all) => bar.show(what, done, all),
  })
  bar.end()
  return tell(given, subject, { policies, seeds, compared }, around)
}

async function subjectOf(
  workload: Workload | Past,
  storage: StorageOptions,
  around: SimulateAround,
): Promise<Subject | null> {
  if ('from' in workload) return pastOf(workload, storage, around)
  return { draw: (seed) => draw(workload, seed), words: wordsOf(workload), workload, config: null }
}

interface Played {
  readonly policies: readonly Policy[]
  readonly seeds: readonly number[]
  readonly compared: readonly Compared[]
}

async function tell(given: Given, subject: Subject, played: Played, { out, err }: SimulateAround): Promise<ExitCode> {
  const { policies, seeds, compared } = played
  const runs = compared.reduce((sum, one) => sum + one.runs.length, 0)
  const all = policies.length * seeds.length
  if (runs < all) err(`stopped after ${runs} of ${all} runs\n`)
  if (runs === 0) return EXIT.interrupted
  out(`${renderSimulated(subject.words, seeds, compared)}\n`)
  const { workload } = subject
  if (given.json !== undefined)
    await writeFile(given.json, `${withoutUnseen(JSON.stringify({ workload, seeds, policies: compared }, null, 1))}\n`)
  if (given.svg !== undefined) await writeFile(given.svg, plotOf(compared, subject.words))
  return runs < all ? EXIT.interrupted : EXIT.ok
}

/** `--slots` is for every policy that does not say itself how many it has. */
function withSlots(policies: readonly Policy[], { slots }: Given): Policy[] {
  const own = /(^|,)\s*(ci\.)?slots\s*=/
  return policies.map((policy) =>
    slots === undefined || policy.name === 'serial' || own.test(policy.name)
      ? policy
      : { ...policy, config: { ...policy.config, ci: { ...policy.config.ci, slots } } },
  )
}

function refuseImpossible(policies: readonly Policy[]): void {
  for (const { name, config } of policies) {
    if (config.land.method === 'fast-forward')
      throw new Refusal(
        EXIT.usage,
        `policy ${name}: land.method is fast-forward, which lands only heads that contain the tip; nobody in a simulation rebases them`,
      )
  }
}

/** A file that can't be written is told before the work is done, and what stands in it stays until there is something better. */
async function makeWritable(file: string | undefined): Promise<void> {
  if (file === undefined) return
  try {
    await (await open(file, 'a')).close()
  } catch (error) {
    throw new Refusal(
      EXIT.usage,
      `${file} can not be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
