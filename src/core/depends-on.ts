/**
 * What a pull request says it depends on: lines of its description such as `Depends on #12` or `Depends-on: #12, #13`. Commands
 * are not obeyed where a line can be read in two ways; here such a line counts, for to wait is the safe side. Pull requests of
 * other repositories are not understood. It does not know what became of any of them.
 */
const LINE = /^ {0,3}(?:[-*+] (?:\[[ x]\] )?)?depends[ -]on:?\s+((?:#\d{1,9}\b(?:\s*,\s*|\s+and\s+|\s+&\s+|\s+)?)+)/i
/** Templates explain themselves in comments and examples. */
const COMMENT = /<!--[^]*?(?:-->|$)/g
const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:[^]*?^ {0,3}\1[`~]*[ \t]*$|[^]*)/gm
/** More than these are not read: nobody means them. */
const MOST = 50

/** The numbers, in ascending order, each once. */
export function dependsOn(description: string | null): number[] {
  const text = (description ?? '').replaceAll(/\r\n?/g, '\n').replaceAll(COMMENT, '').replaceAll(FENCED, '')
  const lists = text.split('\n').flatMap((line) => LINE.exec(line)?.[1] ?? [])
  const numbers = lists.flatMap((list) => [...list.matchAll(/#(\d+)/g)].map(([, number]) => Number(number)))
  return [...new Set(numbers)]
    .filter((number) => number > 0)
    .sort((a, b) => a - b)
    .slice(0, MOST)
}
