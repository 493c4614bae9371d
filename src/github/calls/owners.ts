/**
 * Who owns code: the file `CODEOWNERS` of a branch, and who belongs to a team that it names. Which files a pull request
 * touches, and whether an owner approved, is not known here.
 */
import { z } from 'zod'
import { failed, ok } from '../answer.ts'
import { codeOwnersDocument, teamDocument } from '../documents.ts'
import { CODE_OWNERS_PATHS, type CodeOwners, parseCodeOwners } from '../facts/code-owners.ts'
import { unanswered } from '../failure.ts'
import { queryGraph } from '../graphql.ts'
import type { RepositoryPort } from '../port.ts'
import type { Access } from './access.ts'

/** Null where there is nothing; without a text where it is no file of text. */
const blob = z.object({ text: z.string().nullish(), isTruncated: z.boolean().optional() }).nullable()
const placesAnswer = z.object({ repository: z.object({ first: blob, second: blob, third: blob }) })
/** The same as files of a commit. */
const file = z
  .object({ object: blob })
  .nullable()
  .transform((entry) => entry?.object ?? null)
const commitAnswer = z.object({ target: z.object({ first: file, second: file, third: file }) })
const teamAnswer = z.object({
  organization: z
    .object({
      team: z
        .object({
          members: z.object({
            nodes: z.array(z.object({ login: z.string() }).nullable()).nullable(),
            pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
          }),
        })
        .nullable(),
    })
    .nullable(),
})

export function ownerCalls({
  octokit,
  caller,
  at,
  graphqlUrl,
}: Access): Pick<RepositoryPort, 'readCodeOwners' | 'readTeam'> {
  return {
    readCodeOwners: async (branch) => {
      const [first, second, third] = CODE_OWNERS_PATHS.map((path) => `refs/heads/${branch}:${path}`)
      const variables = { owner: at.owner, name: at.repo, first, second, third }
      const answer = await caller.read(queryGraph(octokit, graphqlUrl, codeOwnersDocument, variables))
      if (!answer.ok) return answer
      const { data, errors } = answer.value.data
      const places = placesAnswer.safeParse(data)
      if (!places.success || errors.length > 0) return failed(unanswered('read', 'GraphQL did not tell of CODEOWNERS'))
      const owners = ownersAt(places.data.repository)
      return owners
        ? ok(owners)
        : failed({ failure: 'refused', message: `CODEOWNERS of ${branch} is no text that GitHub shows whole` })
    },

    readTeam: async (team) => {
      const [organization = '', slug = ''] = team.split('/')
      const members: string[] = []
      for (let after: string | null = null; ; ) {
        const variables: Record<string, unknown> = { organization, slug, after }
        const answer = await caller.read(queryGraph(octokit, graphqlUrl, teamDocument, variables))
        // An owner that is no organization, or one that we may not look into.
        if (!answer.ok && (answer.failure === 'gone' || answer.failure === 'forbidden'))
          return ok({ team, members: null })
        if (!answer.ok) return answer
        const { data, errors } = answer.value.data
        const page = teamAnswer.safeParse(data)
        const broken = errors.some(({ type }) => type !== 'NOT_FOUND' && type !== 'FORBIDDEN')
        if (!page.success || broken) return failed(unanswered('read', `GraphQL did not tell of the team ${team}`))
        const found = page.data.organization?.team?.members
        if (!found) return ok({ team, members: null })
        members.push(...(found.nodes ?? []).flatMap((member) => member?.login ?? []))
        after = found.pageInfo.endCursor
        if (!found.pageInfo.hasNextPage || after === null) return ok({ team, members: members.sort() })
      }
    },
  }
}

/**
 * Of the places where it may be the first that has something counts. Null where that is no text, or is cut off: the last rules
 * count most, and by half a file others would own what they name.
 */
function ownersAt({ first, second, third }: z.output<typeof placesAnswer>['repository']): CodeOwners | null {
  const found = first ?? second ?? third
  if (found === null) return []
  return typeof found.text === 'string' && found.isTruncated === false ? parseCodeOwners(found.text) : null
}

/** By a branch of the survey's answer; null as well where that does not tell. */
export function ownersOfBranch(node: unknown): CodeOwners | null {
  const parsed = commitAnswer.safeParse(node)
  return parsed.success ? ownersAt(parsed.data.target) : null
}
