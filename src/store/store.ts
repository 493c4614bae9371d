/** The whole store as one object: the log, its read models, the inbox, the leases. It adds nothing to its parts. */
import { type Checkpoints, openCheckpoints } from './checkpoint.ts'
import { type Database, openDatabase, type Where } from './connect/client.ts'
import { type EventLog, openEventLog } from './event-log.ts'
import { type RebuildOptions, type Rebuilt, rebuild } from './fold/rebuild.ts'
import { FOLD_CHECKPOINT, FOLD_VERSION } from './fold/version.ts'
import { type Follow, openFollow } from './follow.ts'
import { type Inbox, openInbox } from './inbox.ts'
import { type Leases, openLeases } from './lease.ts'
import { type LimitStore, openLimits } from './limits.ts'
import { type Models, openModels } from './read-models.ts'
import { openViews, type Views } from './view.ts'
import { openWakes, type Wakes } from './wakes.ts'

export interface Store {
  readonly database: Database
  readonly log: EventLog
  readonly leases: Leases
  readonly inbox: Inbox
  readonly views: Views
  readonly models: Models
  readonly checkpoints: Checkpoints
  readonly limits: LimitStore
  readonly wakes: Wakes
  readonly follow: Follow
  /** Folds the log again and says where the live read models differ from it. */
  readonly rebuild: (options?: RebuildOptions) => Promise<Rebuilt[]>
  readonly close: () => Promise<void>
}

export interface StoreOptions {
  /** A clock that never jumps, in milliseconds; tests put theirs here. */
  readonly monotonic?: () => number
}

/** Opens the store where it is, its tables brought up to date. */
export async function openStore(where: Where, options: StoreOptions = {}): Promise<Store> {
  const store = storeOn(await openDatabase(where), options)
  // The folder has one process at a time: whoever held a lease there is dead, and nobody need wait for it to run out.
  if ('folder' in where) await store.leases.endAll()
  await foldAnew(store)
  return store
}

/** Read models that an earlier program folded may lack what this one looks for: they are made of the log again. */
async function foldAnew({ checkpoints, log, rebuild }: Store): Promise<void> {
  const folded = (await checkpoints.get(FOLD_CHECKPOINT))?.value['version']
  if (folded === FOLD_VERSION) return
  await rebuild({ replace: true })
  await checkpoints.set(FOLD_CHECKPOINT, { position: await log.position(), value: { version: FOLD_VERSION } })
}

/** The store over an open database, which it closes with itself. */
export function storeOn(database: Database, options: StoreOptions = {}): Store {
  return {
    database,
    log: openEventLog(database),
    leases: openLeases(database, options),
    inbox: openInbox(database),
    views: openViews(database),
    models: openModels(database),
    checkpoints: openCheckpoints(database),
    limits: openLimits(database),
    wakes: openWakes(database),
    follow: openFollow(database),
    rebuild: (options) => rebuild(database, options),
    close: () => database.close(),
  }
}
