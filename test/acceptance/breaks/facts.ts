/** Breaks behind the scenarios of webhooks, sweep and crash, of what people see, and of facts that repeat. */
import type { Break } from '../breaks.ts'

export const facts: Readonly<Record<string, Break>> = {
  C106: {
    wrong: 'every signature is right',
    file: 'src/ingest/receive.ts',
    find: 'if (!isSigned(body, head.signature, secret)) {',
    replace: 'if (false) {',
  },
  C107: {
    wrong: 'a delivery that was translated is translated again',
    file: 'src/ingest/deliveries.ts',
    find: "return state === 'done' ? { outcome: 'duplicate' } : await translate(delivery, null)",
    replace: "return await translate(delivery, state === 'done' ? [] : null)",
  },
  C110: {
    wrong: 'a pull request that GitHub does not list any more is left as it was',
    file: 'src/ingest/sweep/pulls.ts',
    find: "seen?.state === 'open' && seen.base === target && !listed.has(number)",
    replace: 'false && !listed.has(number)',
  },
  C112: {
    wrong: 'what is shown already is made anew',
    file: 'src/effects/show/show-check-run.ts',
    find: 'const id = standingRun(effect, view.lane)?.id ?? (await findCheckRun(run, scene))',
    replace: 'const id = null',
  },
  C114: {
    wrong: 'that GitHub asked us to wait is forgotten at once',
    file: 'src/github/call.ts',
    find: "if (!answer.ok && answer.failure === 'limited') await limits.set(installation, answer.until)",
    replace: 'if (false) await limits.set(installation, answer.until)',
  },
  C115: {
    wrong: 'migrations are not run',
    file: 'src/store/connect/migrations.ts',
    find: '    await migrate(drizzle(session), { migrationsFolder: folder })\n',
    replace: '',
  },
  C116: {
    wrong: 'a broken file puts the last good one out of force',
    file: 'src/core/repository.ts',
    find: '(config ?? repository.configs[branch]?.good ?? null)',
    replace: 'config',
  },
  C118: {
    wrong: 'a missing file is told of as a broken one',
    file: 'src/ingest/config.ts',
    find: 'file ? readConfig(file.text) : { config: null, errors: [] }',
    replace: 'readConfig(file?.text ?? null)',
  },
  C119: {
    wrong: 'what lands is shown as being tested',
    file: 'src/core/render/words/headline.ts',
    find: "return 'Landing'",
    replace: "return 'Testing'",
  },
  C120: {
    wrong: 'a check run is written whether or not it says so already',
    file: 'src/core/queue/rules/surfaces.ts',
    find: 'if (shown.content === content) return null',
    replace: "if (shown.content === '') return null",
  },
  C121: {
    wrong: 'a label is made whether or not there is one',
    file: 'src/github/calls/issues.ts',
    find: "      if (present.ok) return done\n      if (present.failure !== 'gone') return present\n",
    replace: '',
  },
  C123: {
    wrong: 'the check run of what landed ends as neutral',
    file: 'src/core/render/check-run.ts',
    find: "return { status: 'completed', conclusion: 'success' }",
    replace: "return { status: 'completed', conclusion: 'neutral' }",
  },
  C125: {
    wrong: 'a state that comes back is taken for the one that was',
    file: 'src/store/append/judge.ts',
    find: 'key: `${thing} @ ${last.position}` }',
    replace: 'key: `${thing} @ 0` }',
  },
  C126: {
    wrong: 'a push back to where a branch came from is taken for a late one',
    file: 'src/store/append/judge.ts',
    find: " && payload['before'] !== recorded",
    replace: '',
  },
  C127: {
    wrong: 'of two reports the one that came last decides',
    file: 'src/core/readiness/checks.ts',
    find: 'return [run, STATUS_RANK[status] ?? 0, completed_at ? Date.parse(completed_at) : 0, report.position]',
    replace: 'return [report.position]',
  },
  C128: {
    wrong: 'whoever has any permission has enough',
    file: 'src/core/config.ts',
    find: 'held !== undefined && RANK[held] >= RANK[wanted]',
    replace: 'held !== undefined && RANK[wanted] >= 0',
  },
  C129: {
    wrong: 'two holders of a lane assemble on the same scratch ref',
    file: 'src/core/ids.ts',
    find: '${build}-${epoch}-${attempt}',
    replace: '${build}-${attempt}',
  },
  C130: {
    wrong: 'a conflict with a member ahead is taken for one with the target',
    file: 'src/effects/methods/refusal.ts',
    find: '      if (!first && !(await conflictsAlone(placing, head))) return conflictWithMember(placing, head)\n',
    replace: '',
  },
  C131: {
    wrong: 'what is unknown of a pull request waits for the next sweep',
    file: 'src/core/queue/rules/unknowns.ts',
    find: 'if (due.length === 0) return null',
    replace: 'if (due.length >= 0) return null',
  },
  C132: {
    wrong: 'what is stored and untranslated is left so',
    file: 'src/ingest/deliveries.ts',
    find: 'if (page.length === 0) return counts',
    replace: 'if (page.length >= 0) return counts',
  },
  C133: {
    wrong: 'an approval that arrives after its dismissal counts',
    file: 'src/core/readiness/pull-request.ts',
    find: 'const final = pull.reviews[review.review_id]?.dismissed ?? false',
    replace: 'const final = false',
  },
  C134: {
    wrong: 'what a remembered resume waits for is not told',
    file: 'src/core/render/reply.ts',
    find: 'it is queued as soon as it is ready.${missing(explanation)}`',
    replace: 'it is queued as soon as it is ready.`',
  },
}
