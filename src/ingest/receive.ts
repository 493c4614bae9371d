/**
 * The HTTP door for webhooks, in front of Probot: method, headers, size and signature are checked before anything is kept
 * or parsed. It knows nothing of what a webhook means.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { NewDelivery } from '../store/inbox.ts'
import type { Deliveries, Receipt } from './deliveries.ts'
import { discardRest, readBody } from './raw-body.ts'
import { isSigned } from './signature.ts'

export const WEBHOOK_PATH = '/api/github/webhooks'

/** GitHub sends none that is larger. https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
export const MAX_BODY_BYTES = 25 * 1024 * 1024

export interface ReceiverOptions {
  readonly secret: string
  readonly deliveries: Deliveries
  readonly log: Logger
}

/** Resolves to whether the request was for this door; if so it has been answered. It never rejects. */
export type Receiver = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/** Throws on a secret that anybody could guess: an empty one, or the one that Probot falls back to. */
export function createReceiver(options: ReceiverOptions): Receiver {
  if (options.secret === '' || options.secret === 'development')
    throw new Error('the webhook secret is empty or Probot’s default')
  return async (request, response) => {
    if (pathOf(request) !== WEBHOOK_PATH) return false
    const answer = await receive(request, options)
    respond(request, response, answer)
    return true
  }
}

/** Null where the request names no address, as `//` does: anybody may send one, and an error here would end the process. */
function pathOf({ url = '/' }: IncomingMessage): string | null {
  return URL.canParse(url, 'http://door') ? new URL(url, 'http://door').pathname : null
}

interface Answer {
  readonly status: number
  readonly body: Receipt | { readonly error: string }
}

const refusal = (status: number, error: string): Answer => ({ status, body: { error } })

async function receive(request: IncomingMessage, { secret, deliveries, log }: ReceiverOptions): Promise<Answer> {
  const head = headOf(request)
  if ('status' in head) return head
  let body: Buffer | 'too_large'
  try {
    body = await readBody(request, MAX_BODY_BYTES)
  } catch {
    return refusal(400, 'the connection ended before the body did')
  }
  if (body === 'too_large') {
    log.warn({ delivery: head.id, event: head.event, limit: MAX_BODY_BYTES }, 'delivery over the size limit refused')
    return refusal(413, `a body may have ${MAX_BODY_BYTES} bytes`)
  }
  if (!isSigned(body, head.signature, secret)) {
    log.warn({ delivery: head.id, event: head.event }, 'delivery with a wrong signature refused')
    return refusal(401, 'the signature does not match the body')
  }
  try {
    const receipt = await deliveries.take(newDelivery(head, body.toString('utf8')))
    return { status: statusOf(receipt), body: receipt }
  } catch (error) {
    log.error({ delivery: head.id, event: head.event, err: error }, 'delivery could not be kept')
    return refusal(503, 'the delivery could not be kept')
  }
}

interface Head {
  readonly id: string
  readonly event: string
  readonly signature: string
}

function headOf({ method, headers }: IncomingMessage): Head | Answer {
  if (method !== 'POST') return refusal(405, 'webhooks are posted')
  const id = headers['x-github-delivery']
  const event = headers['x-github-event']
  const signature = headers['x-hub-signature-256']
  if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) return refusal(400, 'X-GitHub-Delivery is missing or odd')
  if (typeof event !== 'string' || !/^\w{1,100}$/.test(event)) return refusal(400, 'X-GitHub-Event is missing or odd')
  if (typeof signature !== 'string') return refusal(400, 'X-Hub-Signature-256 is missing')
  if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
    return refusal(415, 'set the webhook’s content type to application/json')
  return { id, event, signature }
}

/**
 * What is kept without its events is answered as failed, so that GitHub lists it and somebody can send it again: 500 where
 * we have a bug, 422 where the payload lacks what is needed, which a newer version may no longer miss.
 */
function statusOf({ outcome }: Receipt): number {
  switch (outcome) {
    case 'translated':
    case 'ignored':
    case 'duplicate':
      return 200
    case 'unfit':
      return 422
    case 'failed':
      return 500
    default:
      return outcome satisfies never
  }
}

function respond(request: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (status === 405) headers.allow = 'POST'
  if (!request.complete) {
    headers.connection = 'close'
    discardRest(request, MAX_BODY_BYTES)
  }
  response.writeHead(status, headers).end(JSON.stringify(body))
}

const labels = z.object({
  action: z.string().nullish().catch(null),
  repository: z.object({ full_name: z.string() }).nullish().catch(null),
  installation: z.object({ id: z.int() }).nullish().catch(null),
})

/** What the inbox is searched by, as far as the body tells it; the body itself is judged later. */
function newDelivery({ id, event }: Head, body: string): NewDelivery {
  const told = labels.safeParse(parsed(body)).data
  return {
    id,
    event,
    action: told?.action ?? null,
    repository: told?.repository?.full_name ?? null,
    installation: told?.installation?.id ?? null,
    body,
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
