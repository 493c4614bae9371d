/** What readiness needs beyond checks and reviews: owners, teams, rights, signatures, bases. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewEvent, PayloadOf } from '../../../src/core/events.ts'
import type { PullAsks } from '../../../src/github/port.ts'
import { testFence } from '../../support/fence.ts'
import { openTwinPort, type TwinPort, value } from './twin-port.ts'

let on: TwinPort
let clock: TwinPort['clock']
let repo: TwinPort['repo']
let port: TwinPort['port']
let propose: TwinPort['propose']

beforeEach(async () => {
  on = await openTwinPort({
    'a.txt': 'a\n',
    'docs/CODEOWNERS': '* @nobody\n',
    '.github/CODEOWNERS': '*.ts @alice @acme/web\n/ci/ @bob\n',
  })
  ;({ clock, repo, port, propose } = on)
})

afterEach(() => on.close())

async function look(pull: number, asks?: PullAsks) {
  const { facts } = value(await port.observePulls([pull], 'main', asks))
  return { ...payloadOf(facts, 'pull_request_observed'), ...payloadOf(facts, 'pull_request_examined') }
}

const payloadOf = <T extends NewEvent['type']>(facts: readonly NewEvent[], type: T) =>
  facts.find((fact) => fact.type === type)?.payload as PayloadOf<T>

test('C40 the owners of what a pull request touches, by the first CODEOWNERS that GitHub finds, and the members of a team', async () => {
  const { pull } = await propose('feature', { 'x/b.ts': 'b', 'ci/run.ts': 'c', 'ci/run.txt': 'd', 'other.txt': 'e' })
  const owners = new Map([['main', value(await port.readCodeOwners('main'))]])
  const asked = await look(pull, { signatures: false, owners })
  expect(asked.owners).toEqual([
    { file: 'ci/run.ts', owners: ['bob'] },
    { file: 'x/b.ts', owners: ['acme/web', 'alice'] },
  ])
  expect((await look(pull)).owners).toBeNull()
  repo.team(
    'web',
    Array.from({ length: 101 }, (_, index) => `member-${index}`),
  )
  expect(value(await port.readTeam('acme/web')).members).toHaveLength(101)
  expect(value(await port.readTeam('acme/other'))).toEqual({ team: 'acme/other', members: null })
  expect(value(await port.readTeam('nowhere/web'))).toEqual({ team: 'nowhere/web', members: null })
  await repo.as('alice').commit('main', { '.github/CODEOWNERS': null, 'docs/CODEOWNERS': null })
  expect(value(await port.readCodeOwners('main'))).toEqual([])
})

test('C40 the survey tells the owners that a read of their own tells, and neither tells by half a file', async () => {
  const surveyed = async (owners: boolean) =>
    value(await port.survey(['main'], 'a.txt', 'blocked', owners)).branches.map((branch) => branch.owners)
  expect(await surveyed(true)).toEqual([value(await port.readCodeOwners('main'))])
  expect(await surveyed(false)).toEqual([null])
  await repo.as('alice').commit('main', { '.github/CODEOWNERS': `${'# so much\n'.repeat(60_000)}* @bob\n` })
  expect(await surveyed(true)).toEqual([null])
  expect(await port.readCodeOwners('main')).toMatchObject({ ok: false, failure: 'refused' })
  await repo.as('alice').commit('main', { '.github/CODEOWNERS': null, 'docs/CODEOWNERS': null })
  expect(await surveyed(true)).toEqual([[]])
})

test('C40 without the right to read members nobody is known to belong to a team', async () => {
  repo.team('web', ['alice'])
  repo.permissions({ metadata: 'read', contents: 'write', pull_requests: 'write' })
  clock.moveTo(clock.now() + 3_600_000)
  expect(value(await port.readTeam('acme/web'))).toEqual({ team: 'acme/web', members: null })
})

test('whether the App may write workflows follows from its token, and what is granted later comes with a new one', async () => {
  const { workflows: _, ...less } = {
    metadata: 'read',
    contents: 'write',
    pull_requests: 'write',
    checks: 'write',
    workflows: 'write',
  } as const
  repo.permissions(less)
  clock.moveTo(clock.now() + 3_600_000)
  const { pull: plain } = await propose('plain', { 'b.txt': 'b' })
  const { pull } = await propose('feature', { '.github/workflows/ci.yml': 'on: push\n' })
  expect(await look(plain)).toMatchObject({ workflow_files: 'no', may_write_workflows: 'unknown' })
  expect(await look(pull)).toMatchObject({ workflow_files: 'yes', may_write_workflows: 'no' })
  repo.permissions({ ...less, workflows: 'write' })
  expect(await look(pull)).toMatchObject({ may_write_workflows: 'no' })
  clock.moveTo(clock.now() + 60_000)
  expect(await look(pull)).toMatchObject({ may_write_workflows: 'yes' })
})

test('unsigned commits are counted where that is asked for, over pages', async () => {
  const alice = repo.as('alice')
  for (let index = 0; index < 101; index++)
    await alice.commit('feature', { 'b.txt': String(index) }, { signed: index > 0 })
  const pull = await alice.openPull({ head: 'feature', title: 'feature' })
  const signatures = { signatures: true, owners: new Map() }
  expect((await look(pull, signatures)).unsigned).toBe(1)
  expect((await look(pull)).unsigned).toBeNull()
})

test('C26 auto-merge, what it depends on, and when its base was changed, by whomever', async () => {
  const { pull: lower } = await propose('lower', { 'b.txt': 'b' })
  const alice = repo.as('alice')
  await alice.commit('upper', { 'c.txt': 'c' }, { from: 'lower' })
  const upper = await alice.openPull({ head: 'upper', base: 'lower', title: 'upper', body: `Depends on #${lower}` })
  expect(await look(upper)).toMatchObject({ base: 'lower', auto_merge: null, depends_on: [lower], base_changed: null })
  await repo.as('bob').enableAutoMerge(upper)
  value(await port.retargetPull(testFence(), upper, 'main'))
  const changed = new Date(Math.floor(clock.now() / 1000) * 1000).toISOString().replace('.000Z', 'Z')
  expect(await look(upper)).toMatchObject({ base: 'main', auto_merge: 'bob', base_changed: changed })
  await alice.commit('third', { 'd.txt': 'd' }, { from: 'upper' })
  const third = await alice.openPull({ head: 'third', base: 'upper', title: 'third' })
  await alice.merge(upper)
  await alice.deleteBranch('upper')
  expect(await look(third)).toMatchObject({ state: 'open', base: 'main', base_changed: changed })
})

test('C43 what an organization demands counts as what the repository demands, and as its classic protection, by union', async () => {
  const include = ['~DEFAULT_BRANCH']
  const demand = (context: string) => ({ type: 'required_status_checks' as const, checks: [{ context }] })
  repo.protect('main', { requiredChecks: [{ context: 'classic' }, { context: 'both' }] })
  repo.ruleset({ name: 'ours', include, rules: [demand('ruleset'), demand('both')] })
  repo.ruleset({
    name: 'everywhere',
    include,
    ofOrganization: true,
    rules: [demand('organization'), { type: 'pull_request', threads: true }],
  })
  const { required, rules } = value(await port.readProtection('main'))
  expect(required.map(({ context }) => context)).toEqual(['both', 'classic', 'organization', 'ruleset'])
  expect(rules).toContain('required_conversation_resolution')
})
