/**
 * Says what the migrations in `drizzle/` still lack for the schema in `src/store/schema.ts`, as SQL; nothing when they
 * agree. It reads the newest snapshot, and touches no database and no file.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DrizzleSnapshotJSON, generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import * as schema from '../../src/store/schema.ts'
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const missing = await missingMigrations()
  for (const line of missing) process.stderr.write(`${line}\n`)
  if (missing.length > 0) process.stderr.write('the migrations lack this; run: npm run migrations\n')
  process.exitCode = missing.length > 0 ? 1 : 0
}
