/** A database that an earlier program left: what it folded otherwise is folded anew, whatever it lacks. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Where } from '../../../src/store/connect/client.ts'
import { FOLD_CHECKPOINT, FOLD_VERSION } from '../../../src/store/fold/version.ts'
import { openStore, type Store } from '../../../src/store/store.ts'
import { cloneTemplate, seedFolder, testDatabases } from '../../support/database/database.ts'
import { pushed, REPOSITORY } from '../../support/facts.ts'

/** What is looked at here is the same on each database; PostgreSQL, where there is one, is opened in a moment. */
async function used(): Promise<{ where: Where; drop: () => Promise<void> }> {
  if (testDatabases().includes('postgres')) {
    const { url, drop } = await cloneTemplate()
    return { where: { url }, drop }
  }
  const folder = await mkdtemp(join(tmpdir(), 'upgrade-'))
  seedFolder(folder)
  return { where: { folder }, drop: () => rm(folder, { recursive: true, force: true }) }
}

const lanes = async ({ models }: Store) => (await models.lanes(REPOSITORY)).map(({ doc }) => doc)

test('read models of an earlier program are made of the log again, and those of this one are left alone', async () => {
  const { where, drop } = await used()
  try {
    const first = await openStore(where)
    await first.log.append({ repository: REPOSITORY, events: [pushed(1)] })
    const whole = await lanes(first)
    await first.database.query((db) => db.execute(sql.raw(`update lane set doc = doc - 'tries'`)))
    await first.close()
    const same = await openStore(where)
    expect(await lanes(same)).not.toEqual(whole)
    await same.checkpoints.set(FOLD_CHECKPOINT, { position: 0, value: { version: FOLD_VERSION - 1 } })
    await same.close()
    const next = await openStore(where)
    expect(await lanes(next)).toEqual(whole)
    expect(await next.rebuild()).toMatchObject([{ differences: [] }])
    await next.close()
  } finally {
    await drop()
  }
})
