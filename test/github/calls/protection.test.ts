import { afterEach, beforeEach, expect, test } from 'vitest'
import { listen, loosen, openGitHub, REPO, silence } from '../nocked.ts'

beforeEach(silence)
afterEach(loosen)

const rules = `${REPO}/rules/branches/main?per_page=100`
const classic = `${REPO}/branches/main/protection`
const unprotected = { message: 'Branch not protected' }
const forbidden = { message: 'Resource not accessible by integration' }
const checks = (...names: [string, number?][]) => ({
  type: 'required_status_checks',
  ruleset_id: 2,
  parameters: {
    required_status_checks: names.map(([context, integration_id]) => ({
      context,
      ...(integration_id ? { integration_id } : {}),
    })),
  },
})

test('a branch without protection demands nothing, and nothing stands in our way', async () => {
  const scope = listen()
  scope.get(rules).reply(200, [])
  scope.get(classic).reply(404, unprotected)
  expect(await openGitHub().port.readProtection('main')).toEqual({
    ok: true,
    value: { branch: 'main', required: [], rules: [], bypass: 'yes' },
  })
})

test('required checks are the union of rulesets and classic protection, in one order', async () => {
  const scope = listen()
  scope
    .get(rules)
    .reply(200, [
      checks(['test', 15368], ['lint']),
      checks(['test', 15368]),
      { type: 'non_fast_forward', ruleset_id: 2 },
    ])
  scope.get(classic).reply(200, {
    required_status_checks: {
      contexts: ['build', 'lint'],
      checks: [
        { context: 'build', app_id: 9 },
        { context: 'lint', app_id: -1 },
      ],
    },
    required_linear_history: { enabled: true },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: true },
  })
  expect(await openGitHub().port.readProtection('main')).toEqual({
    ok: true,
    value: {
      branch: 'main',
      required: [
        { context: 'build', app_id: 9 },
        { context: 'lint', app_id: null },
        { context: 'test', app_id: 15368 },
      ],
      rules: ['non_fast_forward', 'required_linear_history'],
      bypass: 'yes',
    },
  })
})

test.each([
  ['always', 'yes'],
  ['exempt', 'yes'],
  ['never', 'no'],
  ['pull_requests_only', 'no'],
  [undefined, 'unknown'],
])('a ruleset that we may pass %s lets a direct update pass: %s', async (current_user_can_bypass, bypass) => {
  const scope = listen()
  scope
    .get(rules)
    .reply(200, [{ type: 'update', ruleset_id: 1 }, { type: 'pull_request', ruleset_id: 1 }, checks(['test'])])
  scope.get(`${REPO}/rulesets/1?includes_parents=true`).reply(200, { id: 1, current_user_can_bypass })
  scope.get(classic).reply(404, unprotected)
  expect(await openGitHub().port.readProtection('main')).toMatchObject({
    value: { bypass, rules: ['pull_request', 'update'] },
  })
})

test('a ruleset that can not be read leaves it unknown, and one closed door is enough', async () => {
  const scope = listen()
  scope
    .get(rules)
    .twice()
    .reply(200, [
      { type: 'update', ruleset_id: 1 },
      { type: 'pull_request', ruleset_id: 3 },
    ])
  scope.get(`${REPO}/rulesets/1?includes_parents=true`).twice().reply(404, { message: 'Not Found' })
  scope.get(classic).twice().reply(404, unprotected)
  scope.get(`${REPO}/rulesets/3?includes_parents=true`).reply(200, { id: 3, current_user_can_bypass: 'always' })
  const { port } = openGitHub()
  expect(await port.readProtection('main')).toMatchObject({ value: { bypass: 'unknown' } })
  scope.get(`${REPO}/rulesets/3?includes_parents=true`).reply(200, { id: 3, current_user_can_bypass: 'never' })
  expect(await port.readProtection('main')).toMatchObject({ value: { bypass: 'no' } })
})

const ours = { apps: [{ slug: 'mainkeeper' }] }
const others = { apps: [{ slug: 'other' }] }
test.each([
  [
    'lists us in both',
    { restrictions: ours, required_pull_request_reviews: { bypass_pull_request_allowances: ours } },
    'yes',
  ],
  ['restricts pushes to others', { restrictions: others }, 'no'],
  ['wants reviews of us too', { required_pull_request_reviews: {} }, 'no'],
  ['is locked', { lock_branch: { enabled: true } }, 'no'],
])('classic protection that %s lets us pass accordingly', async (_name, protection, bypass) => {
  const scope = listen()
  scope.get(rules).reply(200, [])
  scope.get(classic).reply(200, protection)
  expect(await openGitHub().port.readProtection('main')).toMatchObject({ value: { bypass } })
})

test('without the right to read classic protection the branch still names its required checks', async () => {
  const scope = listen()
  scope.get(rules).reply(200, [])
  scope.get(classic).reply(403, forbidden)
  scope.get(`${REPO}/branches/main`).reply(200, {
    protected: true,
    protection: { required_status_checks: { contexts: ['test'], checks: [{ context: 'test', app_id: null }] } },
  })
  expect(await openGitHub().port.readProtection('main')).toMatchObject({
    value: { required: [{ context: 'test', app_id: null }], bypass: 'unknown' },
  })
})

test('a branch that is gone, and a GitHub that does not answer, are no protection of nothing', async () => {
  const scope = listen()
  scope.get(rules).twice().reply(200, [])
  scope.get(classic).reply(404, { message: 'Branch not found' })
  const { port } = openGitHub()
  expect(await port.readProtection('main')).toMatchObject({ failure: 'gone' })
  scope.get(classic).reply(502, {})
  expect(await port.readProtection('main')).toMatchObject({ failure: 'unavailable' })
})
