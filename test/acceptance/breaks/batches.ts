/** Breaks behind the scenarios of batches. */
import type { Break } from '../breaks.ts'

export const batches: Readonly<Record<string, Break>> = {
  C54: {
    wrong: 'who asked to be alone is built with others',
    file: 'src/core/queue/plan/start-builds.ts',
    find: 'return good + adds === 1 || !(member.alone || chain.at(0)?.alone)',
    replace: 'return true',
  },
  C55: {
    wrong: 'a batch may be of any size',
    file: 'src/core/queue/plan/start-builds.ts',
    find: 'Math.min(limits.batch_max,',
    replace: 'Math.min(Number.POSITIVE_INFINITY,',
  },
  C56: {
    wrong: 'whose build was cancelled keeps its turn',
    file: 'src/core/queue/plan/plan.ts',
    find: "onTip.filter(({ verdict }) => verdict !== 'obsolete'),",
    replace: 'onTip,',
  },
  C89: {
    wrong: 'that a batch failed is forgotten',
    file: 'src/core/queue/plan/leaves.ts',
    find: 'const failed = failures.map(({ at }) => at)',
    replace: 'const failed: number[] = []',
  },
  C90: {
    wrong: 'who conflicts with a member ahead is put behind it all the same',
    file: 'src/core/queue/plan/chain.ts',
    find: 'return next.waits_for === null || !ahead(next.waits_for)',
    replace: 'return true',
  },
  C91: {
    wrong: 'a time-out says nothing about a batch',
    file: 'src/core/queue/plan/known.ts',
    find: "=>\n  verdict === 'passed' || verdict === 'failed' || verdict === 'timed_out'",
    replace: "=>\n  verdict === 'passed' || verdict === 'failed'",
  },
  C92: {
    wrong: 'a member that moved is taken for the one that was tested',
    file: 'src/core/queue/plan/known.ts',
    find: 'a.pull === b.pull && a.sha === b.sha',
    replace: 'a.pull === b.pull',
  },
  C97: {
    wrong: 'a batch is built from its last member to its first',
    file: 'src/core/queue/plan/start-builds.ts',
    find: "branch.chain.at(at) ?? { pull: 0, sha: '' }",
    replace: "branch.chain.at(good + adds - 1 - at) ?? { pull: 0, sha: '' }",
  },
  C99: {
    wrong: 'a conflict with a member ahead is taken for one with the target',
    file: 'src/effects/methods/refusal.ts',
    find: '      if (!first && !(await conflictsAlone(placing, head))) return conflictWithMember(placing, head)\n',
    replace: '',
  },
}
