/**
 * Looks at one repository level-wise and records what webhooks missed; what is known already comes out as no event. It
 * judges nothing, writes nothing to GitHub, and leaves to its caller when to look.
 */
import { isOff } from '../core/config.ts'
import { CONFIG_PATH } from '../core/config-path.ts'
import type { NewEvent } from '../core/events.ts'
import { iso, REPOSITORY_LANE, ZERO_SHA } from '../core/ids.ts'
import type { LaneView } from '../core/queue/view.ts'
import { BLOCKED_LABEL } from '../core/render/follow-up.ts'
import { type Repository, writtenByDefault } from '../core/repository.ts'
import { configObserved } from './config.ts'
import { lookAtBuilds } from './sweep/builds.ts'
import { lookAtComments } from './sweep/comments.ts'
import { followUpsObserved, hearRequests, lookForMissing, marksOf } from './sweep/follow-ups.ts'
import { createLook, type Look, LookEnded, SWEEP, type SweepOptions, type SweepReport } from './sweep/look.ts'
import { lookAtProposedConfigs } from './sweep/proposed-configs.ts'
import { lookAtProtections } from './sweep/protections.ts'
import { asksOf, lookAtOpenPulls, lookAtVanishedPulls, wantsOwners } from './sweep/pulls.ts'

/**
 * Of a repository that the log knows. Without a configuration file nothing is looked at but that file, and what one request
 * tells beside it. A read that fails is reported and the rest goes on; where GitHub limits us or can't be reached the sweep
 * ends. With M open pull requests it asks ceil(M/20) times for them, once for the rest and once for comments, and for what it
 * found amiss; for protection only now and then, for builds under proof once after a start.
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
  if (!found || !defaultBranch) return
  const lanes = await targetsOf(look)
  const asked = new Set([defaultBranch, ...lanes])
  // As the log knew them before: what an issue asks for is told by how it differs from that.
  const before = await viewsOf(look, lanes)
  const owners = lanes.some((target) => wantsOwners(found, target))
  const around = await lookAround(look, [...asked], { defaultBranch, owners })
  const repository = await known(look)
  const config = repository && writtenByDefault(repository)
  if (!config || isOff(config)) return
  const asks = asksOf(repository, around?.branches ?? [])
  const open = around?.open === 0 ? [] : await lookAtOpenPulls(look, asks)
  const targets = await targetsOf(look)
  // A pull request into a branch that was no lane yet.
  const added = targets.filter((target) => !asked.has(target))
  if (added.length > 0) await lookAround(look, added, { defaultBranch, owners: false })
  await lookAtProtections(look, targets)
  const views = await viewsOf(look, targets)
  await lookAtBuilds(look, views)
  await lookAtProposedConfigs(look, views)
  if (open) await lookAtVanishedPulls(look, views, open, asks)
  if (!around?.issues) return
  const marks = marksOf(around.issues, look)
  await hearRequests(look, before, around.issues, marks)
  await lookForMissing(look, before, marks)
  if (open) await lookAtComments(look, views, open, marks)
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

/** Tips, configuration files, owners of code where the log knows that a lane asks for them, and follow-up issues in one request. */
async function lookAround(
  look: Look,
  branches: readonly string[],
  { defaultBranch, owners }: { readonly defaultBranch: string; readonly owners: boolean },
) {
  return look.read(
    'branches and follow-up issues',
    () => look.port.survey(branches, CONFIG_PATH, BLOCKED_LABEL, owners),
    async (seen): Promise<NewEvent[]> => {
      const events: NewEvent[] = []
      for (const { branch, tip, file } of seen.branches) {
        if (tip === null) continue
        const view = await look.store.views.load(look.repository, branch)
        const told = { defaultBranch, source: SWEEP, now: look.now() }
        events.push(
          configObserved({ branch, tip, file }, told),
          tipObserved(look, branch, tip, view?.lane.tip ?? ZERO_SHA),
        )
      }
      return [...events, ...followUpsObserved(look, seen.issues ?? [])]
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
