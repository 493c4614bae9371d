/**
 * Looks at one repository level-wise and records what webhooks missed; what is known already comes out as no event. It
 * judges nothing, writes nothing to GitHub, and leaves to its caller when to look.
 */
import type { NewEvent } from '../core/events.ts'
import { iso, REPOSITORY_LANE, ZERO_SHA } from '../core/ids.ts'
import type { LaneView } from '../core/queue/view.ts'
import { configFor, type Repository } from '../core/repository.ts'
import { observeConfig } from './config.ts'
import { lookAtComments } from './sweep/comments.ts'
import { lookAtFollowUps } from './sweep/follow-ups.ts'
import { createLook, type Look, LookEnded, SWEEP, type SweepOptions, type SweepReport } from './sweep/look.ts'
import { lookAtOpenPulls, lookAtVanishedPulls } from './sweep/pulls.ts'

/**
 * Of a repository that the log knows. Without a configuration file nothing but that file is looked at. A read that fails is reported and the rest goes on;
 * where GitHub limits us or can't be reached the sweep ends.
 */
export async function sweepRepository(options: SweepOptions): Promise<SweepReport> {
  const look = createLook(options)
  try {
    await sweep(look)
    return { complete: true, ...look.report() }
  } catch (thrown) {
    if (thrown instanceof LookEnded) return { complete: false, ...look.report() }
    throw thrown
  }
}

async function sweep(look: Look): Promise<void> {
  const found = await known(look)
  const defaultBranch = found?.default_branch ?? (found && (await askDefaultBranch(look, found)))
  if (!defaultBranch) return
  await lookAtBranch(look, defaultBranch, defaultBranch)
  const repository = await known(look)
  const config = repository && configFor(repository, defaultBranch)
  if (!config || config.mode === 'off') return
  const open = await lookAtOpenPulls(look)
  const targets = await targetsOf(look)
  for (const target of targets) {
    if (target !== defaultBranch) await lookAtBranch(look, target, defaultBranch)
    await look.read(
      `protection of ${target}`,
      () => look.port.readProtection(target),
      (payload) => [{ type: 'protection_observed', occurred_at: iso(look.now()), source: SWEEP, payload }],
    )
  }
  const views = await viewsOf(look, targets)
  if (open) await lookAtVanishedPulls(look, views, open)
  const followUps = await lookAtFollowUps(look, views)
  if (open && followUps) await lookAtComments(look, views, open, followUps)
}

async function known({ store, repository }: Look): Promise<Repository | undefined> {
  return (await store.models.repositories()).find(({ name }) => name === repository)?.doc
}

/** The webhook that tells of an installation names no default branch. */
async function askDefaultBranch(
  look: Look,
  { installation, installed, suspended }: Repository,
): Promise<string | null> {
  if (installation === null) return null
  const read = await look.read(
    'repository',
    () => look.port.readRepository(),
    ({ default_branch, private: hidden }) => [
      {
        type: 'repository_observed',
        occurred_at: iso(look.now()),
        source: SWEEP,
        payload: { installation, installed, suspended, default_branch, private: hidden },
      },
    ],
  )
  return read?.default_branch ?? null
}

/** The configuration file and the tip, which its read tells as well. */
async function lookAtBranch(look: Look, branch: string, defaultBranch: string): Promise<void> {
  const { port, store, repository } = look
  await look.read(
    `configuration of ${branch}`,
    () => observeConfig(port, { branch, defaultBranch, source: SWEEP, now: look.now() }),
    async (event): Promise<NewEvent[]> => {
      const view = await store.views.load(repository, branch)
      const moved = tipObserved(look, branch, event.payload.commit, view?.lane.tip ?? ZERO_SHA)
      return [event, moved]
    },
  )
}

const tipObserved = (look: Look, branch: string, after: string, before: string): NewEvent<'target_moved'> => ({
  type: 'target_moved',
  occurred_at: iso(look.now()),
  source: SWEEP,
  payload: { branch, before, after, forced: false, pusher: null },
})

async function targetsOf({ store, repository }: Look): Promise<string[]> {
  const lanes = await store.models.lanes(repository)
  return lanes.map(({ target }) => target).filter((target) => target !== REPOSITORY_LANE)
}

async function viewsOf({ store, repository }: Look, targets: readonly string[]): Promise<LaneView[]> {
  const views: LaneView[] = []
  for (const target of targets) {
    const view = await store.views.load(repository, target)
    if (view) views.push(view)
  }
  return views
}
