/**
 * How GitHub shows users, Apps and installations. It knows addresses and fields, nothing of what they do.
 */
import type { AppIdentity, Installation, Permission, Repo, User } from '../state.ts'
import { fullName } from '../state.ts'
import type { World } from '../world.ts'

export type Json = Record<string, unknown>

/** An instant as GitHub writes it: whole seconds, UTC. */
export function iso(at: number): string {
  return `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z`
}

/** The same for an instant that may not have come. */
export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at)
}

export function userPayload(world: World, user: User): Json {
  const url = `${world.url}/users/${encodeURIComponent(user.login)}`
  return {
    login: user.login,
    id: user.id,
    node_id: user.nodeId,
    avatar_url: `${world.url}/avatars/${user.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${user.type === 'Bot' ? `apps/${user.login.replace('[bot]', '')}` : user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  }
}

/** An App as check runs and suites carry it: the one under test, or one of CI. */
export function appPayload(world: World, app: AppIdentity): Json {
  const own = app.id === world.app.id
  return {
    id: app.id,
    client_id: `Iv1.${String(app.id).padStart(16, '0')}`,
    slug: app.slug,
    node_id: `A_kwDO${Buffer.from(String(app.id)).toString('base64url')}`,
    owner: userPayload(world, world.user('app-owner')),
    name: app.slug,
    description: `The App ${app.slug}`,
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: iso(world.appCreatedAt),
    updated_at: iso(world.appCreatedAt),
    permissions: own ? { ...world.rights } : { checks: 'write', metadata: 'read' },
    events: own ? APP_EVENTS.filter((event) => !NOT_LISTED.includes(event)) : [],
  }
}

/** Events that the published webhook schemas do not know inside an App yet. */
const NOT_LISTED = ['repository_ruleset', 'pull_request_review_thread']

/** What the App under test is subscribed to. */
export const APP_EVENTS: readonly string[] = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'issue_comment',
  'issues',
  'member',
  'pull_request',
  'pull_request_review',
  'pull_request_review_thread',
  'push',
  'repository',
  'repository_ruleset',
  'status',
]

export function installationPayload(world: World, installation: Installation): Json {
  return {
    id: installation.id,
    account: userPayload(world, installation.account),
    repository_selection: 'selected',
    access_tokens_url: `${world.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/organizations/${installation.account.login}/settings/installations/${installation.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type === 'Organization' ? 'Organization' : 'User',
    permissions: { ...installation.rights },
    events: APP_EVENTS,
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspended ? iso(world.now()) : null,
  }
}

/** A user's permission on a repository: the owner and the App's own bot have what they have without being added. */
export function permissionOf(world: World, repo: Repo, user: User): Permission {
  const set = repo.collaborators.get(user.login.toLowerCase())
  if (set) return set
  if (user === repo.owner) return 'admin'
  if (world.isApp(user)) return 'write'
  return repo.private ? 'none' : 'read'
}

/** The `author_association` of a user to a repository. */
export function association(world: World, repo: Repo, user: User): string {
  if (user === repo.owner) return 'OWNER'
  const permission = permissionOf(world, repo, user)
  if (world.isApp(user) || permission === 'none' || permission === 'read') return 'NONE'
  return repo.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR'
}

export const apiUrl = (world: World, repo: Repo): string => `${world.url}/repos/${fullName(repo)}`
export const htmlUrl = (world: World, repo: Repo): string => `${world.url}/${fullName(repo)}`
