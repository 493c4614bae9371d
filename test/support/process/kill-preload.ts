/**
 * Loaded into the app's process before the app: it lives by a fast clock, tells of every commit that it makes, and is ended
 * with SIGKILL at the commit that it was told. The app knows nothing of it, and it knows nothing of the app.
 */
import { type FastTime, TIME_VARIABLE } from './fast-time.ts'
import { type CommitPoint, POINT_VARIABLE } from './kill-point.ts'
import { liveFast } from './live-fast.ts'
import { tellCommits } from './tell-commits.ts'

const { [TIME_VARIABLE]: time, [POINT_VARIABLE]: point } = process.env
if (time === undefined) throw new Error(`${TIME_VARIABLE} is missing`)
liveFast(JSON.parse(time) as FastTime)
tellCommits(point === undefined ? null : (JSON.parse(point) as CommitPoint))
