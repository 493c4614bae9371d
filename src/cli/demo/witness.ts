/**
 * Takes down what only the moment shows: each move of main with what CI had said by then, and each head of each branch.
 * At the end it gathers the facts from the local GitHub. It never asks the App, and judges nothing.
 */
import { COMMENT_MARKER } from '../../core/render/comment.ts'
import { followUpMarker } from '../../core/render/follow-up.ts'
import type { CiHandle } from '../../twin/ci/ci.ts'
import type { TwinRepository } from '../../twin/twin-repository.ts'
import type { PullView } from '../../twin/twin-views.ts'
import type { Facts, MainCommit, Move, PullFacts } from './laws.ts'
import { REQUIRED } from './shop.ts'

export interface Witness {
  facts(): Promise<Facts>
}

const MAIN = 'refs/heads/main'

/** Watches from now on; `bot` is the login under which the App acts. */
export async function callWitness(repo: TwinRepository, ci: CiHandle, bot: string): Promise<Witness> {
  const first = (await repo.ref(MAIN)) ?? ''
  const moves: Omit<Move, 'tree'>[] = []
  const heads = new Map<string, string[]>()
  repo.onPush(({ ref, before, after, by }) => {
    if (ref === MAIN)
      moves.push({ before, after, by, testedTree: testedTree(repo, ci, after), approved: approvedHeads(repo) })
    else heads.set(ref, [...(heads.get(ref) ?? []), after])
  })
  return {
    async facts() {
      const tip = (await repo.ref(MAIN)) ?? ''
      const line = await firstParents(repo, tip)
      const trees = moves.map(async (move) => ({ ...move, tree: await repo.tree(move.after) }))
      const pulls = repo
        .pulls()
        .map((pull) => pullFacts(repo, pull, heads.get(`refs/heads/${pull.head.ref}`) ?? [], tip, bot))
      return { first, tip, line, moves: await Promise.all(trees), pulls: await Promise.all(pulls) }
    },
  }
}

const approvedHeads = (repo: TwinRepository): string[] => repo.pulls().flatMap(approvedOf)

const approvedOf = ({ reviews }: PullView): string[] =>
  reviews.filter(({ state }) => state === 'APPROVED').map(({ commit }) => commit)

/** GitHub has to show the check as passed, and CI has to have passed it: on this commit, now. */
function testedTree(repo: TwinRepository, ci: CiHandle, sha: string): string | null {
  const shown = repo.checkRuns(sha).filter((run) => run.name === REQUIRED)
  if (shown.at(-1)?.conclusion !== 'success') return null
  const ran = ci.runs().findLast((run) => run.sha === sha && run.check === REQUIRED)
  return ran?.conclusion === 'success' ? (ran.tree ?? null) : null
}

async function firstParents(repo: TwinRepository, tip: string): Promise<MainCommit[]> {
  const commits = new Map((await repo.log(tip)).map((commit) => [commit.sha, commit]))
  const line: MainCommit[] = []
  for (let at = commits.get(tip); at; at = commits.get(at.parents[0] ?? ''))
    line.push({ sha: at.sha, parents: at.parents })
  return line
}

async function pullFacts(
  repo: TwinRepository,
  pull: PullView,
  heads: readonly string[],
  tip: string,
  bot: string,
): Promise<PullFacts> {
  const { number, title, state, merged, head } = pull
  const comments = repo.comments(number).filter((comment) => comment.author === bot)
  return {
    number,
    title,
    state,
    merged,
    heads: [...heads.filter((sha) => sha !== head.sha && !/^0+$/.test(sha)), head.sha],
    approved: approvedOf(pull),
    blocked: state === 'open' && isBlocked(repo, head.sha),
    inMain: await repo.isAncestor(head.sha, tip),
    followUps: followUpsOf(repo, number, bot),
    stickyComments: comments.filter((comment) => comment.body.includes(COMMENT_MARKER)).length,
  }
}

/** What Mainkeeper's check run shows on a head. */
export function shownOn(repo: TwinRepository, sha: string) {
  return repo.checkRuns(sha).findLast((run) => run.name === 'mainkeeper')
}

/** Whether Mainkeeper shows a head as blocked. */
export const isBlocked = (repo: TwinRepository, sha: string): boolean =>
  shownOn(repo, sha)?.conclusion === 'action_required'

/** The issues that the App opened about a pull request to main, by their marker. */
export function followUpsOf(repo: TwinRepository, pull: number, bot: string): number[] {
  const marker = followUpMarker('main', pull)
  return repo
    .issues()
    .filter(({ author, body }) => author === bot && body?.includes(marker))
    .map(({ number }) => number)
}
