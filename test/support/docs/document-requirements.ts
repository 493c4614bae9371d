/** Writes `docs/requirements.md` from the requirements of readiness. The prose around the table is the only thing that it adds. */
import { REQUIREMENTS } from '../../../src/core/readiness/evaluate.ts'
import type { Requirement } from '../../../src/core/readiness/requirement.ts'

export function documentRequirements(): string {
  return `${[
    '# Requirements',
    'Generated from `src/core/readiness/` by `npm run docs`; `npm run check` fails when it is out of date.',
    'A pull request is ready when each of these is met. Each is met, unmet or unknown, and says so with a reason, in words, and with evidence: in the check run on the head, in answer to `/why`, and by `mainkeeper explain`. Unknown is never ready: what is missing is looked up at once, then again and again, at most every minute. Those that the configuration or the target does not ask for are left out.',
    'They are told in this order, and the first that is unmet heads the check run. All are looked at afresh before a build is planned and again, not older than a minute, before the target is moved.',
    ...REQUIREMENTS.map(documentRequirement),
  ].join('\n\n')}\n`
}

function documentRequirement({ code, asks, reasons, changesWith }: Requirement): string {
  const rows = [
    row('unmet', reasons.unmet),
    row('unknown', ['pull_request_unseen', ...reasons.unknown]),
    row('can change with', changesWith),
  ]
  return [`## \`${code}\``, asks, ['| | |', '|---|---|', ...rows].join('\n')].join('\n\n')
}

const row = (title: string, codes: readonly string[]): string =>
  `| ${title} | ${codes.length === 0 ? 'never' : codes.map((code) => `\`${code}\``).join(', ')} |`
