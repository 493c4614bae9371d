/**
 * Reads the body of a request up to a cap, in bytes. What is over the cap is never held in memory; whether that is an
 * error, and what is answered, is the caller's.
 */
import type { IncomingMessage } from 'node:http'

/** The whole body, or `too_large`. Rejects when the connection ends in mid-body. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too_large'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve('too_large')
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer): void => {
      size += chunk.length
      chunks.push(chunk)
      if (size <= maxBytes) return
      chunks = []
      stop()
      resolve('too_large')
    }
    const end = (): void => {
      stop()
      resolve(Buffer.concat(chunks))
    }
    const broken = (): void => {
      stop()
      reject(new Error('the connection ended before the body did'))
    }
    const stop = (): void => {
      request.off('data', take).off('end', end).off('error', broken)
      request.pause()
    }
    request.on('data', take).on('end', end).on('error', broken)
  })
}

/**
 * Throws away what still comes, up to `maxBytes`, then cuts the connection: a client that is cut off while it sends
 * would not read the answer.
 */
export function discardRest(request: IncomingMessage, maxBytes: number): void {
  let size = 0
  request.on('error', () => request.destroy())
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) request.destroy()
  })
}
