/**
 * The facts that were folded, less times, ids and log positions: what has to be the same however they arrived. Decisions, looks
 * and answers are left out: they depend on when somebody looked; and so is what is over: old heads, closed pull requests.
 */
import type { EventType, LoggedEvent, PayloadOf } from '../../../../src/core/events.ts'
import { type PullRequest, standingReviews } from '../../../../src/core/readiness/pull-request.ts'
import { REPOSITORY, type World } from '../../play/world.ts'
import { lanesOf, logOf } from './read-world.ts'

/** Facts by name, each as something that compares. */
export type Facts = Readonly<Record<string, unknown>>

export async function factsOf(world: World): Promise<Facts> {
  const { store } = world
  const log = await logOf(world)
  const [repository] = (await store.models.repositories()).filter(({ name }) => name === REPOSITORY)
  const facts: Record<string, unknown> = { 'commands asked': commandsIn(log) }
  for (const { target, tip } of await lanesOf(world)) {
    // A lane begins with the first pull request into it, which may be gone before anybody could look.
    if (!isWanted(world, target)) continue
    facts[`the tip of ${target}`] = tip
    facts[`the configuration on ${target}`] = repository?.doc.configs[target]?.good
  }
  const checks = latest(log, 'check_reported', checkFact)
  const branches = latest(log, 'branch_pushed', ({ branch, sha }) => [branch, sha])
  for (const { number, state, head } of world.repo.pulls()) {
    const pull = (await store.models.pull(REPOSITORY, number))?.doc
    const open = pull && state === 'open'
    facts[`#${number}`] = open
      ? { ...pullFact(pull), pushed: branches[head.ref], checks: checks[head.sha] }
      : pull?.seen?.state
  }
  return facts
}

const isWanted = ({ repo }: World, target: string): boolean =>
  target === 'main' || repo.pulls().some(({ state, base }) => state === 'open' && base === target)

/** What stands in one and not, or otherwise, in the other. */
export function differences(inOrder: Facts, disturbed: Facts): string[] {
  const names = [...new Set([...Object.keys(inOrder), ...Object.keys(disturbed)])].sort()
  return names.flatMap((name) => {
    const [left, right] = [JSON.stringify(inOrder[name]), JSON.stringify(disturbed[name])]
    return left === right ? [] : [`${name}: in order ${left}, disturbed ${right}`]
  })
}

function pullFact(pull: PullRequest): Record<string, unknown> {
  const { seen } = pull
  return {
    seen: seen && {
      title: seen.title,
      author: seen.author,
      state: seen.state,
      draft: seen.draft,
      base: seen.base,
      sha: seen.sha,
      labels: [...seen.labels].sort(),
      auto_merge: seen.auto_merge,
      depends_on: seen.depends_on,
    },
    uncertain: pull.uncertain,
    reviews: standingReviews(pull)
      .map(({ reviewer, verdict, sha }) => `${reviewer} ${verdict} ${verdict === 'approved' ? sha : ''}`)
      .sort((a, b) => a.localeCompare(b)),
  }
}

const checkFact = ({ sha, context, status, conclusion }: PayloadOf<'check_reported'>): [string, unknown] => [
  sha,
  [context, status, conclusion ?? null],
]

function latest<T extends EventType>(
  log: readonly LoggedEvent[],
  type: T,
  fact: (payload: PayloadOf<T>) => [string, unknown],
): Record<string, unknown> {
  const found = log.filter((event): event is LoggedEvent<T> & LoggedEvent => event.type === type)
  return Object.fromEntries(found.map((event) => fact(event.payload)))
}

const commandsIn = (log: readonly LoggedEvent[]): unknown[] =>
  log
    .flatMap((event) => (event.type === 'command_requested' ? [event.payload] : []))
    .map(({ pull, by, name, arguments: given }) => JSON.stringify([pull, by, name, given]))
    .sort()
