/** Migrations on a database that has been in use: what is there is kept, and what can not go on changes nothing. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migratePostgres } from '../../../src/store/connect/migrations.ts'
import { openTestStore, testDatabases } from '../../support/database/database.ts'
import { inDatabase } from '../../support/database/in-database.ts'
import { blocked, followUpOpened, planned, published, queued, readyFacts } from '../../support/facts.ts'
import { migrationTexts, unfillable } from '../../support/house/check-migrations.ts'
import { projectFolder } from '../../support/house/sources.ts'
import { append, by, installed, take } from '../lane-facts.ts'

describe('C115 a migration', () => {
  it('adds no column that must not be empty without saying what stands in it where there are rows already', () => {
    expect(unfillable(migrationTexts())).toEqual([])
    const added = 'ALTER TABLE "event" ADD COLUMN "seal" text'
    expect(unfillable([`${added};--> statement-breakpoint\n${added} NOT NULL;`])).toEqual([`${added} NOT NULL;`])
    expect(unfillable([`${added} DEFAULT 'none' NOT NULL;`])).toEqual([])
  })

  it.runIf(testDatabases().includes('postgres'))(
    'of a database in use keeps all that is there; one that fails half-way leaves it as it was',
    async () => {
      const at = await openTestStore({ kind: 'postgres' })
      const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-migrations-'))
      try {
        await append(at.store, [...installed(), ...readyFacts(11), ...readyFacts(12)])
        const fence = await take(at.store)
        const decided = [queued(11), queued(12), planned('b1', [12]), published('b1', [12]), blocked(11)]
        await append(
          at.store,
          [...decided, followUpOpened(11)].map((one) => by('main', one)),
          { fence },
        )
        const position = await at.store.log.position()

        const half = 'ALTER TABLE "lane" ADD COLUMN "note" text;--> statement-breakpoint\n'
        await inFolder(folder, `${half}ALTER TABLE "event" ADD COLUMN "seal" text NOT NULL;`)
        await expect(migratePostgres(at.url ?? '', folder)).rejects.toThrow()
        expect(await columnsOf(at.url ?? '')).not.toContain('note')
        await inFolder(folder, `${half}ALTER TABLE "event" ADD COLUMN "seal" text DEFAULT 'none' NOT NULL;`)
        await migratePostgres(at.url ?? '', folder)
        expect(await columnsOf(at.url ?? '')).toEqual(expect.arrayContaining(['note', 'seal']))
        expect(await at.store.log.position()).toBe(position)
        expect(await at.store.rebuild()).toMatchObject([{ differences: [] }])
      } finally {
        await at.close()
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
})

/** Our migrations, and one more that says this. */
async function inFolder(folder: string, text: string): Promise<void> {
  await cp(join(projectFolder, 'drizzle'), folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(path, 'utf8'))
  const idx = journal.entries.length
  const tag = `${String(idx).padStart(4, '0')}_next`
  journal.entries.push({ idx, version: '7', when: journal.entries.at(-1).when + 1, tag, breakpoints: true })
  await writeFile(path, JSON.stringify(journal))
  await writeFile(join(folder, `${tag}.sql`), text)
}

const columnsOf = (url: string): Promise<string[]> =>
  inDatabase(url, async (client) => {
    const rows = await client<
      { column_name: string }[]
    >`select column_name from information_schema.columns where table_name in ('event', 'lane')`
    return rows.map(({ column_name }) => column_name)
  })
