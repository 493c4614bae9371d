/**
 * What a story ends with, as law 7 compares it: what landed, the target's tree, what people read, less the shas of commits
 * and the times, which a later landing changes. It reads the twin and never the app.
 */

import type { Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { IssueView } from '../../../src/twin/twin-views.ts'

/** One line for each thing that has to be the same, in an order of their own. */
export type Ending = readonly string[]

export async function endingOf(
  repo: TwinRepository,
  { app, violations }: Pick<Twin, 'app' | 'violations'>,
): Promise<Ending> {
  const main = (await repo.ref('main')) ?? ''
  const issues = repo.issues().filter(({ author }) => author === app.botLogin)
  const commented = [...repo.pulls(), ...repo.issues()].map(({ number }) => number)
  return [
    `main has the tree ${await repo.tree(main)}`,
    ...(await landed(repo, main)),
    ...repo.pulls().map(({ number, state, merged }) => `#${number} is ${merged ? 'merged' : state}`),
    ...repo.pulls().flatMap(({ number, head }) => shownOn(repo, number, head.sha)),
    ...issues.map(followUp),
    ...commented.flatMap((number) =>
      repo.comments(number).map(({ author, body }) => `on #${number} ${author} says: ${lasting(body)}`),
    ),
    ...Object.keys(await repo.refs('refs/heads/mainkeeper/')).map((ref) => `${ref.replace(/[^/]+$/, '…')} is left`),
    ...violations.map((violation) => `against the contract: ${violation}`),
  ].sort()
}

/** A closed one is compared by its marker alone: what it said last is what was true when there was time to say it. */
function followUp({ number, state, labels, title, body }: IssueView): string {
  const [marker] = (body ?? '').split('\n')
  const text = state === 'open' ? `${lasting(title)}\n${lasting(body ?? '')}` : marker
  return `issue #${number} is ${state} with ${[...labels].sort().join(', ')}: ${text}`
}

/** The first-parent line: one commit for each landing, twice if it landed twice. */
async function landed(repo: TwinRepository, main: string): Promise<string[]> {
  const commits = new Map((await repo.log(main)).map((commit) => [commit.sha, commit]))
  const told: string[] = []
  for (let at = commits.get(main); at; at = commits.get(at.parents[0] ?? '')) told.push(`main took: ${at.message}`)
  return told
}

function shownOn(repo: TwinRepository, pull: number, sha: string): string[] {
  return repo
    .checkRuns(sha)
    .filter(({ name }) => name === 'mainkeeper')
    .map(({ status, conclusion, title }) => `the check of #${pull} is ${conclusion ?? status}: ${lasting(title ?? '')}`)
}

/** The text without what depends on the moment: times, shas, which hold the time, ids, the twin's port, who pushed. */
const lasting = (text: string): string =>
  text
    .replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)?/g, '<time>')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<github>')
    .replaceAll(/\b[0-9a-f]{40}\b/g, '<sha>')
    .replaceAll(/\bcomment=\d+/g, 'comment=<id>')
    .replaceAll(/\/runs\/\d+(\/job\/\d+)?/g, '/runs/<id>')
    // Only the webhook says by whom, and it may have been sent to nobody.
    .replaceAll(/(?<=\bforce-pushed) by \S+(?=:)/g, '')
    // One in a thousand has no digit; without a word before it, it could be a word.
    .replaceAll(/\b(?=[a-f]*\d)[0-9a-f]{7}\b|(?<=\b(?:as|at) )[0-9a-f]{7}\b/g, '<sha>')

/** What one ending has and the other has not, as lines of a patch; none when they are the same. */
export function differences(wanted: Ending, found: Ending): string[] {
  const less = (from: Ending, what: Ending): string[] => {
    const rest = [...what]
    return from.filter((line) => {
      const at = rest.indexOf(line)
      if (at >= 0) rest.splice(at, 1)
      return at < 0
    })
  }
  return [...less(wanted, found).map((line) => `- ${line}`), ...less(found, wanted).map((line) => `+ ${line}`)]
}
