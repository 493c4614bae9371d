/**
 * Text from outside that wants more than to be read: titles, branches, checks, files, messages and names, on every surface
 * that people read. They mention nobody, refer to no issue, close none, hold no HTML, steer no terminal and break no line.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openLog, scrubbing } from '../../src/cli/process/process-log.ts'
import { renderExplained } from '../../src/cli/words/explained.ts'
import { renderLog } from '../../src/cli/words/log-lines.ts'
import { definitionOf, type NewEvent } from '../../src/core/events.ts'
import { decide } from '../../src/core/queue/decide.ts'
import type { Decision } from '../../src/core/queue/judgement.ts'
import { explain } from '../../src/core/readiness/explain.ts'
import { renderCheckRun } from '../../src/core/render/check-run.ts'
import { renderComment } from '../../src/core/render/comment.ts'
import { mergeMessage } from '../../src/core/render/commit/merge-message.ts'
import { renderConfigErrors } from '../../src/core/render/config-errors.ts'
import { withoutUnseen } from '../../src/core/render/escape.ts'
import { renderFollowUp, renderFollowUpClosing, renderManualResume } from '../../src/core/render/follow-up.ts'
import { renderLanded } from '../../src/core/render/landed-comment.ts'
import * as reply from '../../src/core/render/reply.ts'
import { readConfig } from '../../src/ingest/config.ts'
import {
  approved,
  BUILT,
  blocked,
  check,
  commit,
  configWith,
  declared,
  event,
  examined,
  followUpFailed,
  followUpOpened,
  held,
  NOON,
  planned,
  published,
  pushed,
  queued,
  readyFacts,
  seen,
} from '../support/facts.ts'
import { logged, viewOf } from '../support/given.ts'

const bits = fc.constantFrom(
  '@evil',
  '@evil/team',
  '#666',
  'Fixes #666',
  'closes evil/repo#666',
  'GH-666',
  'https://evil.example/issues/666',
  'www.evil.example',
  '<img src=x onerror=evil>',
  '<!-- mainkeeper:pull -->',
  '-->',
  '</details>',
  '&lt;script&gt;',
  '![x](//evil.example/x.png)',
  '[x](javascript:evil)',
  '\n',
  '\r\n',
  '\n\n/merge\n',
  '\n# evil\n',
  '| evil |',
  '```',
  '`',
  '\\',
  '**',
  '__',
  '~~',
  '$evil$',
  '::evil::',
  '\u202E',
  '\u2066',
  '\u200F',
  '\u001B[2J',
  '\u001B]0;evil\u0007',
  '\u009B31m',
  '\u0000',
  '\u2028',
  '\uD800',
  '; rm -rf /',
  '$(evil)',
  '`evil`',
  '%0a::set-output',
  '${evil}',
  '\'"',
)
const hostile = fc
  .array(fc.oneof(bits, bits, fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(' '))
/** What git allows in the name of a branch. */
const branchName = fc
  .array(
    fc.constantFrom(
      '@evil',
      '#666',
      '$(evil)',
      ';evil',
      '`evil`',
      '<b>',
      '-->',
      '&&',
      "'",
      '"',
      '|',
      '!',
      '%0a',
      '(x)',
      'é',
      '\u202E',
      '{1}',
      '=',
      ',',
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => `x${parts.join('-')}`)

interface Evil {
  readonly text: string
  readonly branch: string
}
const evil: fc.Arbitrary<Evil> = fc.record({ text: hostile, branch: branchName })

const cut = (text: string): string => text.slice(0, 1900)
const ready = readyFacts(12)

/** A pull request in several states, all that can be chosen from outside being hostile. */
function states({ text, branch }: Evil): NewEvent[][] {
  const context = `ci ${text}`
  const about = [
    ...ready,
    seen(12, { title: text, branch, labels: [text], author: 'evil' }),
    pushed(12, { branch }),
    examined(12),
    approved(12, 'rob'),
    declared(12, { branch }),
    check({ branch, context, url: `https://ci.example/${text}`, conclusion: 'failure', run: 2 }),
  ]
  const evidence = (['file', 'check', 'commit', 'pull_request', 'message', 'review', 'rule'] as const).map((kind) => ({
    kind,
    text: cut(text),
    url: `https://ci.example/(${encodeURI(branch)})`,
  }))
  const block = blocked(12, { branch, conflict_evidence: evidence, diagnostics: [cut(text)] })
  return [
    about,
    [...about, held({ by: 'evil', words: cut(text), evidence })],
    [...about, queued(12, { branch }), block],
    [...about, queued(12, { branch }), block, followUpOpened(12)],
    [
      ...about,
      queued(12, { branch }),
      blocked(12, { branch, reason: 'checks_failed', conflict_evidence: evidence, diagnostics: [cut(text)] }),
      followUpFailed(12, cut(text)),
    ],
  ]
}

function explained(events: readonly NewEvent[]) {
  const view = viewOf(events)
  const pull = view.pulls.get(12)
  if (!pull) throw new Error('nothing is known of #12')
  return explain(view, configWith({ ready: { labels: { unless: ['wip'] } } }), pull)
}

const STEERING = /(?!\n)[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/u

/** What GitHub would still see in Markdown of ours: outside of code, with links as their texts. */
function powersIn(markdown: string): string[] {
  const read = markdown
    .replaceAll(/^<!-- mainkeeper:[^\n]*? -->$/gm, '')
    // An escaped tick begins no code.
    .replaceAll(/(?<!\\)`[^`\n]*`/g, '')
    .replaceAll(/\]\(https:\/\/ci\.example\/[^\s()]*\)/g, ']')
  return [
    /@evil/,
    /#666/,
    /GH-666/i,
    /:\/\//,
    /www\.evil/,
    /<[a-z/!]/i,
    /-->/,
    /(?<!\\)!\[/,
    /^\/merge/m,
    /^ {0,3}# evil/m,
    STEERING,
  ].flatMap((power) => power.exec(read)?.[0] ?? [])
}

const recorded = (decision: Decision) => (decision.do === 'record' ? decision.events : [])

describe('hostile text', () => {
  it('has no power in the check run, the comment, the follow-up issue or a reply', () => {
    fc.assert(
      fc.property(evil, (one) => {
        for (const events of states(one)) {
          const told = explained(events)
          const { title, summary } = renderCheckRun(told)
          const issue = renderFollowUp(told)
          expect([title, issue.title].join(' ')).not.toMatch(/\n|\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u)
          for (const markdown of [
            summary,
            renderComment(told) ?? '',
            issue.body,
            renderManualResume(told) ?? '',
            renderFollowUpClosing(told),
            reply.why(told),
            reply.forbidden(one.text, 'write'),
            reply.otherHead(one.text, commit('a1')),
            reply.unknownCommand(one.text),
          ])
            expect(powersIn(markdown)).toEqual([])
        }
      }),
      { numRuns: 20 },
    )
  })

  it('stays in its cell, so that each row of the check run’s table has as many as its head', () => {
    fc.assert(
      fc.property(evil, (one) => {
        const { summary } = renderCheckRun(explained(states(one)[0] ?? []))
        const rows = summary.split('\n').filter((line) => line.startsWith('| '))
        const bars = rows.map((row) => row.replaceAll(/\\./g, '').split('|').length)
        expect(new Set(bars)).toEqual(new Set([6]))
      }),
      { numRuns: 20 },
    )
  })

  it('has no power where a broken configuration is told of, nor where a squash is', () => {
    fc.assert(
      fc.property(evil, ({ text, branch }) => {
        const { errors } = readConfig(
          `mode: ${JSON.stringify(text)}\n${JSON.stringify(text)}: 1\nci: { timeout: ${JSON.stringify(text)} }\n`,
        )
        const { title, summary } = renderConfigErrors([...errors], false)
        expect(title).not.toMatch(/\n|\p{Cc}/u)
        expect(powersIn(summary)).toEqual([])
        expect(powersIn(renderLanded(branch, commit('a1'), commit('b1')))).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it('neither steers a terminal nor makes a line of its own in what the command line says', () => {
    fc.assert(
      fc.property(evil, (one) => {
        for (const events of states(one)) {
          const history = logged(events)
          const table = renderLog({
            lines: history.map((event) => ({ event, trouble: null })),
            first: true,
            ends: false,
          })
          expect(table.split('\n')).toHaveLength(history.length)
          const page = renderExplained({
            now: Date.parse(NOON),
            repository: 'acme/rocket',
            pull: 12,
            title: one.text,
            target: 'main',
            explanation: explained(events),
            silent: null,
            proof: null,
            builds: [],
            history,
          })
          for (const text of [table, page]) expect(text).not.toMatch(STEERING)
          for (const text of [table, page]) expect(text).not.toMatch(/^(\/merge|# evil)/m)
        }
      }),
      { numRuns: 10 },
    )
  })

  it('is one line of the log, steers no terminal there, and is the same text to a machine', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        let line = ''
        openLog('info', scrubbing([]), { write: (one) => void (line += one) }).info({ title: text }, text)
        expect(line.trimEnd()).not.toMatch(/\n|[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(JSON.parse(line)).toMatchObject({ title: text, msg: text })
        expect(JSON.parse(withoutUnseen(JSON.stringify({ text })))).toEqual({ text })
      }),
      { numRuns: 100 },
    )
  })

  it('calls nobody from a commit of ours, and steers no terminal that shows it', () => {
    const told = { number: 12, title: '', body: '', author: 'evil', head: 'acme/topic' }
    fc.assert(
      fc.property(hostile, hostile, (title, body) => {
        for (const method of ['merge', 'squash'] as const) {
          const message = mergeMessage(method, { body: '{title}\n{body}' }, { ...told, title, body }, 1)
          expect(message).not.toMatch(/@evil/)
          expect(message).not.toMatch(STEERING)
          expect(message).not.toContain('<!--')
        }
      }),
      { numRuns: 100 },
    )
  })

  it('in a commit is the author’s own otherwise: addresses, issues that it closes and a maintainer’s template stay', () => {
    const body = 'Fixes #12, as @bob said.\n\nWrite to ann@example.org.\n\nCo-authored-by: Bob <bob@example.org>'
    const told = { number: 3, title: 'Thank @acme/core', body, author: 'ann', head: 'acme/topic' }
    expect(mergeMessage('squash', { title: '{title} by @{author}' }, told, 1)).toBe(
      `Thank @\u200Bacme/core by @ann\n\n${body.replace('@bob said', '@\u200Bbob said')}`,
    )
  })
})

describe('text without end', () => {
  const house = [
    event('repository_observed', {
      installation: 1,
      installed: true,
      suspended: false,
      default_branch: 'main',
      private: false,
    }),
    event('config_changed', {
      branch: 'main',
      default_branch: true,
      blob: commit('d0'),
      commit: commit('c0'),
      config: configWith(),
      errors: [],
    }),
  ]
  const long = 'x'.repeat(5000)

  it('in the name and address of a check is cut, so that the log takes the decision that follows from it', () => {
    const events = [
      ...house,
      event('protection_observed', {
        branch: 'main',
        required: [{ context: long, app_id: null }],
        rules: [],
        bypass: 'unknown',
      }),
      ...ready.filter(({ type }) => type !== 'protection_observed' && type !== 'check_reported'),
      check({ context: long }),
      queued(12),
    ]
    const failed = (build: string, sha: string) =>
      check({
        sha,
        branch: `mainkeeper/queue/main/${build}`,
        context: long,
        conclusion: 'failure',
        url: `https://ci.example/${long}`,
      })
    const first = [...events, planned('b1', [12]), published('b1', [12]), failed('b1', BUILT)]
    const told = recorded(decide(viewOf(first)))
    expect(told.map(({ type }) => type)).toEqual(['build_concluded'])
    // Built once more, as another commit, before anybody is blamed.
    const again = commit('e2')
    const prefixes = [{ pull: 12, sha: again, tree: commit('f1') }]
    const second = [
      ...first,
      ...told,
      planned('b2', [12], { purpose: 'confirm', attempt: 2 }),
      published('b2', [12], { sha: again, prefixes, ref: 'refs/heads/mainkeeper/queue/main/b2' }),
      failed('b2', again),
    ]
    const confirmed = recorded(decide(viewOf(second)))
    const withdrawn = ['b1', 'b2'].map((build) => event('build_withdrawn', { build }))
    const blamed = recorded(decide(viewOf([...second, ...confirmed, ...withdrawn])))
    expect(blamed.map(({ type }) => type)).toEqual(['integration_blocked'])
    for (const one of [...told, ...confirmed, ...blamed])
      expect(definitionOf(one.type).payload.safeParse(one.payload).error).toBeUndefined()
  })
})
