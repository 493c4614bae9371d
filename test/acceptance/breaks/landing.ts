/** Breaks behind the scenarios of landing. */
import type { Break } from '../breaks.ts'

export const landing: Readonly<Record<string, Break>> = {
  C73: {
    wrong: 'the proof names another tree than the one that was tested',
    file: 'src/core/queue/rules/landing/landing.ts',
    find: '      tree,\n      base: build.base,',
    replace: '      tree: build.base,\n      base: build.base,',
  },
  C75: {
    wrong: 'a merge is sent again without a look at what became of the last one',
    file: 'src/effects/land-natively.ts',
    find: '  if (seen.pull.merged) return settled(seen.pull, seen.pull.merged, attempt, landing, build, scene)\n',
    replace: '',
  },
  C76: {
    wrong: 'a refusal is never believed',
    file: 'src/effects/advance-target.ts',
    find: 'if (refusal && attempt >= BELIEVED_AFTER)',
    replace: 'if (refusal && attempt > 999)',
  },
  C80: {
    wrong: 'whatever GitHub merged counts as what was tested',
    file: 'src/effects/land-natively.ts',
    find: "const result = !elsewhere && tree === build.published?.tree ? 'landed' : 'mismatched'",
    replace: "const result = 'landed'",
  },
  C81: {
    wrong: 'the label of a pull request chooses no method',
    file: 'src/core/landing-method.ts',
    find: "METHODS[choosing[0]?.toLowerCase() ?? ''] ?? land.method",
    replace: 'land.method',
  },
  C82: {
    wrong: 'a rebase is begun where signatures are required',
    file: 'src/core/landing-method.ts',
    find: "if (method === 'rebase' && rules.includes('required_signatures'))",
    replace: 'if (false)',
  },
  C83: {
    wrong: 'the mark to cut at stays in the text',
    file: 'src/core/render/commit/merge-message.ts',
    find: 'text = text.slice(from + cut_before.length)',
    replace: 'text = text.slice(from)',
  },
  C84: {
    wrong: 'whoever merged the target into the branch is a co-author',
    file: 'src/core/render/commit/co-authors.ts',
    find: '({ merge, bot, author }) => !merge && !bot && isPerson(author)',
    replace: '({ bot, author }) => !bot && isPerson(author)',
  },
  C85: {
    wrong: 'what is not for the commit stays in it',
    file: 'src/core/render/commit/commit-text.ts',
    find: "without(text.replaceAll('\\r\\n', '\\n'), IGNORED)",
    replace: "text.replaceAll('\\r\\n', '\\n')",
  },
  C86: {
    wrong: 'a branch is deleted though another pull request needs it',
    file: 'src/effects/landed/delete-head-branch.ts',
    find: 'if (others.length > 0)',
    replace: 'if (others.length > 99)',
  },
  C93: {
    wrong: 'nobody sees that a pull request became a draft',
    file: 'src/core/readiness/pull-request.ts',
    find: '    seen: event.payload,\n',
    replace: '    seen: { ...event.payload, draft: false },\n',
  },
}
