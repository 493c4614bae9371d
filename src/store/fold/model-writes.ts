/** What writes changed read-model rows, each whole, by its key. It knows the tables and not how a row came about. */
import { type SQL, sql } from 'drizzle-orm'
import { upserts } from '../connect/write-together.ts'
import { build, followUp, lane, pullRequest, queueEntry, repository } from '../schema.ts'
import type { LaneRow, ModelRows, RepositoryRow } from './model-rows.ts'

/** Rows whose document is as it was, so that a large one is not written again for a small event. */
export interface PositionOnly {
  readonly lanes: readonly LaneRow[]
  readonly repository: boolean
}

/** What writes the rows, each whole but for those of which only the position changed; for `writeTogether`. */
export function rowWrites(rows: ModelRows, positionOnly: PositionOnly): SQL[] {
  return [
    ...positionOnly.lanes.map(
      ({ repository: name, target, position }) =>
        sql`update ${lane} set position = ${position} where repository = ${name} and target = ${target}`,
    ),
    ...repositoryWrite(rows.repository, positionOnly.repository),
    ...writeLanes([...rows.lanes.values()].filter((row) => !positionOnly.lanes.includes(row))),
    ...writePulls([...rows.pulls.values()]),
    ...writeEntries([...rows.entries.values()]),
    ...writeBuilds([...rows.builds.values()]),
    ...writeFollowUps([...rows.followUps.values()]),
  ]
}

function repositoryWrite(row: RepositoryRow | null, positionOnly: boolean): SQL[] {
  if (row === null) return []
  const { name, position, doc } = row
  return positionOnly
    ? [sql`update ${repository} set position = ${position} where name = ${name}`]
    : writeRepository([{ name, position, doc }])
}

const writeRepository = upserts(repository, ['name'])
const writeLanes = upserts(lane, ['repository', 'target'])
const writePulls = upserts(pullRequest, ['repository', 'number'])
const writeEntries = upserts(queueEntry, ['repository', 'target', 'pull', 'sha'])
const writeBuilds = upserts(build, ['repository', 'target', 'build'])
const writeFollowUps = upserts(followUp, ['repository', 'target', 'pull'])
