import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { loadContract } from '../../src/twin/contract/contract.ts'

const contract = await loadContract()
const require = createRequire(import.meta.url)

interface Example {
  readonly name: string
  readonly examples: readonly Record<string, unknown>[]
}

const published: readonly Example[] = require('@octokit/webhooks-examples')
const sent = published.filter(({ name }) => !contract.webhook(name, {}).includes('no such event'))

function satisfying(event: string): Record<string, unknown> {
  const payload = sent
    .find(({ name }) => name === event)
    ?.examples.find((example) => contract.webhook(event, example).length === 0)
  if (!payload) throw new Error(`no example of ${event} satisfies its schema`)
  return payload
}

test('A payload that lacks a required field, or has one of another type, is told with its place', () => {
  const { check_run: run, ...rest } = satisfying('check_run')
  expect(contract.webhook('check_run', rest)).toEqual(["it must have required property 'check_run'"])
  const wrong = { ...rest, check_run: Object.assign({}, run, { head_sha: 7, conclusion: 'fine' }) }
  expect(contract.webhook('check_run', wrong)).toEqual(
    expect.arrayContaining([
      'check_run.head_sha must be string',
      expect.stringMatching(/^check_run\.conclusion must be equal to one of the allowed values/),
    ]),
  )
})

test('The action of a payload says which schema it has to satisfy', () => {
  const opened = { ...satisfying('issues'), action: 'opened' }
  expect(contract.webhook('issues', opened)).toEqual([])
  expect(contract.webhook('issues', { ...opened, action: 'transferred' })).not.toEqual([])
  expect(contract.webhook('issues', { ...opened, action: 'unheard_of' })).toEqual(['no such action: unheard_of'])
})

test('An event that the twin does not send is a problem', () => {
  expect(contract.webhook('star', {})).toEqual(['no such event'])
})

test('A payload that is no object is a problem', () => {
  expect(contract.webhook('push', 'ref')).toEqual(['it must be object'])
})

function read(path: string): { name: string; version: string; source: unknown } {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
}

test('The extract is of the version that is installed', () => {
  const { name, version } = read('node_modules/@octokit/openapi-webhooks/package.json')
  expect(read('src/twin/contract/webhooks.json').source).toMatchObject({ package: name, version })
})

// GitHub's own examples are older than its schemas: what fails here shows how lenient a reader of webhooks has to be.
test('Of the published examples these satisfy the schemas of today', () => {
  const counted = sent.map(({ name, examples }) => {
    const good = examples.filter((example) => contract.webhook(name, example).length === 0)
    return [name, `${good.length} of ${examples.length}`]
  })
  expect(Object.fromEntries(counted)).toEqual({
    branch_protection_rule: '0 of 5',
    check_run: '7 of 9',
    check_suite: '9 of 9',
    create: '5 of 5',
    delete: '4 of 4',
    installation: '2 of 7',
    installation_repositories: '0 of 3',
    issue_comment: '8 of 9',
    issues: '27 of 29',
    member: '3 of 4',
    ping: '4 of 4',
    pull_request: '13 of 29',
    pull_request_review: '0 of 4',
    pull_request_review_thread: '0 of 3',
    push: '0 of 7',
    repository: '13 of 13',
    status: '0 of 4',
  })
})

test('The other examples lack newer fields, write an instant in another form, or leave a link empty', () => {
  const kinds = sent
    .flatMap(({ name, examples }) => examples.flatMap((example) => contract.webhook(name, example)))
    .filter((problem) => !/^and \d+ more$|must match a schema in anyOf$|must have required property/.test(problem))
    .map((problem) => problem.replace(/'.*'/, 'X').replace(/^.*\.(?=\w+ )/, ''))
  expect([...new Set(kinds)].sort()).toEqual([
    'created_at must be string',
    'created_at must match format "date-time"',
    'homepage must match format "uri"',
    'updated_at must be string',
  ])
})
