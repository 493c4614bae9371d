/**
 * Whether a pull request can be merged, as GitHub comes to know it: nothing at first, computed a little after somebody
 * asked, forgotten when either side moves.
 */
import type { Mergeability } from '../payloads/pulls.ts'
import { missingChecks, protectionFor, rulesetsFor } from '../rules/protection.ts'
import type { Pull } from '../state.ts'
import type { World } from '../world.ts'

/** What is known at present; null when nothing is. */
export function knownMergeability(pull: Pull): Mergeability {
  const known = pull.mergeable
  const tip = pull.repo.git.ref(`refs/heads/${pull.base.ref}`)
  if (pull.issue.state === 'closed' || !known || known.base !== tip || known.head !== pull.head.sha)
    return { mergeable: null, state: 'unknown' }
  if (!known.clean) return { mergeable: false, state: 'dirty' }
  return { mergeable: true, state: pull.draft ? 'draft' : isBlocked(pull) ? 'blocked' : 'clean' }
}

/** What is known at present, and has the rest computed within a few seconds of the clock. */
export function askMergeability(world: World, pull: Pull): Mergeability {
  const known = knownMergeability(pull)
  const tip = pull.repo.git.ref(`refs/heads/${pull.base.ref}`)
  const question = `${tip} ${pull.head.sha}`
  if (known.mergeable === null && tip && pull.issue.state === 'open' && pull.mergeableAsked !== question) {
    pull.mergeableAsked = question
    world.later(200 + Math.floor(world.draw(`mergeable ${pull.number}`) * 1800), () => compute(world, pull))
  }
  return known
}

function compute(world: World, pull: Pull): void {
  const { git } = pull.repo
  const base = git.ref(`refs/heads/${pull.base.ref}`)
  const head = pull.head.sha
  if (!base || pull.issue.state === 'closed') return
  const merged = git.graph.merge(base, head)
  if ('conflicts' in merged) {
    pull.mergeable = { base, head, clean: false, commit: null }
    return
  }
  const web = { name: 'GitHub', email: 'noreply@github.com', at: world.now() }
  const message = `Merge ${head} into ${base}`
  const commit = git.graph.write({ tree: merged.tree, parents: [base, head], author: web, committer: web, message })
  git.setRef(`refs/pull/${pull.number}/merge`, commit.sha, world.now())
  pull.mergeable = { base, head, clean: true, commit: commit.sha }
}

function isBlocked(pull: Pull): boolean {
  const { repo } = pull
  const classic = protectionFor(repo, pull.base.ref)?.requiredChecks ?? []
  const rules = rulesetsFor(repo, `refs/heads/${pull.base.ref}`).flatMap((ruleset) => ruleset.rules)
  const ruled = rules.flatMap((rule) => (rule.type === 'required_status_checks' ? rule.checks : []))
  return missingChecks(repo, pull.head.sha, [...classic, ...ruled]) !== undefined
}
