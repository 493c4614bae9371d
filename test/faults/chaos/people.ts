/**
 * What people do in a run: pull requests to every lane, most of them good, some that fail when built, some that change the
 * same line, some that are taken back. They see nothing of the app.
 */
import { FAILS_WHEN_BUILT, type Lane } from './world.ts'

export interface Deed {
  /** When, as a part of the time that there is for it: 0 to 1. */
  readonly at: number
  readonly act: () => Promise<void>
}

type Kind = 'good' | 'failing' | 'clashing' | 'dismissed' | 'closed'

/** So many pull requests, one for each lane before any lane gets another; in the order of their time. */
export function deedsOf(lanes: readonly Lane[], pulls: number, random: () => number): Deed[] {
  return Array.from({ length: pulls }, (_, index) => {
    const lane = lanes[index % lanes.length] as Lane
    return deedsOfPull(lane, `work-${index}`, kindOf(random()), random)
  })
    .flat()
    .sort((a, b) => a.at - b.at)
}

function kindOf(chance: number): Kind {
  if (chance < 0.64) return 'good'
  if (chance < 0.74) return 'failing'
  if (chance < 0.88) return 'clashing'
  return chance < 0.94 ? 'dismissed' : 'closed'
}

function deedsOfPull({ repo, target }: Lane, branch: string, kind: Kind, random: () => number): Deed[] {
  const at = random() * 0.85
  let pull = 0
  const open = async (): Promise<void> => {
    const files = kind === 'clashing' ? { 'shared.txt': `${branch}\n` } : {}
    const text = kind === 'failing' ? FAILS_WHEN_BUILT : `${branch}\n`
    const from = `refs/heads/${target}`
    await repo.as('alice').commit(branch, { [`${branch}.txt`]: text, ...files }, { from: (await repo.ref(from)) ?? '' })
    pull = await repo.as('alice').openPull({ head: branch, base: target, title: `Do ${branch}` })
    await repo.as('bob').review(pull, 'approve')
  }
  const takeBack = async (): Promise<void> => {
    const { state, reviews } = repo.pull(pull)
    if (state === 'closed') return
    if (kind === 'closed') await repo.as('alice').close(pull)
    else await repo.as('bob').dismiss(pull, reviews[0]?.id ?? 0, 'not yet')
  }
  const deeds = [{ at, act: open }]
  return kind === 'dismissed' || kind === 'closed' ? [...deeds, { at: at + 0.15 * random(), act: takeBack }] : deeds
}
