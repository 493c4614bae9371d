/** The check run on a commit whose configuration file is broken: what is wrong, where, and what counts meanwhile. */
import type { PayloadOf } from '../events.ts'
import type { RenderedCheckRun } from './check-run.ts'
import { line } from './escape.ts'
import { errorLines } from './words/proposed-config.ts'

type ConfigErrors = PayloadOf<'config_changed'>['errors']

export function renderConfigErrors(errors: ConfigErrors, hasGood: boolean): Omit<RenderedCheckRun, 'lasting'> {
  const [first] = errors
  const where = first?.line ? `line ${first.line}` : 'the file'
  const title = line(`.github/mainkeeper.yml is broken: ${where}: ${first?.fix ?? 'unreadable'}`, 200)
  const meanwhile = hasGood
    ? 'Until it is mended, the last good configuration counts.'
    : 'Until it is mended, Mainkeeper stays silent here.'
  return {
    status: 'completed',
    conclusion: 'action_required',
    title,
    summary: [errorLines(errors), meanwhile].join('\n\n'),
    actions: [],
  }
}
