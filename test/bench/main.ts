/**
 * `npm run bench -- --only G1 --seeds 5 --json FILE`: plays the goals of the queue on virtual time and prints what was
 * measured beside what was asked. It knows no policy and no workload.
 */
import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { parseArgs } from 'node:util'
import { g1 } from './goals/g1.ts'
import { g2 } from './goals/g2.ts'
import { g3 } from './goals/g3.ts'
import { g4 } from './goals/g4.ts'
import { lane } from './goals/lane.ts'
import type { Goal, Row } from './measure.ts'
import { tableOf, tally } from './table.ts'

const GOALS: readonly Goal[] = [g1, lane, g2, g3, g4]

const HELP = `Plays the goals of the queue on simulated CI and virtual time, each policy on the same seeds; G4 on the local GitHub.

  npm run bench                      every goal, 5 seeds
  npm run bench -- --only G1         one goal, or several: G1,G3
  npm run bench -- --seeds 9         seeds 1 to 9; at least 5 make a range worth reading
  npm run bench -- --json FILE       all values of all seeds as JSON beside the tables
  npm run bench -- --help            this

${GOALS.map(({ name, title }) => `  ${name}  ${title}`).join('\n')}

A cell is the median over the seeds, with the least and the greatest. It ends with \`bench: A asked, M met, X missed\`.
`

function asked(): { help: boolean; goals: readonly Goal[]; seeds: readonly number[]; json: string | undefined } {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: GOALS.map(({ name }) => name).join(',') },
      seeds: { type: 'string', default: '5' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const goals = values.only.split(',').map((name) => {
    const goal = GOALS.find((one) => one.name === name.trim().toUpperCase())
    if (!goal) throw new Error(`--only knows ${GOALS.map((one) => one.name).join(', ')}, not ${name}`)
    return goal
  })
  if (!/^[1-9]\d{0,3}$/.test(values.seeds)) throw new Error(`--seeds is a whole number from 1, not ${values.seeds}`)
  const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => at + 1)
  return { help: values.help, goals, seeds, json: values.json }
}

async function measured(goal: Goal, seeds: readonly number[]): Promise<Row[]> {
  const rows: Row[] = []
  const began = performance.now()
  for await (const row of goal.run(seeds)) {
    rows.push(row)
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    process.stderr.write(`${goal.name} ${rows.length}/${goal.rows}, ${seconds} s: ${row.workload}, ${row.policy}\n`)
  }
  return rows
}

async function main(): Promise<number> {
  const { help, goals, seeds, json } = asked()
  if (help) {
    process.stdout.write(HELP)
    return 0
  }
  const results: { goal: string; title: string; rows: readonly Row[] }[] = []
  for (const goal of goals) {
    const rows = await measured(goal, seeds)
    process.stdout.write(`\n## ${goal.name}: ${goal.title}\n\n${tableOf(rows)}\n`)
    results.push({ goal: goal.name, title: goal.title, rows })
  }
  const machine = { node: process.version, platform: platform(), arch: arch(), cpus: cpus().length }
  if (json) writeFileSync(json, `${JSON.stringify({ seeds, machine, results }, null, 1)}\n`)
  const { asked: count, met } = tally(results.flatMap(({ rows }) => rows))
  process.stdout.write(`\nbench: ${count} asked, ${met} met, ${count - met} missed\n`)
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
