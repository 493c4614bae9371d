/**
 * The repository itself: what it is called, its files at a commit, and who may do what. It reads settings and changes
 * none.
 */

import type { PayloadOf } from '../../core/events.ts'
import { iso } from '../../core/ids.ts'
import { failed, mapAnswer, ok } from '../answer.ts'
import type { Answer, RepositoryPort } from '../port.ts'
import type { Access } from './access.ts'
import { commitCalls } from './commits.ts'
import { refCalls } from './refs.ts'

type SettingsCalls = Pick<RepositoryPort, 'readFile' | 'readPermission' | 'readRepository'>
type Permission = PayloadOf<'permission_observed'>['permission']

const PERMISSIONS: readonly Permission[] = ['admin', 'maintain', 'write', 'triage', 'read', 'none']
const FULL_SHA = /^[0-9a-f]{40}$/

export function settingsCalls(access: Access): SettingsCalls {
  const { octokit, caller, at } = access
  const { readRef } = refCalls(access)
  const { readCommit } = commitCalls(access)

  /** The commit a branch stands at, so that what is read afterwards is of one commit. */
  const commitAt = async (ref: string): Promise<Answer<string>> => {
    if (FULL_SHA.test(ref)) return ok(ref)
    const full = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
    const answer = await readRef(full)
    if (!answer.ok) return answer
    return answer.value === null ? failed({ failure: 'gone', message: `there is no ${full}` }) : ok(answer.value)
  }

  return {
    readFile: async (path, ref) => {
      const commit = await commitAt(ref)
      if (!commit.ok) return commit
      const answer = await caller.read((how) =>
        octokit.rest.repos.getContent({ ...at, path, ref: commit.value, ...how }),
      )
      if (!answer.ok) {
        if (answer.failure !== 'gone') return answer
        // No file, or no right to look: only where the commit can be read is it the former.
        return mapAnswer(await readCommit(commit.value), () => null)
      }
      const file = answer.value.data
      if (Array.isArray(file) || file.type !== 'file' || !('content' in file)) return ok(null)
      // https://docs.github.com/rest/repos/contents#get-repository-content: over 1 MB the encoding is `none`.
      const text = file.encoding === 'base64' ? Buffer.from(file.content, 'base64').toString('utf8') : null
      return ok({ blob: file.sha, commit: commit.value, text })
    },

    readPermission: async (user) => {
      const asked_at = iso(access.now())
      const answer = await caller.read((how) =>
        octokit.rest.repos.getCollaboratorPermissionLevel({ ...at, username: user, ...how }),
      )
      if (answer.ok) return ok({ user, permission: permissionOf(answer.value.data), asked_at })
      const nobody = answer.failure === 'gone' && /is not a (user|collaborator)/i.test(answer.message)
      return nobody ? ok({ user, permission: 'none', asked_at }) : answer
    },

    readRepository: async () => {
      const answer = await caller.read((how) => octokit.rest.repos.get({ ...at, ...how }))
      return mapAnswer(answer, ({ data }) => ({
        default_branch: data.default_branch,
        private: data.private,
        has_issues: data.has_issues,
        node_id: data.node_id,
        full_name: data.full_name,
      }))
    },
  }
}

/** `permission` knows four words only, `role_name` all six and those that an organization made up. */
function permissionOf({
  permission,
  role_name,
}: {
  readonly permission: string
  readonly role_name: string
}): Permission {
  return named(role_name) ?? named(permission) ?? 'none'
}

const named = (word: string): Permission | undefined => PERMISSIONS.find((known) => known === word)
