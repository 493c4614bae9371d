/** Where somebody stands among the builds, in words: one line for a title, and the evidence of a set that failed. */
import type { Evidence } from '../../events/shapes.ts'
import type { Flaky } from '../../queue/estimates/shown.ts'
import type { Failed, Standing } from '../../queue/standing.ts'
import { code, evidenceText } from '../escape.ts'
import { rerunWords } from './rerun.ts'

/** For a title: who is named in it is few. */
export function standingWords(standing: Standing): string {
  switch (standing.code) {
    case 'testing':
      return standing.with.length === 0 ? 'Testing' : `Testing with ${those(standing.with)}`
    case 'passed':
      return 'Passed, about to land'
    case 'confirming':
      return `Confirming: ${names(standing.failed)} ${failing(standing.failed)}, ${standing.rerun ? rerunWords(standing.rerun) : 'and is tried once more'}`
    case 'set_aside':
      return `Set aside: one of ${those(standing.failed.among)} ${breaking(standing.failed)}${again(standing)}`
    case 'waits_for_conflict':
      return `Queued: waits for #${standing.pull}, both change the same lines`
    case 'waits_for_dependency':
      return `Queued: waits for ${those(standing.pulls)} to land`
    case 'waits_to_be_alone':
      return 'Queued to be built alone'
    case 'waits_its_turn':
      return 'Queued'
    default:
      return standing satisfies never
  }
}

function again({ with: others, first }: Standing & { code: 'set_aside' }): string {
  if (others !== null) return others.length === 0 ? '; tested again alone' : `; tested again with ${those(others)}`
  return first.length === 0 ? '' : `; ${those(first)} ${first.length === 1 ? 'is' : 'are'} tested first`
}

/** Which build put it under suspicion, with everything that did not pass in it; null where none did. */
export function suspicion(standing: Standing, flaky: readonly Flaky[]): string | null {
  if (standing.code !== 'confirming' && standing.code !== 'set_aside') return null
  const { build, among, checks } = standing.failed
  const told = checks.map(
    ({ context, conclusion, state, url }): Evidence => ({
      kind: 'check',
      text: `${context}: ${conclusion ?? state}`,
      ...(url === null ? {} : { url }),
    }),
  )
  const chance = flaky.filter(({ context }) => checks.some((check) => check.context === context))
  return [
    `Build ${code(build)} of ${those(among, among.length)} did not pass: ${told.map(evidenceText).join(', ')}.`,
    ...chance.map((one) => `${flakyWords({ ...one, context: code(one.context) })}.`),
  ].join(' ')
}

/** `test failed by chance in 2 of 34 runs`; the name as it is to be shown. */
export const flakyWords = ({ context, flaked, runs }: Flaky): string =>
  `${context} failed by chance in ${flaked} of ${runs} runs`

/** Members that a title names; of more it says how many. */
const NAMED = 4

function those(pulls: readonly number[], most = NAMED): string {
  const named = pulls.slice(0, pulls.length > most ? most - 1 : most).map((pull) => `#${pull}`)
  if (pulls.length > most) named.push(`${pulls.length - most + 1} others`)
  const last = named.pop() ?? ''
  return named.length > 0 ? `${named.join(', ')} and ${last}` : last
}

const late = ({ checks }: Failed): boolean => checks.every(({ state }) => state !== 'failed')
const breaking = (failed: Failed): string =>
  late(failed) ? `keeps ${names(failed)} from ending in time` : `breaks ${names(failed)}`
const failing = (failed: Failed): string => (late(failed) ? 'did not end in time' : 'failed')

function names(failed: Failed): string {
  const counted = late(failed) ? failed.checks : failed.checks.filter(({ state }) => state === 'failed')
  return counted.map(({ context }) => context).join(', ') || 'a check'
}
