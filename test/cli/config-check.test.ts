/** `mainkeeper config check`: what is told of a file, in which form, and what the process ends with. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { runCommandLine } from '../../src/cli/program.ts'

async function check(file: string, given: readonly string[] = [], piped = '') {
  const told = { out: '', err: '' }
  const code = await runCommandLine(['config', 'check', file, ...given], {
    variables: {},
    out: (text) => void (told.out += text),
    err: (text) => void (told.err += text),
    input: async () => piped,
    stop: new AbortController().signal,
  })
  return { code, ...told }
}

const BROKEN = `mode: live
land:
  methd: squash
  mode: exat
ready:
  approvals:
    required: 0
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('config check', () => {
  it('C116: names line, column, key, value and what would be right for every error, and ends with 1', async () => {
    const file = join(folder, 'broken.yml')
    await writeFile(file, BROKEN)
    expect(await check(file)).toEqual({
      code: EXIT.differs,
      out: [
        `${file}:3:3: \`land.methd\` is "squash": did you mean \`method\`?`,
        `${file}:4:3: \`land.mode\` is "exat": did you mean \`exact\`? it is one of \`exact\` and \`native\``,
        `${file}:7:5: \`ready.approvals.required\` is 0: it is at least 1`,
        '',
      ].join('\n'),
      err: '',
    })
  })

  it('says of a right file what it comes to, and ends with 0', async () => {
    const file = join(folder, 'right.yml')
    await writeFile(file, "mode: paused\ntargets: [main, 'release/*']\n")
    expect(await check(file)).toEqual({
      code: EXIT.ok,
      out: `${file} is right: mode paused, targets main, release/*\n`,
      err: '',
    })
    expect((await check('-', [], 'mode: live\n')).out).toBe('stdin is right: mode live, targets the default branch\n')
    expect((await check('-', [], "mode: { main: live, 'release/*': shadow }\n")).out).toBe(
      'stdin is right: mode live for main, shadow for release/*, targets main, release/*\n',
    )
  })

  it('reads standard input, and tells machines one object', async () => {
    const { code, out } = await check('-', ['--json'], 'mode: live\nmod: 1\n')
    expect(code).toBe(EXIT.differs)
    expect(JSON.parse(out)).toEqual({
      file: 'stdin',
      ok: false,
      errors: [{ line: 2, column: 1, key: 'mod', value: '1', fix: 'did you mean `mode`?' }],
    })
    expect(JSON.parse((await check('-', ['--json'], 'mode: live\n')).out)).toEqual({
      file: 'stdin',
      ok: true,
      errors: [],
    })
  })

  it('lets no file steer the terminal', async () => {
    const { out } = await check('-', [], 'mode: live\n\u001b[2J{{\n')
    expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  it('ends with 5 where there is no such file, and with 2 without one', async () => {
    expect(await check(join(folder, 'none.yml'))).toMatchObject({
      code: EXIT.notFound,
      err: expect.stringContaining('can not be read: ENOENT'),
    })
    expect(await check('--json')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining("'file'") })
  })

  it('shows examples with --help', async () => {
    expect((await check('--help')).out).toContain('mainkeeper config check .github/mainkeeper.yml')
  })
})
