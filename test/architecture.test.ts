/**
 * The house as a test: the arrows between the parts, one door for each outside thing, one file that moves a target. The
 * rules are in `support/house/check-architecture.ts`; first they are tried on sources that break them.
 */
import { describe, expect, it } from 'vitest'
import { checkArchitecture, crowds } from './support/house/check-architecture.ts'
import { readSources } from './support/house/sources.ts'

const check = (files: Record<string, string>): string[] => checkArchitecture(new Map(Object.entries(files)))

describe('the house', () => {
  it('has no arrow, door, cycle or name that is not drawn in docs/design.md', () => {
    const sources = readSources('src')
    expect([...sources.keys()]).toContain('src/core/events.ts')
    expect(checkArchitecture(sources)).toEqual([])
  })

  it('has no crowded folder among the tests', () => {
    expect(crowds(readSources('test').keys())).toEqual([])
  })
})

describe('the check of the house', () => {
  it.each([
    ['an arrow that is not drawn', 'src/effects/a.ts', "import { x } from '../store/log.ts'", 'effects does not point'],
    ['a type import', 'src/core/a.ts', "import type { X } from '../github/port.ts'", 'core does not point there'],
    ['a re-export', 'src/core/a.ts', "const a = 1\nexport { x } from '../store/log.ts'", 'core does not point there'],
    ['a dynamic import', 'src/store/a.ts', "const a = await import('../lane/turn.ts')", 'store does not point there'],
    ['a type position import', 'src/store/a.ts', "type A = import('../lane/turn.ts').Turn", 'store does not point'],
    ['more of github than its port', 'src/lane/a.ts', "import '../github/octokit.ts'", 'lane does not point there'],
    ['the twin in the app', 'src/app.ts', "import { startTwin } from './twin/twin.ts'", 'only the demo and the tests'],
    ['more of core than ids in the twin', 'src/twin/a.ts', "import '../core/events.ts'", 'twin does not point there'],
    ['a test in the app', 'src/cli/a.ts', "import '../../test/support/fence.ts'", 'nothing outside src'],
    ['a part that does not exist', 'src/tools/a.ts', "import 'zod'", 'the house has no such part'],
    ['Node in the core', 'src/core/a.ts', "import { join } from 'node:path'", 'core is pure'],
    ['drizzle outside the store', 'src/lane/a.ts', "import { sql } from 'drizzle-orm'", 'the database has its door'],
    ['PGlite outside the store', 'src/cli/a.ts', "import('@electric-sql/pglite')", 'the database has its door'],
    ['Octokit outside github', 'src/effects/a.ts', "import { Octokit } from '@octokit/rest'", 'GitHub has its door'],
    ['Probot outside its two files', 'src/main.ts', "import { Probot } from 'probot'", 'Probot has its door'],
    ['a timer by import', 'src/lane/a.ts', "import { scheduler } from 'node:timers/promises'", 'a timer has its door'],
    ['the environment', 'src/store/a.ts', 'const url = process.env.DATABASE_URL', 'the environment has its door'],
    ['the clock', 'src/core/a.ts', 'const now = Date.now()', 'the clock has its door'],
    ['the date', 'src/lane/a.ts', 'const now = new Date()', 'the clock has its door'],
    ['a timer', 'src/lane/a.ts', 'setInterval(turn, 1000)', 'the clock has its door'],
    ['chance', 'src/core/a.ts', 'const id = Math.random()', 'chance has its door'],
    ['a forged fence', 'src/lane/a.ts', 'const fence = {} as unknown as Fence', 'the making of a Fence'],
    ['a second mover of a target', 'src/lane/a.ts', 'await port.advanceTarget(fence, move)', 'the move of a target'],
    ['a second merger of pull requests', 'src/lane/a.ts', 'await port.mergePull(fence, merge)', 'the merge of a pull'],
    ['a pull request merged past the port', 'src/effects/a.ts', 'await rest.pulls.merge({})', 'a pull request merged'],
    ['a ref moved past the port', 'src/github/a.ts', 'await rest.git.updateRef({})', 'a ref moved on GitHub'],
    ['a barrel', 'src/core/events.ts', "export * from './ids.ts'\n/* all */", 'a barrel'],
    ['an empty name', 'src/core/utils.ts', 'export const a = 1', 'a name says what is inside'],
    ['a file named in camelCase', 'src/core/eventLog.ts', 'export const a = 1', 'kebab-case'],
  ])('finds %s', (_, file, text, why) => {
    expect(check({ [file]: text })).toEqual([expect.stringContaining(why)])
    expect(check({ [file]: text })[0]).toMatch(/^src\/\S+ → [^:]+.*: /)
  })

  it('finds a cycle once, and tells its way', () => {
    const ring = { a: 'b', b: 'c', c: 'a', d: 'a' }
    const files = Object.entries(ring).map(([from, to]) => [`src/core/${from}.ts`, `import './${to}.ts'\nlet x = 1`])
    expect(check(Object.fromEntries(files))).toEqual([
      'src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts: an import cycle',
    ])
  })

  it('finds a folder with more than a dozen files, and counts none twice', () => {
    const files = (folder: string, count: number) => Array.from({ length: count }, (_, n) => `src/${folder}/f${n}.ts`)
    const crowd = [...files('core', 13), ...files('core/few', 12)].map((file) => [file, 'let x = 1'])
    expect(check(Object.fromEntries(crowd))).toEqual([
      'src/core → 13 files: more than 12 are two subjects; give one a folder',
    ])
  })

  it('takes no offence at comments, at strings and at what is allowed', () => {
    expect(
      check({
        'src/core/a.ts': "// Date.now() is not for us; import 'drizzle-orm'\nconst url = 'https://a/b' // as Fence\n",
        'src/store/lease.ts': "import { z } from 'zod'\nconst f = {} as unknown as Fence\nperformance.now()",
        'src/lane/turn.ts': "import type { RepositoryPort } from '../github/port.ts'\nconst a = new Date(0)",
        'src/cli/demo.ts': "import { startTwin } from '../twin/twin.ts'\nimport { x } from '../store/store.ts'",
      }),
    ).toEqual([])
  })
})
