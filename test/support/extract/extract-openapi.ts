/**
 * Writes `src/twin/contract/openapi.json`: of GitHub's published description of its REST API only the operations that
 * the twin answers, ready to validate with. It knows nothing of what the twin does with them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Description, type Json, type JsonObject, object, SchemaReducer, text } from './extract-schemas.ts'

const usage = `Usage: tsx test/support/extract/extract-openapi.ts <folder of the unpacked package @octokit/openapi>

The package is large, so it is no dependency. To get it:
  npm pack @octokit/openapi@23.0.2 && tar -xzf octokit-openapi-23.0.2.tgz
  npx tsx test/support/extract/extract-openapi.ts package

To let the twin answer another operation, add it to the list in this script and run it again.`

const operations = `
GET    /app
GET    /app/installations
GET    /app/installations/{installation_id}
POST   /app/installations/{installation_id}/access_tokens
GET    /app/hook/deliveries
GET    /app/hook/deliveries/{delivery_id}
POST   /app/hook/deliveries/{delivery_id}/attempts
GET    /installation/repositories
GET    /rate_limit
GET    /repos/{owner}/{repo}
GET    /repos/{owner}/{repo}/installation
GET    /repos/{owner}/{repo}/contents/{path}
GET    /repos/{owner}/{repo}/git/ref/{ref}
GET    /repos/{owner}/{repo}/git/matching-refs/{ref}
POST   /repos/{owner}/{repo}/git/refs
PATCH  /repos/{owner}/{repo}/git/refs/{ref}
DELETE /repos/{owner}/{repo}/git/refs/{ref}
GET    /repos/{owner}/{repo}/git/commits/{commit_sha}
POST   /repos/{owner}/{repo}/git/commits
GET    /repos/{owner}/{repo}/git/trees/{tree_sha}
GET    /repos/{owner}/{repo}/commits/{ref}
GET    /repos/{owner}/{repo}/commits/{commit_sha}/pulls
POST   /repos/{owner}/{repo}/merges
GET    /repos/{owner}/{repo}/compare/{basehead}
GET    /repos/{owner}/{repo}/pulls
GET    /repos/{owner}/{repo}/pulls/{pull_number}
PATCH  /repos/{owner}/{repo}/pulls/{pull_number}
GET    /repos/{owner}/{repo}/pulls/{pull_number}/reviews
GET    /repos/{owner}/{repo}/pulls/{pull_number}/files
GET    /repos/{owner}/{repo}/pulls/{pull_number}/commits
PUT    /repos/{owner}/{repo}/pulls/{pull_number}/merge
GET    /repos/{owner}/{repo}/commits/{ref}/check-runs
GET    /repos/{owner}/{repo}/commits/{ref}/check-suites
POST   /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs
POST   /repos/{owner}/{repo}/check-runs
GET    /repos/{owner}/{repo}/check-runs/{check_run_id}
PATCH  /repos/{owner}/{repo}/check-runs/{check_run_id}
GET    /repos/{owner}/{repo}/commits/{ref}/status
GET    /repos/{owner}/{repo}/commits/{ref}/statuses
GET    /repos/{owner}/{repo}/issues
POST   /repos/{owner}/{repo}/issues
GET    /repos/{owner}/{repo}/issues/{issue_number}
PATCH  /repos/{owner}/{repo}/issues/{issue_number}
GET    /repos/{owner}/{repo}/issues/{issue_number}/comments
POST   /repos/{owner}/{repo}/issues/{issue_number}/comments
GET    /repos/{owner}/{repo}/issues/{issue_number}/events
GET    /repos/{owner}/{repo}/issues/comments
GET    /repos/{owner}/{repo}/issues/comments/{comment_id}
PATCH  /repos/{owner}/{repo}/issues/comments/{comment_id}
DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}
GET    /repos/{owner}/{repo}/issues/{issue_number}/labels
POST   /repos/{owner}/{repo}/issues/{issue_number}/labels
DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}
GET    /repos/{owner}/{repo}/labels
POST   /repos/{owner}/{repo}/labels
GET    /repos/{owner}/{repo}/labels/{name}
POST   /repos/{owner}/{repo}/issues/{issue_number}/reactions
POST   /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions
GET    /repos/{owner}/{repo}/assignees/{assignee}
GET    /repos/{owner}/{repo}/collaborators/{username}/permission
GET    /repos/{owner}/{repo}/rules/branches/{branch}
GET    /repos/{owner}/{repo}/rulesets
GET    /repos/{owner}/{repo}/rulesets/{ruleset_id}
GET    /repos/{owner}/{repo}/branches/{branch}
GET    /repos/{owner}/{repo}/branches/{branch}/protection`
  .trim()
  .split('\n')
  .map((line) => line.replace(/ +/, ' '))

/** Answers that the package describes other than GitHub gives them. */
const corrected: { readonly [answer: string]: JsonObject } = {
  // There an installation's account has to be a user and an enterprise at once.
  'GET /app/installations 200': { type: 'array', items: { $ref: '#/components/schemas/installation' } },
}

interface OpenApi extends Description {
  readonly paths: { readonly [path: string]: JsonObject }
}

function extracted(description: OpenApi): JsonObject {
  const reducer = new SchemaReducer(description)
  const kept: { [operation: string]: Json } = {}
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ')
    const described = description.paths[path]?.[method.toLowerCase()]
    if (described === undefined) throw new Error(`not in the description: ${operation}`)
    kept[operation] = operationOf(operation, description, reducer, object(described))
  }
  // The shape of an error that an operation does not describe.
  reducer.reduce({ $ref: '#/components/schemas/basic-error' })
  return { operations: kept, schemas: reducer.schemas() }
}

function operationOf(
  operation: string,
  description: OpenApi,
  reducer: SchemaReducer,
  described: JsonObject,
): JsonObject {
  const parameters = list(described['parameters']).map((parameter) => resolved(description, parameter))
  const placed = (where: string) =>
    parameterSchema(
      reducer,
      parameters.filter((each) => each['in'] === where),
    )
  const body = described['requestBody'] === undefined ? undefined : object(described['requestBody'])
  const content = body && jsonSchema(body)
  const answers = Object.entries(object(described['responses'])).map(([status, answer]): [string, Json] => {
    const schema = corrected[`${operation} ${status}`] ?? jsonSchema(resolved(description, answer))
    return [status, schema ? reducer.reduce(schema) : null]
  })
  return {
    path: placed('path'),
    query: placed('query'),
    ...(content ? { body: { required: body?.['required'] === true, schema: reducer.reduce(content) } } : {}),
    answers: Object.fromEntries(answers),
  }
}

function parameterSchema(reducer: SchemaReducer, parameters: readonly JsonObject[]): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map((each): [string, Json] => [text(each['name']), reducer.reduce(object(each['schema']))]),
    ),
    required: parameters.filter((each) => each['required'] === true).map((each) => text(each['name'])),
    additionalProperties: false,
  }
}

function jsonSchema(described: JsonObject): JsonObject | undefined {
  const media = described['content'] === undefined ? undefined : object(described['content'])['application/json']
  const schema = media === undefined ? undefined : object(media)['schema']
  return schema === undefined ? undefined : object(schema)
}

function resolved(description: OpenApi, json: Json): JsonObject {
  const given = object(json)
  const reference = given['$ref']
  if (typeof reference !== 'string') return given
  const [, , section = '', name = ''] = reference.split('/')
  return object(description.components[section]?.[name])
}

function list(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : []
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } })
const folder = positionals[0]
if (values.help === true || folder === undefined) {
  process.stdout.write(`${usage}\n`)
  process.exit(values.help === true ? 0 : 1)
}
const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const description: OpenApi = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.json'), 'utf8'))
const extract = extracted(description)
const licence = readFileSync(join(folder, 'LICENSE'), 'utf8').trim()
const source = { package: name, version, file: 'generated/api.github.com.json', licence }
const target = new URL('../../../src/twin/contract/openapi.json', import.meta.url)
writeFileSync(target, `${JSON.stringify({ source, ...extract })}\n`)
