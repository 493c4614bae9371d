/** Breaks behind the scenarios of one build. */
import type { Break } from '../breaks.ts'

export const build: Readonly<Record<string, Break>> = {
  C58: {
    wrong: 'what is being tested is shown as over',
    file: 'src/core/render/check-run.ts',
    find: "      return { status: 'in_progress', conclusion: null }",
    replace: "      return { status: 'completed', conclusion: 'neutral' }",
  },
  C59: {
    wrong: 'a lane is taken from whoever holds it',
    file: 'src/store/lease.ts',
    find: 'if (row.owner !== null && row.expires_at !== null && row.expires_at > now)',
    replace: 'if (false)',
  },
  C60: {
    wrong: 'a conflict is told without its file',
    file: 'src/core/render/words/headline.ts',
    find: "if (reason === 'merge_conflict' && file !== undefined)",
    replace: "if (file === '')",
  },
  C62: {
    wrong: 'an error of GitHub is taken for its refusal',
    file: 'src/effects/methods/refusal.ts',
    find: "    case 'refused':\n      return",
    replace: "    case 'refused':\n    case 'unavailable':\n    case 'unclear':\n      return",
  },
  C63: {
    wrong: 'CI is not asked about a build whose webhooks may be lost',
    file: 'src/core/queue/rules/builds/verdicts.ts',
    find: 'const ASK_CI_AFTER = 300_000',
    replace: 'const ASK_CI_AFTER = 300_000_000',
  },
  C64: {
    wrong: 'a failure is only believed when nothing runs any more',
    file: 'src/core/queue/rules/builds/verdicts.ts',
    find: "if (states.has('failed'))",
    replace: "if (states.has('failed') && !states.has('pending'))",
  },
  C65: {
    wrong: 'a run of another branch is evidence for a build',
    file: 'src/core/readiness/checks.ts',
    find: 'return options.branch === undefined || report.payload.branch === options.branch',
    replace: 'return true',
  },
  C67: {
    wrong: 'a build may take as long as it likes',
    file: 'src/core/queue/rules/builds/verdicts.ts',
    find: 'milliseconds(missing ? config.ci.start_timeout : config.ci.timeout)',
    replace: "milliseconds(missing ? config.ci.start_timeout : '99d')",
  },
  C68: {
    wrong: 'a build is called late without a look at CI',
    file: 'src/core/queue/rules/builds/verdicts.ts',
    find: 'const ask = now >= deadline ? now - asked > FRESH : now - asked >= ASK_CI_AFTER',
    replace: 'const ask = now < deadline && now - asked >= ASK_CI_AFTER',
  },
  C70: {
    wrong: 'nothing goes on until what is left of a build is withdrawn',
    file: 'src/core/queue/rules/builds/assembly.ts',
    find: 'build: build.build }))\n  return perform(effects.filter((effect) => judgement.due(effect)))\n}',
    replace: 'build: build.build }))\n  return perform(effects)\n}',
  },
  C72: {
    wrong: 'a silence of CI is taken for a cancelled run',
    file: 'src/core/queue/rules/builds/verdicts.ts',
    find: 'neverStarted(judgement, build, checks)',
    replace: 'cancelled(judgement, build, checks)',
  },
  C100: {
    wrong: 'a try is built on the tip, whatever commit was named',
    file: 'src/core/queue/rules/builds/tries.ts',
    find: 'const base = trial?.base ?? lane.tip',
    replace: 'const { tip: base } = lane',
  },
  C101: {
    wrong: 'a second try leaves the first where it is',
    file: 'src/core/queue/rules/asked/try.ts',
    find: "...(before ? [concludeTry(judgement, before, 'withdrawn', null)] : []),",
    replace: '',
  },
  C103: {
    wrong: 'what is blocked takes its try with it',
    file: 'src/core/queue/fold/entries.ts',
    find: "build.purpose !== 'try' && build.members.some(",
    replace: 'build.members.some(',
  },
  C104: {
    wrong: 'a try that passed proves what is to land',
    file: 'src/core/queue/plan/plan.ts',
    find: "base === tip && purpose !== 'try')",
    replace: 'base === tip && purpose.length > 0)',
  },
}
