/**
 * What a person may write to name a pull request, and which one that is: its number, its branch, one of its commits, or the
 * number of its follow-up issue. It looks things up and explains nothing.
 */
import { type LoggedEvent, pullOf } from '../../../core/events.ts'
import type { Store } from '../../../store/store.ts'
import { EXIT, Refusal } from '../../exit-codes.ts'

export type Subject =
  | { readonly by: 'number'; readonly repository: string; readonly number: number }
  | { readonly by: 'follow_up'; readonly repository: string | null; readonly number: number }
  | { readonly by: 'branch'; readonly repository: string; readonly branch: string }
  | { readonly by: 'sha'; readonly sha: string }

export interface Found {
  readonly repository: string
  readonly pull: number
}

const FORMS =
  'owner/repo#12, owner/repo:branch, owner/repo!57 (a follow-up issue), a follow-up’s number, or at least 7 digits of a commit'

/** Reads a subject as written; throws a `Refusal` that lists the forms. */
export function parseSubject(text: string): Subject {
  const [, repository, mark, rest = ''] = /^([^\s/#:!]+\/[^\s/#:!]+)([#:!])(\S+)$/.exec(text) ?? []
  const number = /^[1-9]\d{0,8}$/.test(rest) ? Number(rest) : null
  if (repository !== undefined && mark === ':') return { by: 'branch', repository, branch: rest }
  if (repository !== undefined && number !== null)
    return { by: mark === '#' ? 'number' : 'follow_up', repository, number }
  if (/^#?[1-9]\d{0,5}$/.test(text)) return { by: 'follow_up', repository: null, number: Number(text.replace('#', '')) }
  if (/^[0-9a-f]{7,40}$/i.test(text)) return { by: 'sha', sha: text.toLowerCase() }
  throw new Refusal(EXIT.usage, `“${text}” names no pull request; write ${FORMS}`)
}

/** The one pull request that is meant; throws a `Refusal` when there is none, or when there are several. */
export async function findPull(store: Store, subject: Subject): Promise<Found> {
  const found = distinct(await candidates(store, subject))
  const [one] = found
  if (!one) throw new Refusal(EXIT.notFound, `nothing is known of ${named(subject)}${await hint(store, subject)}`)
  if (found.length > 1)
    throw new Refusal(EXIT.usage, `${named(subject)} can mean ${found.map(nameOf).join(', ')}: name one of them`)
  return one
}

async function candidates(store: Store, subject: Subject): Promise<Found[]> {
  const { models } = store
  switch (subject.by) {
    case 'number': {
      const { repository, number } = subject
      const row = await models.pull(repository, number)
      if (row) return [{ repository, pull: number }]
      return models.followUpsByIssue(number, repository)
    }
    case 'follow_up':
      return models.followUpsByIssue(subject.number, subject.repository ?? undefined)
    case 'branch': {
      const rows = await models.pullsByBranch(subject.repository, subject.branch)
      const open = rows.filter(({ state }) => state === 'open')
      // A branch name is used again and again: the last pull request from it is meant, unless several are open.
      return (open.length > 0 ? open : rows.slice(0, 1)).map(({ repository, number }) => ({ repository, pull: number }))
    }
    case 'sha': {
      const heads = await models.pullsBySha(subject.sha)
      if (heads.length > 0) return heads.map(({ repository, number }) => ({ repository, pull: number }))
      const events = await models.eventsOf({ grep: subject.sha, limit: 500 })
      return events.flatMap((event) => inEvent(event, subject.sha))
    }
    default:
      return subject satisfies never
  }
}

/** The pull requests that an event ties to the commit: as a former head, as what landed, or as part of a build. */
function inEvent(event: LoggedEvent, sha: string): Found[] {
  const { repository } = event
  if (event.type === 'build_published') {
    const { prefixes } = event.payload
    const exact = prefixes.filter((prefix) => prefix.sha.startsWith(sha))
    return exact.map(({ pull }) => ({ repository, pull }))
  }
  const pull = pullOf(event)
  const { sha: own = '', landed_sha = '' } = event.payload as { sha?: string; landed_sha?: string }
  return pull !== undefined && (own.startsWith(sha) || landed_sha.startsWith(sha)) ? [{ repository, pull }] : []
}

function distinct(found: readonly Found[]): Found[] {
  return [...new Map(found.map(({ repository, pull }) => [`${repository}#${pull}`, { repository, pull }])).values()]
}

const nameOf = ({ repository, pull }: Found): string => `${repository}#${pull}`

function named(subject: Subject): string {
  switch (subject.by) {
    case 'number':
      return `${subject.repository}#${subject.number}`
    case 'follow_up':
      return `the follow-up ${subject.repository ?? ''}#${subject.number}`
    case 'branch':
      return `a pull request from ${subject.branch} in ${subject.repository}`
    case 'sha':
      return `the commit ${subject.sha}`
    default:
      return subject satisfies never
  }
}

async function hint(store: Store, subject: Subject): Promise<string> {
  const known = (await store.models.repositories()).map(({ name }) => name)
  const repository = 'repository' in subject ? subject.repository : null
  if (known.length === 0) return ': no repository is known yet'
  return repository !== null && !known.includes(repository) ? `: ${repository} is not among ${known.join(', ')}` : ''
}
