/** Policies as they are written on the command line. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { policiesOf } from '../../src/cli/simulate/policies.ts'
import { removeClones, temporaryFolder } from '../rehearse/drawn-clone.ts'

afterAll(removeClones)

function written(text: string): string {
  const file = join(temporaryFolder(), 'mainkeeper.yml')
  writeFileSync(file, text)
  return file
}

describe('policies', () => {
  it('are serial, the defaults, and each variant of these', async () => {
    const policies = await policiesOf(undefined, [
      'slots=4,batch.max=16',
      ' batch.wait = 5m , land.delete_branch = true',
    ])
    expect(
      policies.map(({ name, config: { mode, ci, batch, land } }) => [name, mode, ci.slots, batch, land.delete_branch]),
    ).toEqual([
      ['serial', 'live', 1, { max: 1, wait: '0s' }, false],
      ['batches', 'live', 2, { max: 50, wait: '0s' }, false],
      ['slots=4,batch.max=16', 'live', 4, { max: 16, wait: '0s' }, false],
      [' batch.wait = 5m , land.delete_branch = true', 'live', 2, { max: 50, wait: '5m' }, true],
    ])
  })

  it('keep what a file says beside the keys that are changed, and land whatever its mode', async () => {
    const file = written('mode: { main: shadow }\nbatch:\n  max: 7\n')
    const [serial, batches, variant] = await policiesOf(file, ['batch.wait=2m'])
    expect(serial?.config.batch.max).toBe(1)
    expect(batches?.config).toMatchObject({ mode: 'live', batch: { max: 7, wait: '0s' } })
    expect(variant?.config.batch).toEqual({ max: 7, wait: '2m' })
  })

  it.each([
    ['slots=0', 'policy slots=0: ci.slots is 0: it is at least 1'],
    ['slots=1.5', 'policy slots=1.5: ci.slots is 1.5'],
    ['batch.wait=soon', 'policy batch.wait=soon: batch.wait is "soon"'],
    ['mode.x.y=1', 'policy mode.x.y=1: mode'],
    ['slots=', '“slots=” is no setting; write KEY=VALUE'],
    ['', '“” is no setting; write KEY=VALUE'],
  ])('are refused as a file would be: %s', async (variant, words) => {
    await expect(policiesOf(undefined, [variant])).rejects.toThrow(words)
  })

  it('are refused with line and column where the file is broken', async () => {
    const file = written('mode: live\nwindows:\n  - { opens: 0 0 30 2 *, closes: 0 1 * * * }\n')
    await expect(policiesOf(file, [])).rejects.toThrow(`${file}:3:`)
  })
})
