/**
 * A clone, opened for reading: which branch, at which commit, and a repository of our own in a temporary folder that
 * borrows its objects. All that a rehearsal makes is made there; the clone is never written to.
 */
import { appendFile, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CannotRehearse } from '../cannot-rehearse.ts'
import { type Environment, type Git, personsGit, plainGit, printed } from './git.ts'

export interface Clone {
  readonly branch: string
  /** The branch's last commit. */
  readonly tip: string
  /** Git in the repository of our own, where every commit of the clone can be read. */
  readonly git: Git
  readonly gitDir: string
  /** For checkouts; goes with the rest. */
  readonly folder: string
  close(): Promise<void>
}

/** The first git with `merge-tree --write-tree`. */
const OLDEST = [2, 38] as const

/** Merges are to be the same whoever asks, and nothing here has to outlive a power cut. */
const CONFIG = `[core]
\tfsync = none
[gc]
\tauto = 0
[merge]
\trenames = true
\tdirectoryRenames = conflict
[diff]
\trenames = true
`

/** Throws `CannotRehearse` for what is no whole clone. `branch` null: the default branch. */
export async function openClone(
  path: string,
  branch: string | null,
  environment: Environment,
  signal: AbortSignal,
): Promise<Clone> {
  const place = await realpath(path).catch(() => {
    throw new CannotRehearse('no_clone', `there is no folder ${path}`)
  })
  const git = personsGit(environment, signal, place, dirname(place))
  await checkVersion(git)
  const objects = await objectsOf(path, git)
  const found = await findBranch(path, branch, git)
  const folder = await mkdtemp(join(tmpdir(), 'mainkeeper-rehearse-'))
  const close = () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  try {
    const gitDir = join(folder, 'repository.git')
    await printed(plainGit(environment, signal)(['init', '--quiet', '--bare', '--template=', gitDir]))
    await writeFile(join(gitDir, 'objects', 'info', 'alternates'), `${quoted(objects)}\n`)
    await appendFile(join(gitDir, 'config'), CONFIG)
    return { ...found, git: plainGit(environment, signal, `--git-dir=${gitDir}`), gitDir, folder, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function checkVersion(git: Git): Promise<void> {
  const { out } = await git(['version']).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new CannotRehearse('git_missing', 'there is no git program on the PATH')
    throw error
  })
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(out) ?? []
  if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]))
    throw new CannotRehearse(
      'git_too_old',
      `${out.trim()} is too old; a rehearsal needs git ${OLDEST.join('.')} or newer`,
    )
}

/** Where the clone keeps its objects, once it is known to have all of them. */
async function objectsOf(path: string, git: Git): Promise<string> {
  const asked = ['--path-format=absolute', '--git-path', 'objects', '--is-shallow-repository', '--show-object-format']
  const { code, out, err } = await git(['rev-parse', ...asked])
  if (code !== 0) throw new CannotRehearse('no_clone', `${path} is not a git clone: ${err.trim().split('\n')[0] ?? ''}`)
  const [objects = '', shallow, format] = out.split('\n')
  if (shallow === 'true')
    throw new CannotRehearse(
      'shallow',
      `${path} is a shallow clone, so the commits that pull requests were based on are missing; get them with: git -C ${path} fetch --unshallow`,
    )
  if (format !== 'sha1')
    throw new CannotRehearse(
      'sha256',
      `${path} names its objects by ${format}; GitHub, and so Mainkeeper, knows sha1 alone`,
    )
  const partial = await git(['config', '--get-regexp', String.raw`^(remote\..*\.promisor|extensions\.partialclone)$`])
  if (partial.code === 0)
    throw new CannotRehearse(
      'partial',
      `${path} is a partial clone, so files of older commits are missing; make a clone without --filter`,
    )
  return objects
}

async function findBranch(path: string, wanted: string | null, git: Git): Promise<{ branch: string; tip: string }> {
  const names = wanted === null ? await defaultRefs(git) : [`refs/heads/${wanted}`, `refs/remotes/origin/${wanted}`]
  for (const name of names) {
    const { code, out } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
    if (code === 0) return { branch: shown(name), tip: out.trim() }
  }
  if (wanted === null) throw new CannotRehearse('no_commits', `${path} has no commits`)
  const all = await printed(git(['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/remotes/origin']))
  const there = [...new Set(all.split('\n').map(shown))].filter((name) => name !== '' && name !== 'HEAD')
  throw new CannotRehearse(
    'no_branch',
    `${path} has no branch ${wanted}; there ${there.length === 1 ? 'is' : 'are'} ${there.slice(0, 10).join(', ') || 'none'}`,
  )
}

/** What GitHub calls the default branch, as far as the clone knows; what is checked out may be somebody's own work. */
async function defaultRefs(git: Git): Promise<string[]> {
  const refs = await Promise.all(
    ['refs/remotes/origin/HEAD', 'HEAD'].map((name) => git(['symbolic-ref', '--quiet', name])),
  )
  return [...refs.filter(({ code }) => code === 0).map(({ out }) => out.trim()), 'HEAD']
}

const shown = (ref: string): string => ref.replace(/^refs\/(heads|remotes\/origin)\//, '')

/** A line of `alternates` that begins with a quotation mark or a # would be read as something else. */
const quoted = (path: string): string =>
  `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`
