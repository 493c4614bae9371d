/**
 * Puts what every webhook carries (repository, sender, installation) around what one act has to tell, and hands it to
 * the outbox. It knows nothing of when or whether it arrives.
 */
import { installationPayload, type Json, userPayload } from './payloads/actors.ts'
import { repositoryPayload, shortRepositoryPayload } from './payloads/repository.ts'
import type { Act, Installation, Repo } from './state.ts'
import type { World } from './world.ts'

/** Sends a webhook about a repository to the App, where it is installed there and subscribed, and the act is not silent. */
export function emit(world: World, repo: Repo, act: Act, event: string, action: string | null, payload: Json): void {
  const installation = repo.installation
  if (act.silently || !installation || installation.suspended || !world.hears(event)) return
  const whole = {
    ...(action === null ? {} : { action }),
    ...payload,
    repository: { ...repositoryPayload(world, repo), ...(event === 'push' ? pushDates(repo) : {}) },
    ...(repo.owner.type === 'Organization' ? { organization: organization(world, repo) } : {}),
    sender: userPayload(world, act.by),
    installation: {
      id: installation.id,
      node_id: world.nodeId('MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u', installation.id),
    },
  }
  world.outbox({ event, action, payload: whole, repo, installation })
}

/** Tells the App that it was installed, or that repositories were added to or taken from its installation. */
export function emitInstallation(
  world: World,
  installation: Installation,
  act: Act,
  change:
    | { event: 'installation'; action: string }
    | { event: 'installation_repositories'; action: 'added' | 'removed' },
  repos: readonly Repo[],
): void {
  if (act.silently) return
  const short = repos.map((repo) => shortRepositoryPayload(repo))
  const lists =
    change.event === 'installation'
      ? { repositories: short, requester: null }
      : {
          repository_selection: 'selected',
          repositories_added: change.action === 'added' ? short : [],
          repositories_removed: change.action === 'removed' ? short : [],
          requester: null,
        }
  const payload = {
    action: change.action,
    installation: installationPayload(world, installation),
    ...lists,
    sender: userPayload(world, act.by),
  }
  world.outbox({ event: change.event, action: change.action, payload, repo: null, installation })
}

/** A push shows the repository's dates as numbers of seconds, unlike every other webhook. */
const pushDates = (repo: Repo): Json => ({
  created_at: Math.floor(repo.createdAt / 1000),
  pushed_at: Math.floor(repo.pushedAt / 1000),
  master_branch: repo.defaultBranch,
})

function organization(world: World, repo: Repo): Json {
  const url = `${world.url}/orgs/${repo.owner.login}`
  return {
    login: repo.owner.login,
    id: repo.owner.id,
    node_id: repo.owner.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/${repo.owner.id}`,
    description: null,
  }
}
