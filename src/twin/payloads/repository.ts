/**
 * How GitHub shows a repository: in webhooks and lists, and in full where it is asked for by name.
 */
import type { Repo } from '../state.ts'
import { fullName } from '../state.ts'
import type { World } from '../world.ts'
import { apiUrl, htmlUrl, iso, type Json, userPayload } from './actors.ts'

const TEMPLATES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

export function repositoryPayload(world: World, repo: Repo): Json {
  const url = apiUrl(world, repo)
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open').length
  return {
    id: repo.id,
    node_id: repo.nodeId,
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    owner: userPayload(world, repo.owner),
    html_url: htmlUrl(world, repo),
    description: null,
    fork: repo.parent !== null,
    url,
    ...Object.fromEntries(Object.entries(TEMPLATES).map(([key, path]) => [key, url + path])),
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.pushedAt),
    pushed_at: iso(repo.pushedAt),
    git_url: `${htmlUrl(world, repo)}.git`,
    ssh_url: `${htmlUrl(world, repo)}.git`,
    clone_url: `${htmlUrl(world, repo)}.git`,
    svn_url: htmlUrl(world, repo),
    mirror_url: null,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repo.hasIssues,
    has_projects: false,
    has_downloads: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: repo.forks.length,
    archived: repo.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    forks: repo.forks.length,
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
    custom_properties: {},
  }
}

/** The whole of it, as `GET /repos/{owner}/{repo}` answers to somebody who may push. */
export function fullRepositoryPayload(world: World, repo: Repo): Json {
  const parent = repo.parent
  return {
    ...repositoryPayload(world, repo),
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    allow_merge_commit: repo.methods.merge,
    allow_squash_merge: repo.methods.squash,
    allow_rebase_merge: repo.methods.rebase,
    allow_auto_merge: repo.methods.auto,
    delete_branch_on_merge: repo.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    merge_commit_title: 'MERGE_MESSAGE',
    merge_commit_message: 'PR_TITLE',
    network_count: repo.forks.length,
    subscribers_count: 0,
    ...(parent ? { parent: repositoryPayload(world, parent), source: repositoryPayload(world, parent) } : {}),
  }
}

/** The few fields that installation webhooks carry of a repository. */
export function shortRepositoryPayload(repo: Repo): Json {
  return { id: repo.id, node_id: repo.nodeId, name: repo.name, full_name: fullName(repo), private: repo.private }
}
