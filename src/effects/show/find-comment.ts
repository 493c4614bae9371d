/** Finds a comment of ours by its marker: create is list first, so that a crash after a create makes no second one. */
import { need, type Scene } from '../scene.ts'

/** The lowest id of our comments on an issue or pull request that hold the marker; null where it is none, or itself gone. */
export async function findComment({ port, bot }: Scene, issue: number, marker: string): Promise<number | null> {
  const listed = await port.listComments(issue)
  if (!listed.ok && listed.failure === 'gone') return null
  const ours = need(listed)
    .filter((comment) => comment.author === bot && comment.body.includes(marker))
    .map(({ id }) => id)
  return ours.length === 0 ? null : Math.min(...ours)
}
