/**
 * Who wrote what a squash makes one commit of: its author, and everybody else as `Co-authored-by` trailers, each once. Bots
 * and merge commits count for nobody. It reads commits as they are and looks nobody up.
 */

export interface Written {
  readonly message: string
  readonly merge: boolean
  readonly author: { readonly name: string; readonly email: string }
  /** The account behind the author, where GitHub knows one. */
  readonly login: string | null
  readonly bot: boolean
}

export interface Authors {
  readonly author: { readonly name: string; readonly email: string } | null
  readonly trailers: readonly string[]
}

type Person = Authors['author'] & {}

const TRAILER = /^co-authored-by:\s*(.+?)\s*<([^<>\s]+)>\s*$/gim

/**
 * The author is whoever opened the pull request if they wrote a commit of it, else whoever wrote the first one. `named: false`:
 * the commit names no author, so the author is a co-author like all others.
 */
export function authorsOf(commits: readonly Written[], opener: string, named: boolean): Authors {
  const written = commits.filter(({ merge, bot, author }) => !merge && !bot && isPerson(author))
  const own = written.find(({ login }) => login?.toLowerCase() === opener.toLowerCase()) ?? written[0]
  const author = own ? own.author : null
  const people = new Map<string, Person>()
  for (const person of [...(author ? [author] : []), ...written.flatMap(peopleOf)])
    if (!people.has(person.email.toLowerCase())) people.set(person.email.toLowerCase(), person)
  if (named && author) people.delete(author.email.toLowerCase())
  return { author: named ? author : null, trailers: [...people.values()].map(trailerOf) }
}

const peopleOf = ({ author, message }: Written): Person[] => [
  author,
  ...[...message.matchAll(TRAILER)].map(([, name = '', email = '']) => ({ name, email })).filter(isPerson),
]

const isPerson = ({ name, email }: Person): boolean =>
  name !== '' && email !== '' && !/\[bot\]/i.test(name) && !/\[bot\]@/i.test(email)

const trailerOf = ({ name, email }: Person): string => `Co-authored-by: ${plain(name)} <${plain(email)}>`

const plain = (text: string): string => text.replaceAll(/[<>\p{Cc}]/gu, '').trim()
