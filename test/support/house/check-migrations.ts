/**
 * Says what the migrations in `drizzle/` still lack for the schema in `src/store/schema.ts`, as SQL, and which of their
 * statements no table with rows in it can take. It reads the newest snapshot, and touches no database.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DrizzleSnapshotJSON, generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import * as schema from '../../../src/store/schema.ts'
import { projectFolder } from './sources.ts'

const folder = join(projectFolder, 'drizzle')
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'))

/** The migrations named in the journal whose files are missing, then the statements that no migration holds. */
export async function missingMigrations(tables: Record<string, unknown> = schema): Promise<string[]> {
  const { entries }: { entries: readonly { idx: number; tag: string }[] } = read('meta/_journal.json')
  const lost = entries.map(({ tag }) => `${tag}.sql`).filter((file) => !existsSync(join(folder, file)))
  const newest = String(entries.at(-1)?.idx ?? 0).padStart(4, '0')
  const recorded: DrizzleSnapshotJSON = read(`meta/${newest}_snapshot.json`)
  const statements = await generateMigration(recorded, generateDrizzleJson(tables, recorded.id))
  return [...lost.map((file) => `no such file: drizzle/${file}`), ...statements]
}

export const migrationTexts = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))

/** Statements that fail as soon as the table has a row: a column that must not be empty, and nothing to put there. */
export const unfillable = (texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => text.split('--> statement-breakpoint'))
    .map((statement) => statement.trim())
    .filter((statement) => /\badd\s+(column\s+)?"?\w+"?\s[^;]*\bnot\s+null\b/i.test(statement))
    .filter((statement) => !/\b(default|generated)\b|\badd\s+constraint\b/i.test(statement))

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const missing = await missingMigrations()
  for (const line of missing) process.stderr.write(`${line}\n`)
  if (missing.length > 0) process.stderr.write('the migrations lack this; run: npm run migrations\n')
  const refused = unfillable(migrationTexts())
  for (const statement of refused) process.stderr.write(`needs a default, for there may be rows: ${statement}\n`)
  process.exitCode = missing.length + refused.length > 0 ? 1 : 0
}
