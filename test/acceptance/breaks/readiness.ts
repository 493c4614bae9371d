/** Breaks behind the scenarios of readiness, and of approvals that a push leaves behind. */
import type { Break } from '../breaks.ts'

export const readiness: Readonly<Record<string, Break>> = {
  C22: {
    wrong: 'a look of an hour ago is young enough to build on',
    file: 'src/core/queue/judgement.ts',
    find: 'export const FRESH = 60_000',
    replace: 'export const FRESH = 3_600_000',
  },
  C23: {
    wrong: 'an approval counts for every later commit',
    file: 'src/core/readiness/requirements/review.ts',
    find: 'approvals.filter((review) => review.sha === subject.seen.sha)',
    replace: 'approvals.filter(() => true)',
  },
  C24: {
    wrong: 'nobody looks at the head before it is built',
    file: 'src/core/queue/rules/builds/plan.ts',
    find: '  if (!isFresh(judgement, pulls(added))) return look(judgement, added)\n',
    replace: '',
  },
  C26: {
    wrong: 'a pull request into any branch is one of this lane',
    file: 'src/core/readiness/requirements/declared.ts',
    find: 'if (seen.base === target) return met(',
    replace: "if (seen.base !== '') return met(",
  },
  C27: {
    wrong: 'a closed pull request is as good as an open one',
    file: 'src/core/readiness/requirements/declared.ts',
    find: "if (seen.state === 'open') return met('open')",
    replace: "if (seen.state !== 'merged') return met('open')",
  },
  C33: {
    wrong: 'a check that still runs is not waited for',
    file: 'src/core/readiness/requirements/checks-passed.ts',
    find: 'if (pending.length > 0)',
    replace: 'if (pending.length > 99)',
  },
  C35: {
    wrong: 'a failed check is no obstacle',
    file: 'src/core/readiness/requirements/checks-passed.ts',
    find: 'if (failed.length > 0) return unmet(',
    replace: 'if (failed.length > 99) return unmet(',
  },
  C36: {
    wrong: 'every check answers for every name',
    file: 'src/core/readiness/checks.ts',
    find: ': wanted.context === report.payload.context',
    replace: ': true',
  },
  C37: {
    wrong: 'a conclusion that nobody knows is a pass',
    file: 'src/core/readiness/checks.ts',
    find: "return conclusion === 'cancelled' ? 'cancelled' : 'failed'",
    replace: "return conclusion === 'cancelled' ? 'cancelled' : conclusion === 'failure' ? 'failed' : 'passed'",
  },
  C39: {
    wrong: 'one request for changes is overruled by an approval',
    file: 'src/core/readiness/requirements/review.ts',
    find: '    if (counting.length > 0)\n',
    replace: '    if (counting.length > 1)\n',
  },
  C40: {
    wrong: 'code owners are asked for in vain',
    file: 'src/core/readiness/requirements/owners.ts',
    find: 'if (!subject.config.ready.approvals.code_owners) return null',
    replace: 'if (subject.config.ready.approvals) return null',
  },
  C42: {
    wrong: 'our own check run is evidence',
    file: 'src/core/readiness/checks.ts',
    find: '  if (report.payload.context === options.ownCheck) return false\n',
    replace: '',
  },
  C43: {
    wrong: 'what the configuration lists is not required',
    file: 'src/core/readiness/checks.ts',
    find: "for (const context of listed === 'auto' ? [] : listed) {",
    replace: 'for (const context of []) {',
  },
  C45: {
    wrong: 'a pull request waits until GitHub knows whether it merges',
    file: 'src/core/readiness/requirements/commit.ts',
    find: "return met('no conflict is known')",
    replace: "return unknown('not_known_to_conflict', 'no conflict is known')",
  },
  C46: {
    wrong: 'that more is missing is not told',
    file: 'src/core/render/words/headline.ts',
    find: "const more = unmet.length > 1 ? ` (+${unmet.length - 1} more)` : ''",
    replace: "const more = ''",
  },
  C34: {
    wrong: 'a check that never appears is waited for as long as a build may take',
    file: 'src/core/queue/rules/builds/verdicts.ts',
    find: 'milliseconds(missing ? config.ci.start_timeout : config.ci.timeout)',
    replace: 'milliseconds(config.ci.timeout)',
  },
  C41: {
    wrong: 'an open conversation is no obstacle',
    file: 'src/core/readiness/requirements/target-rules.ts',
    find: 'if (open === 0) return met(',
    replace: 'if (open !== null) return met(',
  },
  C44: {
    wrong: 'that nobody knows how many conversations are open is no obstacle',
    file: 'src/core/readiness/requirements/target-rules.ts',
    find: "if (open === null) return unknown('conversations_unknown', 'how many conversations are open is not known')",
    replace: "if (open === null) return met('nothing is known to be open')",
  },
}
