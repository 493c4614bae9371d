/**
 * Writes `src/twin/contract/webhooks.json`: of the published schemas of GitHub's webhooks only those of the events that
 * the twin sends, from the devDependency @octokit/openapi-webhooks. It knows nothing of what the events mean to us.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Description, type Json, type JsonObject, object, SchemaReducer, text } from './extract-schemas.ts'

const events = new Set([
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'installation',
  'installation_repositories',
  'issue_comment',
  'issues',
  'member',
  'ping',
  'pull_request',
  'pull_request_review',
  'pull_request_review_thread',
  'push',
  'repository',
  'repository_ruleset',
  'status',
])

interface Webhooks extends Description {
  readonly webhooks: { readonly [name: string]: JsonObject }
}

function extracted(description: Webhooks): JsonObject {
  const reducer = new SchemaReducer(description)
  const kept: { [event: string]: { [action: string]: Json } } = {}
  for (const webhook of Object.values(description.webhooks)) {
    const post = object(webhook['post'])
    const [event = '', action = ''] = text(post['operationId']).replaceAll('-', '_').split('/')
    if (!events.has(event)) continue
    const content = object(object(post['requestBody'])['content'])
    const schema = object(object(content['application/json'])['schema'])
    kept[event] = { ...kept[event], [action]: reducer.reduce(schema) }
  }
  for (const event of events) if (!kept[event]) throw new Error(`not in the description: ${event}`)
  return { events: kept, schemas: reducer.schemas() }
}

const folder = new URL('../../../node_modules/@octokit/openapi-webhooks/', import.meta.url)
const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
const description: Webhooks = JSON.parse(readFileSync(new URL('generated/api.github.com.json', folder), 'utf8'))
const licence = readFileSync(new URL('LICENSE', folder), 'utf8').trim()
const source = { package: name, version, file: 'generated/api.github.com.json', licence }
const target = new URL('../../../src/twin/contract/webhooks.json', import.meta.url)
writeFileSync(target, `${JSON.stringify({ source, ...extracted(description) })}\n`)
