/** Finds what somebody meant who misspelt one of a few words. It knows nothing of what the words are for. */

/** The word that is few slips of the pen away from `typed`; null when none is near enough to be meant. */
export function closest(typed: string, words: readonly string[]): string | null {
  const lower = typed.toLowerCase()
  const near = words
    .map((word) => ({ word, slips: distance(lower, word.toLowerCase()) }))
    .filter(({ word, slips }) => slips <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.slips - b.slips)
  return near[0]?.word ?? null
}

/** How many letters have to be put in, taken out or changed. Texts far apart in length are not looked at. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return Number.POSITIVE_INFINITY
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      line.push(Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1))
    }
    above = line
  }
  return above[b.length] ?? 0
}
