/** Breaks behind the scenarios of commands, rights and approval. */
import type { Break } from '../breaks.ts'

export const commands: Readonly<Record<string, Break>> = {
  C01: {
    wrong: 'a command is read where it stands behind two slashes alone',
    file: 'src/core/command.ts',
    find: '/^\\/(\\S+)(.*)$/s.exec(text)',
    replace: '/^\\/\\/(\\S+)(.*)$/s.exec(text)',
  },
  C02: {
    wrong: 'what is quoted commands',
    file: 'src/core/plain-lines.ts',
    find: 'else if (QUOTE.test(line)) reading.quoted = true',
    replace: 'else if (false) reading.quoted = true',
  },
  C03: {
    wrong: 'what stands in a comment of several lines commands',
    file: 'src/core/plain-lines.ts',
    find: 'else if (reading.comment) insideComment(reading, line)',
    replace: 'else if (false) insideComment(reading, line)',
  },
  C04: {
    wrong: 'a command may stand behind white space',
    file: 'src/core/plain-lines.ts',
    find: "if (visible.startsWith('/') && !reading.quoted && !quietBefore) chunk.plain.push({ at, line: number, text: visible })",
    replace:
      "if (visible.trim().startsWith('/') && !reading.quoted) chunk.plain.push({ at, line: number, text: visible.trim() })",
  },
  C05: {
    wrong: 'the first line of a comment alone is read',
    file: 'src/core/command.ts',
    find: 'return plainLines(body).flatMap(',
    replace: 'return plainLines(body).slice(0, 1).flatMap(',
  },
  C06: {
    wrong: 'a letter too few is not taken for a slip',
    file: 'src/core/command.ts',
    find: 'if (a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1)) return true',
    replace: 'if (a === b.slice(1)) return true',
  },
  C07: {
    wrong: 'the last of two values of one argument counts',
    file: 'src/core/command.ts',
    find: 'if (one.name in found) return refused(',
    replace: 'if (false) return refused(',
  },
  C08: {
    wrong: 'a quoted value with a space in it keeps its quotes',
    file: 'src/core/command.ts',
    find: 'const quoted = /^"[^"]*"$/.test(before)',
    replace: 'const quoted = /^"\\S*"$/.test(before)',
  },
  C09: {
    wrong: 'a colon after the name makes it another',
    file: 'src/core/command.ts',
    find: "typed.replace(/:$/, '').toLowerCase()",
    replace: 'typed.toLowerCase()',
  },
  C10: {
    wrong: 'the text of a review commands nothing',
    file: 'src/ingest/translate/review.ts',
    find: "if (action !== 'submitted' || ",
    replace: "if (action === 'submitted' || ",
  },
  C11: {
    wrong: 'bots command',
    file: 'src/ingest/translate/comment.ts',
    find: 'if (!comment.user || isBot(comment.user)) return []',
    replace: 'if (!comment.user) return []',
  },
  C12: {
    wrong: 'a command on any issue is about the pull request of its number',
    file: 'src/ingest/translate/comment.ts',
    find: ': mark && { pull: mark.pull, follow_up: seen.number }',
    replace: ': { pull: mark?.pull ?? seen.number, follow_up: seen.number }',
  },
  C13: {
    wrong: 'an edited comment is read like a new one',
    file: 'src/app.ts',
    find: "app.on('issue_comment.created',",
    replace: "app.on('issue_comment',",
  },
  C14: {
    wrong: '/help leaves /why out',
    file: 'src/core/render/reply.ts',
    find: "      `- ${code('/why')} says why it is not landing`,\n",
    replace: '',
  },
  C15: {
    wrong: 'an approval counts whoever gave it',
    file: 'src/core/readiness/requirements/review.ts',
    find: 'allows(held, config.permissions.approve)',
    replace: 'true',
  },
  C16: {
    wrong: 'whoever may try may declare as well',
    file: 'src/core/queue/rules/asked/merge.ts',
    find: 'if (!isOwn(asked, seen) && !mayHere(asked, permissions.approve))',
    replace: 'if (!isOwn(asked, seen) && !mayHere(asked, permissions.try))',
  },
  C17: {
    wrong: 'a right over one pull request is one over all',
    file: 'src/core/queue/judgement.ts',
    find: 'view.pulls.get(pull)?.delegates.includes(login.toLowerCase()) ?? false',
    replace:
      '[...view.pulls.values()].some(({ number, delegates }) => number >= 0 * pull && delegates.includes(login.toLowerCase()))',
  },
  C18: {
    wrong: 'a right that was taken back is kept',
    file: 'src/core/readiness/pull-request.ts',
    find: 'delegates: pull.delegates.filter((one) => one !== from) }',
    replace: 'delegates: pull.delegates.filter(() => from) }',
  },
  C21: {
    wrong: 'the own approval of an author counts',
    file: 'src/core/readiness/requirements/review.ts',
    find: ' && review.reviewer.toLowerCase() !== author',
    replace: '',
  },
  C28: {
    wrong: 'what was blocked stays so, whatever is approved or declared after it',
    file: 'src/core/queue/rules/entries.ts',
    find: 'if (block) return block.sha !== head || newer(pull, block.position)',
    replace: 'if (block) return false',
  },
  C29: {
    wrong: 'a retry of a head that is not ready is remembered',
    file: 'src/core/queue/rules/resumes.ts',
    find: "if (resume.retry && requirements.some((verdict) => verdict.status === 'unmet' && isItsOwn(verdict)))",
    replace: 'if (resume.retry && requirements.length === 0)',
  },
  C30: {
    wrong: 'a dismissal is not heard',
    file: 'src/core/readiness/pull-request.ts',
    find: 'const { review_id, reviewer, reason } = event.payload\n',
    replace: "const { review_id, reviewer, reason } = event.payload\n      if (reason === 'dismissed') return pull\n",
  },
  C32: {
    wrong: 'a declaration that says nothing of the priority takes it away',
    file: 'src/core/readiness/pull-request.ts',
    find: 'priority: event.payload.priority ?? pull.wishes.priority,',
    replace: 'priority: event.payload.priority ?? null,',
  },
  C31: {
    wrong: '/merge is taken for whichever commit it names',
    file: 'src/core/queue/rules/asked/merge.ts',
    find: '!seen.sha.startsWith(args.sha.toLowerCase())',
    replace: 'false',
  },
}
