/**
 * The commands of one comment, review or description as facts, in one form for webhooks and the sweep. It does not know what a
 * command does, nor who may give it.
 */
import { parseCommands } from '../core/command.ts'
import type { NewEvent } from '../core/events.ts'

export interface TypedComment {
  readonly id: number
  /** Left out: a comment. */
  readonly on?: 'review' | 'review_comment' | 'description'
  readonly body: string
  readonly by: string
  readonly created_at: string
}

/** One event for each command line; `follow_up` is the issue it was typed on, null on the pull request itself. */
export function commandsOf(
  comment: TypedComment,
  place: { readonly pull: number; readonly follow_up: number | null },
  source: string,
): NewEvent<'command_requested'>[] {
  return parseCommands(comment.body).map((command) => ({
    type: 'command_requested',
    occurred_at: comment.created_at,
    source,
    payload: {
      ...place,
      comment: comment.id,
      ...(comment.on === undefined ? {} : { on: comment.on }),
      line: command.line,
      by: comment.by,
      name: command.name,
      arguments: command.arguments,
      error: command.error,
      requested_at: comment.created_at,
    },
  }))
}
