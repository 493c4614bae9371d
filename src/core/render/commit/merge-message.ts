/**
 * The messages of the commits that Mainkeeper makes, from templates: the title in one line, the body after an empty one.
 * Plain text from outside in a commit; nothing in it starts or skips a workflow. It makes no commit.
 */
import type { Config } from '../../config.ts'
import type { Method } from '../../events/shapes.ts'
import type { PayloadOf } from '../../events.ts'
import { commitText, unmentioned, withoutIgnored } from './commit-text.ts'

/** What a pull request gives to the message of its commit. */
export interface Told {
  readonly number: number
  readonly title: string
  /** Null when it has no description. */
  readonly body: string | null
  readonly author: string
  /** `owner/branch`. */
  readonly head: string
}

type Templates = Config['land']['message']

const DEFAULTS: Record<Exclude<Method, 'rebase' | 'fast-forward'>, { title: string; body: string }> = {
  merge: { title: 'Merge pull request #{number} from {head}', body: '{title}' },
  squash: { title: '{title} (#{number})', body: '{body}' },
}

/** Whether the description is needed, which no event carries. */
export const needsBody = (method: 'merge' | 'squash', { title, body }: Templates): boolean =>
  `${title ?? DEFAULTS[method].title}${body ?? DEFAULTS[method].body}`.includes('{body}')

/** The whole message; `trailers` stand at its end, with the attempt when it is not the first. */
export function mergeMessage(
  method: 'merge' | 'squash',
  templates: Templates,
  told: Told,
  attempt: number,
  trailers: readonly string[] = [],
): string {
  const fill = filler(told, templates)
  const title = commitText(fill(templates.title ?? DEFAULTS[method].title)).replaceAll(/\s+/g, ' ')
  const body = commitText(fill(templates.body ?? DEFAULTS[method].body))
  // A repeated build is a new commit, so that no answer to the old one can stand for it.
  const last = [...trailers, ...attemptTrailer(attempt)]
  const text = [title === '' ? `#${told.number}` : title, body, joined(body, last)].filter((part) => part !== '')
  return commitText(text.join('\n\n'))
}

/** A message in the two parts that GitHub takes; it has its first line at least. */
export function titleAndBody(message: string): { readonly title: string; readonly body: string } {
  const [title = '', ...rest] = message.split('\n')
  return { title, body: rest.join('\n').trimStart() }
}

export const attemptTrailer = (attempt: number): string[] => (attempt > 1 ? [`Mainkeeper-Attempt: ${attempt}`] : [])

/** A try is a commit of its own, so that nothing said of it is said of what is to land. */
export const tryTrailer = ({ build, purpose }: Pick<PayloadOf<'build_planned'>, 'build' | 'purpose'>): string[] =>
  purpose === 'try' ? [`Mainkeeper-Try: ${build}`] : []

const joined = (body: string, trailers: readonly string[]): string =>
  trailers.filter((trailer) => !body.toLowerCase().split('\n').includes(trailer.toLowerCase())).join('\n')

/** Fills placeholders in one pass: what came in by one is not looked at again. */
function filler(told: Told, templates: Templates): (template: string) => string {
  const values: Readonly<Record<string, string>> = {
    title: unmentioned(commitText(told.title)),
    body: unmentioned(descriptionOf(told.body ?? '', templates)),
    number: String(told.number),
    author: told.author,
    head: told.head,
  }
  return (template) => template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** The part of a description that is meant for the commit. A mark that is not there cuts nothing. */
function descriptionOf(body: string, { cut_before, cut_after }: Templates): string {
  let text = withoutIgnored(body)
  const from = cut_before === undefined ? -1 : text.indexOf(cut_before)
  if (cut_before !== undefined && from >= 0) text = text.slice(from + cut_before.length)
  const to = cut_after === undefined ? -1 : text.indexOf(cut_after)
  return commitText(to >= 0 ? text.slice(0, to) : text)
}
