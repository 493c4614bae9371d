/** A database that an earlier program left: what it folded otherwise is folded anew, whatever it lacks. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { FOLD_CHECKPOINT, FOLD_VERSION } from '../../src/store/fold/version.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { seedFolder } from '../support/database.ts'
import { pushed, REPOSITORY } from '../support/facts.ts'

const lanes = async ({ models }: Store) => (await models.lanes(REPOSITORY)).map(({ doc }) => doc)

test('read models of an earlier program are made of the log again, and those of this one are left alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upgrade-'))
  try {
    seedFolder(folder)
    const first = await openStore({ folder })
    await first.log.append({ repository: REPOSITORY, events: [pushed(1)] })
    const whole = await lanes(first)
    await first.database.query((db) => db.execute(sql.raw(`update lane set doc = doc - 'tries'`)))
    await first.close()
    const same = await openStore({ folder })
    expect(await lanes(same)).not.toEqual(whole)
    await same.checkpoints.set(FOLD_CHECKPOINT, { position: 0, value: { version: FOLD_VERSION - 1 } })
    await same.close()
    const next = await openStore({ folder })
    expect(await lanes(next)).toEqual(whole)
    expect(await next.rebuild()).toMatchObject([{ differences: [] }])
    await next.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
