/**
 * GitHub's signature of a webhook, checked on the bytes as they came. It knows nothing of HTTP or JSON.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const FORM = /^sha256=([0-9a-f]{64})$/

/** Whether `signature` (the header `X-Hub-Signature-256`) is the secret's signature of exactly these bytes. */
export function isSigned(body: Buffer, signature: string, secret: string): boolean {
  const given = FORM.exec(signature)?.[1]
  if (given === undefined) return false
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(body).digest())
}
