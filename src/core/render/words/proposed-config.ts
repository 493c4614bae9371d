/**
 * What is said on a pull request that changes the configuration file: whether its own is right, and that it does not count
 * yet. And the errors of such a file as a list, each with its place and what would be right.
 */
import type { PayloadOf } from '../../events.ts'
import type { Explanation } from '../../readiness/explanation.ts'
import { code, prose } from '../escape.ts'

type ConfigErrors = PayloadOf<'config_changed'>['errors']

export function errorLines(errors: ConfigErrors): string {
  const list = errors.map((error) => {
    const place =
      error.line === null ? '' : `line ${error.line}${error.column === null ? '' : `, column ${error.column}`}: `
    return `- ${place}${error.key ? `${code(error.key)} ` : ''}${error.value ? `is ${code(error.value)}: ` : ''}${prose(error.fix, 500)}`
  })
  return list.join('\n')
}

/** Null where the file is not changed. */
export function renderProposedConfig({ target, proposed }: Pick<Explanation, 'target' | 'proposed'>): string | null {
  if (!proposed) return null
  const judged = `This pull request is judged by the file of ${code(target)}, not by its own.`
  const file = code('.github/mainkeeper.yml')
  if (proposed.blob === null) return `It removes ${file}. ${judged}`
  if (proposed.errors.length === 0) return `It changes ${file}, and the new one is right. ${judged}`
  return `**It changes ${file}, and the new one is broken.** ${judged}\n\n${errorLines(proposed.errors)}`
}
