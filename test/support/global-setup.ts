/**
 * What all test files share, made once for a run: a PostgreSQL with a template database, and a migrated PGlite, as an archive
 * that starts in half a second where a fresh one takes five and as a folder; and where temporary folders lie. It says loudly
 * when there is no PostgreSQL.
 */
import { createHash } from 'node:crypto'
import { existsSync, openAsBlob } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'
import { migrateEmbedded, migratePostgres } from '../../src/store/connect/migrations.ts'
import { inDatabase } from './database/in-database.ts'
import { findPostgres, isAlive } from './database/postgres-server.ts'
import { projectFolder } from './house/sources.ts'
import { keepTemporaryInMemory } from './temporary-folders.ts'

export interface TemplateDatabase {
  /** The server, by a database in which others can be made. */
  readonly url: string
  readonly template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A file: an archive of a migrated PGlite. */
    pgliteTemplate: string
    /** The same as the folder in which one that was closed has its files. */
    pgliteFolder: string
    postgresTemplate: TemplateDatabase | null
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const archive = await pgliteTemplate()
  project.provide('pgliteTemplate', archive)
  project.provide('pgliteFolder', await pgliteFolder(archive))
  const server = await findPostgres()
  // After PostgreSQL, which has a folder that the next run has to find when this one is killed.
  const clear = await keepTemporaryInMemory()
  if (typeof server === 'string') {
    process.stderr.write(`\nNO POSTGRESQL: the store is tested on PGlite only; ${server}. Set TEST_DATABASE_URL.\n\n`)
    project.provide('postgresTemplate', null)
    return clear
  }
  const template = await makeTemplate(server.url)
  project.provide('postgresTemplate', { url: server.url, template })
  return async () => {
    await dropAll(server.url, (name) => name.startsWith(template))
    await server.stop()
    await clear()
  }
}

/** Kept between runs, by what the migrations say. */
async function pgliteTemplate(): Promise<string> {
  const folder = join(projectFolder, 'node_modules', '.cache', 'mainkeeper')
  const file = join(folder, `pglite-${await migrationsHash()}.tar`)
  if (existsSync(file)) return file
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const client = await PGlite.create()
  await migrateEmbedded(client)
  const archive = Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer())
  await client.close()
  // Another run may read while this one writes.
  await writeFile(`${file}.${process.pid}`, archive)
  await rename(`${file}.${process.pid}`, file)
  return file
}

async function pgliteFolder(archive: string): Promise<string> {
  const folder = archive.replace(/\.tar$/, '')
  if (existsSync(folder)) return folder
  const draft = await mkdtemp(`${folder}.`)
  await (await PGlite.create({ dataDir: draft, loadDataDir: await openAsBlob(archive) })).close()
  // Another run may be making it too; whichever is done first is kept.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  return folder
}

async function migrationsHash(): Promise<string> {
  const folder = join(projectFolder, 'drizzle')
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort())
    hash.update(name).update(await readFile(join(folder, name)))
  return hash
    .update(await readFile(join(projectFolder, 'node_modules/@electric-sql/pglite/package.json')))
    .digest('hex')
    .slice(0, 12)
}

async function makeTemplate(url: string): Promise<string> {
  // What a killed run left behind; the names tell the processes.
  await dropAll(url, (name) => !isAlive(Number(/^mainkeeper_test_(\d+)/.exec(name)?.[1] ?? process.pid)))
  const template = `mainkeeper_test_${process.pid}`
  await inDatabase(url, (client) => client.unsafe(`create database ${template}`))
  const inside = new URL(url)
  inside.pathname = `/${template}`
  await migratePostgres(inside.href)
  return template
}

async function dropAll(url: string, which: (name: string) => boolean): Promise<void> {
  await inDatabase(url, async (client) => {
    const found = await client<
      { datname: string }[]
    >`select datname from pg_database where datname like 'mainkeeper\_test\_%'`
    for (const { datname } of found)
      if (which(datname)) await client.unsafe(`drop database if exists ${datname} with (force)`)
  })
}
