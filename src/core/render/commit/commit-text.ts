/**
 * Text from outside on its way into a commit: what must never arrive there is taken out, by whichever way it came. It knows
 * no template and no method of landing.
 */

/** GitHub skips workflows for a commit whose message holds one of these, and a build that CI skips proves nothing. */
const SKIP_CI = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks:[ \t]*true[ \t]*$/gim
/** A block between these marks is for readers of the pull request only; without its end it goes on to the end of the text. */
const IGNORED = /<!--\s*mainkeeper-ignore:start\s*-->[\s\S]*?(?:<!--\s*mainkeeper-ignore:end\s*-->|$)/gi
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g

/** Removes until nothing is left to remove: what is taken out may put together what stood around it. */
function without(text: string, pattern: RegExp): string {
  for (let before = text; ; ) {
    const after = before.replace(pattern, '')
    if (after === before) return after
    before = after
  }
}

/** Takes out ignore blocks alone, so that a mark to cut at may still be a comment. */
export const withoutIgnored = (text: string): string => without(text.replaceAll('\r\n', '\n'), IGNORED)

/** What steers a terminal, turns the direction of reading or can't be seen, but for joiners within a character. */
const STEERING = /(?![\n\t\u200b-\u200d])[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/**
 * Outside text without the power to call anybody, as in everything else that we write: who is named with an @ is told of
 * every commit that says so, and every build of a pull request is a new commit. Addresses are no mentions. Issues may be
 * named and closed: the author may do so in the pull request itself.
 * https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
 */
export const unmentioned = (text: string): string => text.replaceAll(/(?<!\w)@(?=\w)/g, '@\u200B')

/** Text that may stand in a commit: no ignore block, no HTML comment, no marker that skips CI, no run of empty lines. */
export function commitText(text: string): string {
  // First of all, for a marker may not hide behind what is taken out.
  const plain = without(
    withoutIgnored(text.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n').replaceAll(STEERING, '')),
    COMMENT,
  )
  return without(plain, SKIP_CI)
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** The message of a commit that somebody else wrote, kept but for what must not arrive. */
export const keptMessage = (message: string): string => {
  const kept = without(withoutIgnored(message), SKIP_CI)
  return kept === message ? message : kept.trim()
}
