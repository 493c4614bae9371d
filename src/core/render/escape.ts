/**
 * Text from outside, made harmless wherever it is shown: it can mention nobody, link no other issue, load no image, hold no
 * HTML and break no table. It knows nothing of what the text says.
 */
import type { Evidence } from '../events/shapes.ts'

// Control characters, and those that turn the direction of what follows or can't be seen.
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

/** One line of plain text of at most `max` UTF-16 units, for titles and terminals. */
export function line(text: string, max = 200): string {
  const flat = text.replaceAll(/\s+/g, ' ').replaceAll(UNSEEN, '').trim()
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** JSON of one line that is safe in a terminal: what steers it or can't be seen is written out, and the value is the same. */
export const withoutUnseen = (json: string): string =>
  json.replaceAll(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (unseen) =>
    unseen.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )

/** Outside text within a sentence or a table cell. */
export function prose(text: string, max = 1000): string {
  return (
    line(text, max)
      .replaceAll(/[\\`*_~[\]|!$]/g, '\\$&')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // GitHub looks for mentions and references after Markdown was read: an escape would not hold them back.
      .replaceAll(/[@#]/g, '$&\u200B')
      .replaceAll(/\b(GH)-(?=\d)/gi, '$1\u200B-')
      .replaceAll('://', ':\u200B//')
      .replaceAll(/\bwww\./gi, 'www\u200B.')
  )
}

/** Outside text as code: shown as it is. */
export function code(text: string, max = 200): string {
  const flat = line(text, max).replaceAll('`', 'ˋ')
  return flat === '' ? '` `' : `\`${flat}\``
}

/** Markdown of ours as a table's cell: a bar that nothing escapes would end it, even within code. */
export const cell = (markdown: string): string => markdown.replaceAll(/(?<!\\)((?:\\\\)*)\|/g, String.raw`$1\|`)

const GITHUB_LIMIT = 65_000

/** A whole text, within what GitHub takes; what is beyond is left out by lines. */
export function withinLimit(markdown: string): string {
  if (markdown.length <= GITHUB_LIMIT) return markdown
  return `${markdown.slice(0, markdown.lastIndexOf('\n', GITHUB_LIMIT))}\n\nThe rest is left out: it is too long for GitHub.`
}

/** One piece of evidence, as a link where it has an address. */
export function evidenceText({ kind, text, url }: Evidence): string {
  const shown = shownAs(kind, text)
  return url !== undefined && /^https?:\/\//i.test(url) ? `[${shown}](${address(url)})` : shown
}

function shownAs(kind: Evidence['kind'], text: string): string {
  switch (kind) {
    case 'file':
      return code(text)
    // A full commit id becomes a link by itself.
    case 'commit':
      return /^[0-9a-f]{40}$/.test(text) ? text : prose(text, 300)
    case 'check':
    case 'pull_request':
    case 'message':
    case 'review':
    case 'rule':
      return prose(text, 300)
    default:
      return kind satisfies never
  }
}

const address = (url: string): string =>
  url
    .replaceAll(/\p{Cs}/gu, '')
    .replaceAll(/[^\w\-.~:/?#@!$&*+,;=%]/gu, (character) => encodeURIComponent(character).replaceAll(/[()']/g, percent))

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16)}`
