/**
 * `npm run acceptance`: says which scenarios of `docs/acceptance.md` have no test; with `--mutate`, whether the tests of
 * some of them notice that the code behind them is broken.
 */
import { parseArgs } from 'node:util'
import { drawn } from '../../src/twin/ci/random.ts'
import { projectFolder } from '../support/house/sources.ts'
import { BREAKS } from './breaks.ts'
import { type Cover, type Item, readCover, readItems } from './items.ts'
import { broken, type Copy, copyTree, judge, runTests, textOf } from './mutate.ts'

const USAGE = `npm run acceptance -- [--mutate <number> [--seed <number>]] [--only <ids>]

Without --mutate: prints every scenario of docs/acceptance.md that has no test, or no break that can be put in.

  --mutate  breaks the code behind so many scenarios, one after the other in a copy of the tree, and expects red
  --seed    which scenarios, and in which order (default 1)
  --only    these scenarios alone, such as C33,C34
  --help    this

  npm run acceptance                              what is covered
  npm run acceptance -- --mutate 20 --seed 7      twenty breaks, drawn by seed 7: some minutes
  npm run acceptance -- --mutate 2 --only C33,C34 these two

Exit code: 0, or 1 when a scenario has no test, or a break was not noticed; 2 when it could not run.
`

const say = (text: string): void => void process.stdout.write(`${text}\n`)

interface Asked {
  readonly mutate: number | null
  readonly seed: number
  readonly only: readonly string[] | null
}

function asked(): Asked | 'help' {
  const { values } = parseArgs({
    options: {
      mutate: { type: 'string' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const whole = (name: 'mutate' | 'seed', text: string): number => {
    if (!/^\d{1,9}$/.test(text) || (name === 'mutate' && Number(text) === 0))
      throw new Error(`--${name} is a whole number${name === 'mutate' ? ', 1 or more' : ''}, not ${text}`)
    return Number(text)
  }
  return {
    mutate: values.mutate === undefined ? null : whole('mutate', values.mutate),
    seed: whole('seed', values.seed),
    only: values.only?.split(',').map((id) => id.trim()) ?? null,
  }
}

async function chosen(only: readonly string[] | null): Promise<Item[]> {
  const items = await readItems()
  const unknown = (only ?? []).filter((id) => !items.some((item) => item.id === id))
  if (unknown.length > 0) throw new Error(`docs/acceptance.md has no ${unknown.join(', ')}`)
  return items.filter(({ id }) => only?.includes(id) ?? true)
}

async function tellCover(items: readonly Item[], cover: Cover): Promise<number> {
  let wrong = 0
  for (const { id, scenario } of items) {
    const fault = BREAKS[id]
    const why =
      (!cover.has(id) && 'no test') ||
      (!fault && 'no break') ||
      (fault && aimless(broken(await textOf(projectFolder, fault), fault)))
    if (!why) continue
    wrong++
    say(`${id}  ${why}: ${scenario}`)
  }
  say(`acceptance: ${items.filter(({ id }) => cover.has(id)).length} of ${items.length} covered`)
  return wrong === 0 ? 0 : 1
}

const aimless = (text: string | Error): string =>
  typeof text === 'string' ? '' : `the break is aimed at nothing, ${text.message}`

async function mutate(items: readonly Item[], cover: Cover, copy: Copy): Promise<number> {
  const files = [...new Set(items.flatMap(({ id }) => cover.get(id) ?? []))]
  say(`nothing broken yet: ${files.length} files with tests of ${items.map(({ id }) => id).join(' ')}`)
  const whole = await runTests(
    copy,
    items.map(({ id }) => id),
    files,
  )
  if (whole.result !== 'green')
    throw new Error(`before anything is broken: ${whole.result === 'red' ? `${whole.test} fails` : whole.why}`)
  let noticed = 0
  for (const [index, { id, scenario }] of items.entries()) {
    const began = performance.now()
    const fault = BREAKS[id]
    const outcome = fault
      ? await judge(copy, id, cover.get(id) ?? [], fault)
      : { result: 'lost' as const, why: 'no break' }
    if (outcome.result === 'red') noticed++
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5)
    const word = { red: 'red', green: 'GREEN', lost: 'LOST' }[outcome.result]
    say(
      `${String(index + 1).padStart(3)}/${items.length} ${seconds} s  ${word.padEnd(5)}  ${id}  ${fault?.wrong ?? scenario}`,
    )
    if (outcome.result === 'red') say(`       noticed by: ${outcome.test}`)
    if (outcome.result === 'lost') say(`       ${outcome.why}`)
  }
  say(`acceptance: ${noticed} of ${items.length} breaks noticed`)
  return noticed === items.length ? 0 : 1
}

/** Aborted by Ctrl-C: the tests that run are ended, and the copy is removed. */
const ended = new AbortController()

async function main(): Promise<number> {
  const options = asked()
  if (options === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  const items = await chosen(options.only)
  const cover = await readCover()
  if (options.mutate === null) return tellCover(items, cover)
  const { seed } = options
  const covered = items.filter(({ id }) => cover.has(id))
  const drawnItems = covered.toSorted((a, b) => drawn(seed, a.id) - drawn(seed, b.id)).slice(0, options.mutate)
  if (drawnItems.length === 0) throw new Error('none of these has a test')
  const copy = await copyTree(ended.signal)
  try {
    return await mutate(drawnItems, cover, copy)
  } finally {
    await copy.remove()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => ended.abort(new Error('ended by a signal')))
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 2
})
