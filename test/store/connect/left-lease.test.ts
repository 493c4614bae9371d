/** What becomes of a lease whose holder died: on the embedded database the next process need not wait for its end. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { REPOSITORY_LANE } from '../../../src/core/ids.ts'
import { openStore } from '../../../src/store/store.ts'
import { seedFolder } from '../../support/database/database.ts'
import { pushed, REPOSITORY } from '../../support/facts.ts'

test('the next process on an embedded folder has the lanes of a dead one at once, under a higher epoch', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'left-lease-'))
  try {
    seedFolder(folder)
    const dying = await openStore({ folder })
    await dying.log.append({ repository: REPOSITORY, events: [pushed(1)] })
    const held = await dying.leases.acquire(REPOSITORY, REPOSITORY_LANE, 'a process that dies')
    await dying.close()
    const next = await openStore({ folder })
    const taken = await next.leases.acquire(REPOSITORY, REPOSITORY_LANE, 'the next process')
    expect([held, taken]).toMatchObject([{ fence: { epoch: 1 } }, { fence: { lane: REPOSITORY_LANE, epoch: 2 } }])
    await next.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
