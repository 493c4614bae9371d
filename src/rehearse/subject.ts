/** What the message of a commit on the target tells: which pull request it landed, and whether it undoes something. */

export interface Told {
  /** Null: it names none. */
  readonly number: number | null
  readonly title: string
}

/** GitHub's own merge button, and the words of homu, bors and GitHub's queue. */
const MERGED = /^(?:Merge pull request|Auto merge of|Merge) #(\d{1,9})\b[\s:–-]*/

/** Of a merge commit. GitHub puts the pull request's title below its own subject. */
export function toldByMerge(message: string): Told {
  const subject = subjectOf(message)
  const [whole, number] = MERGED.exec(subject) ?? []
  if (whole === undefined) return { number: lastNumber(subject), title: subject }
  const body = message
    .split('\n')
    .slice(1)
    .find((line) => line.trim() !== '')
  return { number: Number(number), title: body?.trim() ?? subject.slice(whole.length) }
}

/** Of a commit with one parent: a squash where its subject has `(#n)`. The last one counts: a backport quotes the first. */
export function toldBySquash(message: string): Told {
  const subject = subjectOf(message)
  return { number: lastNumber(subject), title: subject.replace(/\s*\(#\d{1,9}\)\s*$/, '') }
}

/** Whether it says that it takes something back: GitHub's revert button, or `git revert`. */
export const isRevert = (message: string): boolean =>
  /^(?:Merge pull request #\d+ from \S*\s+)?Revert "/.test(message) ||
  /^This reverts commit [0-9a-f]{7,40}/m.test(message)

/** Whether a merge on the branch brought the branch itself in: a local `git pull` that was pushed. */
export function mergesItself(message: string, branch: string): boolean {
  const [, remote, name = ''] = /^Merge (remote-tracking )?branch '([^']+)'/.exec(message) ?? []
  return (remote === undefined ? name : name.replace(/^[^/]+\//, '')) === branch
}

const subjectOf = (message: string): string => message.split('\n')[0]?.trim() ?? ''

function lastNumber(subject: string): number | null {
  const number = [...subject.matchAll(/\(#(\d{1,9})\)/g)].at(-1)?.[1]
  return number === undefined || Number(number) === 0 ? null : Number(number)
}
