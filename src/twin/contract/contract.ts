/**
 * GitHub's published descriptions as a judge: whether a request, an answer or a webhook is one that they know. It
 * validates only against the two extracts beside it and knows nothing of what the twin means by what it says.
 */
import { readFile } from 'node:fs/promises'
import { type RestContract, type RestExtract, restContract } from './rest.ts'
import { type WebhookContract, type WebhookExtract, webhookContract } from './webhooks.ts'

export interface Contract extends RestContract, WebhookContract {}

let loaded: Promise<Contract> | undefined

/** The contract; it is read once per process, and each schema is compiled when it is first needed. */
export function loadContract(): Promise<Contract> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Contract> {
  const [rest, webhooks, { schemaSet }] = await Promise.all([
    extract<RestExtract>('openapi.json'),
    extract<WebhookExtract>('webhooks.json'),
    // A development dependency: only what validates may need it.
    import('./schema-set.ts'),
  ])
  return {
    ...restContract(rest, schemaSet(rest.schemas), schemaSet({}, { coerce: true })),
    ...webhookContract(webhooks, schemaSet(webhooks.schemas)),
  }
}

async function extract<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8'))
}
