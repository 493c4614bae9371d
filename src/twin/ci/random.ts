/**
 * Chance that can be had again: a number drawn from a seed and from what it is drawn for, so that neither the order
 * of events nor the number of earlier draws changes it. It knows nothing of what hangs on the draw.
 */
import { createHash } from 'node:crypto'

/** A number in [0, 1) that is the same whenever seed and subject are the same. */
export function drawn(seed: number, ...subject: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...subject]))
    .digest()
  return digest.readUInt32BE(0) / 0x1_0000_0000
}

/** A source of such numbers for one subject: each call draws the next one. */
export function drawing(seed: number, ...subject: readonly (string | number)[]): () => number {
  let turn = 0
  return () => drawn(seed, ...subject, turn++)
}
