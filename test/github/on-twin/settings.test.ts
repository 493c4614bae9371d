/** What a repository has set: files, rights, protection. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTwinPort, type TwinPort, value } from './twin-port.ts'

let on: TwinPort
let repo: TwinPort['repo']
let port: TwinPort['port']
let tipOf: TwinPort['tipOf']

beforeEach(async () => {
  on = await openTwinPort({ 'a.txt': 'a\n', '.github/mainkeeper.yml': 'mode: live\n' })
  ;({ repo, port, tipOf } = on)
})

afterEach(() => on.close())

test('a file is read at its commit; where there is none it is null', async () => {
  const tip = await tipOf('main')
  expect(value(await port.readFile('.github/mainkeeper.yml', 'main'))).toMatchObject({
    commit: tip,
    text: 'mode: live\n',
  })
  expect(value(await port.readFile('.github/nothing.yml', 'main'))).toBeNull()
  expect(await port.readFile('.github/mainkeeper.yml', 'nowhere')).toMatchObject({ failure: 'gone' })
})

test('permissions are read by role, and of nobody they are none or what the public may', async () => {
  expect(value(await port.readPermission('bob'))).toMatchObject({ user: 'bob', permission: 'maintain' })
  expect(value(await port.readPermission('alice'))).toMatchObject({ permission: 'write' })
})

test('protection is the union of rulesets and classic protection', async () => {
  expect(value(await port.readProtection('main'))).toEqual({ branch: 'main', required: [], rules: [], bypass: 'yes' })
  repo.protect('main', { requiredChecks: [{ context: 'classic' }] })
  repo.ruleset({
    name: 'proven',
    include: ['~DEFAULT_BRANCH'],
    rules: [
      { type: 'required_status_checks', checks: [{ context: 'test', appId: 15368 }] },
      { type: 'non_fast_forward' },
    ],
  })
  repo.ruleset({
    name: 'queue only',
    include: ['~DEFAULT_BRANCH'],
    rules: [{ type: 'update' }],
    bypass: [{ actor: 'app' }],
  })
  const passing = value(await port.readProtection('main'))
  expect(passing.required).toEqual([
    { context: 'classic', app_id: null },
    { context: 'test', app_id: 15368 },
  ])
  expect(passing.rules).toContain('update')
  expect(passing.bypass).toBe('yes')
  repo.ruleset({ name: 'nobody', include: ['~DEFAULT_BRANCH'], rules: [{ type: 'update' }] })
  expect(value(await port.readProtection('main')).bypass).toBe('no')
})
