import { readFileSync } from 'node:fs'
import { buildSchema, getOperationAST, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { CHECK_RUNS_AT_ONCE } from '../../src/core/queue/steps.ts'
import * as documents from '../../src/github/documents.ts'

const schema = buildSchema(
  readFileSync(new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'),
  { assumeValid: true },
)

const { LISTS, continuePullDocument, observePullsDocument, surveyDocument, updateCheckRunsDocument } = documents
const lists = Object.keys(LISTS).filter((name): name is documents.ListName => name in LISTS)

/** Of what is exported as a function, the documents that it makes. */
const made: Record<string, readonly string[]> = {
  observePullsDocument: [observePullsDocument([]), observePullsDocument([1]), observePullsDocument([1, 2, 3])],
  surveyDocument: [surveyDocument(0, true), surveyDocument(1, false), surveyDocument(3, true)],
  updateCheckRunsDocument: [updateCheckRunsDocument(1), updateCheckRunsDocument(CHECK_RUNS_AT_ONCE)],
  continuePullDocument: [continuePullDocument(lists), ...lists.map((list) => continuePullDocument([list]))],
}

const sent = Object.entries(documents)
  .filter(([name]) => name.endsWith('Document'))
  .map(([name, value]): [string, readonly string[]] => [name, typeof value === 'string' ? [value] : (made[name] ?? [])])

function problems(document: string): string[] {
  return validate(schema, parse(document)).map((error) => error.message)
}

test('The documents that the bot sends are known here', () => {
  expect(sent.length).toBeGreaterThan(0)
  expect(sent.filter(([, texts]) => texts.length === 0)).toEqual([])
})

test.each(sent)('%s is valid by the schema that GitHub publishes', (_name, texts) => {
  expect(texts.flatMap(problems)).toEqual([])
})

test.each(sent)('%s has a name, by which faults and meters know it', (_name, texts) => {
  for (const text of texts) expect(getOperationAST(parse(text))?.name?.value).toMatch(/^[A-Z]\w+$/)
})

test('A field that GitHub does not have is found', () => {
  expect(problems('query One { viewer { login shoeSize } }')).toEqual(['Cannot query field "shoeSize" on type "User".'])
})
