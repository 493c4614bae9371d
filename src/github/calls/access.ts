/**
 * What every call of the port needs: one repository, the client, and the caller of its installation. Made once per
 * repository by `octokit.ts`.
 */
import type { Octokit } from '@octokit/rest'
import type { YesNoUnknown } from '../../core/events/shapes.ts'
import { ok } from '../answer.ts'
import type { Caller, Reply, Send } from '../call.ts'
import type { Answer } from '../port.ts'

export interface Access {
  readonly octokit: Octokit
  readonly caller: Caller
  /** `owner` and `repo`, as every REST route wants them. */
  readonly at: { readonly owner: string; readonly repo: string }
  readonly graphqlUrl: string
  readonly now: () => number
  /** Whether our token may write what this permission names. */
  readonly mayWrite: (permission: string) => Promise<YesNoUnknown>
  /** Which App we are: we write as `<slug>[bot]`, and our own check runs are no evidence. */
  readonly identity: () => Promise<Answer<{ readonly id: number; readonly slug: string }>>
}

/** The node id of the repository, asked for once. */
export interface NodeId {
  read(): Promise<Answer<string>>
  forget(): void
}

/** Reads a list to its end, or to `enough` items, by GitHub's `Link` headers, each page a call of its own. */
export async function readPages<T, I>(
  { octokit, caller }: Pick<Access, 'octokit' | 'caller'>,
  first: Send<T>,
  items: (data: T) => readonly I[],
  enough = Number.POSITIVE_INFINITY,
): Promise<Answer<I[]>> {
  const all: I[] = []
  let send = first
  for (;;) {
    const page = await caller.read(send)
    if (!page.ok) return page
    all.push(...items(page.value.data))
    const next = nextPage(page.value)
    if (next === undefined || all.length >= enough) return ok(all.slice(0, enough))
    send = async (how) => (await octokit.request(`GET ${next}`, { ...how })) as Reply<T>
  }
}

function nextPage(reply: Reply<unknown>): string | undefined {
  return /<([^<>]+)>;\s*rel="next"/.exec(String(reply.headers.link ?? ''))?.[1]
}
