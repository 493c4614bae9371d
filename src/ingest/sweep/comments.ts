/**
 * The sweep's look at comments: commands whose webhook was missed, since the last look. It carries out none of them.
 */
import type { NewEvent } from '../../core/events.ts'
import { instant, iso } from '../../core/ids.ts'
import type { LaneView } from '../../core/queue/view.ts'
import type { Comment } from '../../github/port.ts'
import { commandsOf } from '../comment-commands.ts'
import type { FollowUpMark } from '../follow-up.ts'
import { type Look, SWEEP } from './look.ts'

/** GitHub may list a comment a little late: so much of what was looked at is looked at again. */
const OVERLAP = 60_000

/** The first look goes back no further than the overlap: what was typed before Mainkeeper came was not typed for it. */
export async function lookAtComments(
  look: Look,
  views: readonly LaneView[],
  open: readonly number[],
  followUps: ReadonlyMap<number, FollowUpMark>,
): Promise<void> {
  const { store, repository, port } = look
  const name = `sweep:${repository}`
  const stored = (await store.checkpoints.get(name))?.value['comments']
  const cursor = typeof stored === 'string' ? stored : iso(look.now())
  const since = iso(instant(cursor) - OVERLAP)
  const pulls = new Set([...open, ...views.flatMap((view) => [...view.pulls.keys()])])
  const placeOf = async (issue: number) => {
    const mark = followUps.get(issue)
    if (mark) return { pull: mark.pull, follow_up: issue }
    // A lane can be held and released from one that is closed as well.
    const isPull = pulls.has(issue) || (await store.models.pull(repository, issue)) !== null
    return isPull ? { pull: issue, follow_up: null } : null
  }
  const comments = await look.read(
    'comments',
    () => port.listCommentsSince(since),
    async (read) => {
      const events: NewEvent[] = []
      for (const comment of read.filter(isNew)) {
        const place = await placeOf(comment.issue)
        if (place) events.push(...commandsOf({ ...comment, by: comment.author }, place, SWEEP))
      }
      return events
    },
  )
  if (!comments) return
  const latest = [cursor, ...comments.map(({ updated_at }) => iso(instant(updated_at)))].sort().at(-1) ?? cursor
  await store.checkpoints.set(name, { position: await store.log.position(), value: { comments: latest } })
}

/** GitHub lists by the last edit. Of an edited comment it can't be known what was typed first, so it commands nothing. */
const isNew = (comment: Comment): boolean => !comment.author_is_bot && comment.updated_at === comment.created_at
