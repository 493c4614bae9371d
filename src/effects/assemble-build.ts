/**
 * Makes the commit of a build: the base, then each member put on it by the build's method, on scratch refs of the build's
 * own, then the ref that CI runs on. How a method puts a member there is not known here.
 */
import type { NewEvent, PayloadOf } from '../core/events.ts'
import { iso, publishedRef, scratchRef } from '../core/ids.ts'
import type { Build } from '../core/queue/lane.ts'
import type { Commit } from '../github/port.ts'
import { fastForwardMember } from './methods/fast-forward-member.ts'
import { mergeMember } from './methods/merge-member.ts'
import { BaseGone, onScratch, type Placed, type Placing } from './methods/placing.ts'
import { rebaseMember } from './methods/rebase-member.ts'
import { refusal } from './methods/refusal.ts'
import { squashMember } from './methods/squash-member.ts'
import { attemptOf, EffectFailed, type EffectOf, need, outcome, type Scene } from './scene.ts'

type Prefix = PayloadOf<'build_published'>['prefixes'][number]

export async function assembleBuild(effect: EffectOf<'assemble-build'>, scene: Scene): Promise<NewEvent[]> {
  const build = scene.view.lane.builds[effect.build]
  if (!build) return []
  const stranger = await strangeBase(build, scene)
  if (stranger) return [stranger]
  const scratch = scratchRef(build.build, scene.fence.epoch, attemptOf(effect, scene))
  const made = madeBefore(build, scene)
  try {
    return [await assemble(build, made, scratch, scene)]
  } catch (error) {
    if (!(error instanceof BaseGone)) throw error
    // GitHub has cleared away what nobody held: it is made again.
    if (made.length > 0) return [await assemble(build, [], `${scratch}-again`, scene)]
    return [refusal(scene, build, build.members[0], 'moved', error.failure.message)]
  }
}

/** Somebody named the commit to try on: any commit of any fork can be named, and only one that the target holds is meant. */
async function strangeBase(build: Build, scene: Scene): Promise<NewEvent | null> {
  const { tip, target } = scene.view.lane
  if (build.purpose !== 'try' || tip === null || build.base === tip) return null
  const answer = await scene.port.contains(tip, build.base)
  if (!answer.ok && answer.failure !== 'gone') need(answer)
  if (answer.ok && answer.value) return null
  return refusal(scene, build, build.members[0], 'refused', `${build.base} is no commit of ${target}`)
}

async function assemble(build: Build, made: readonly Prefix[], scratch: string, scene: Scene): Promise<NewEvent> {
  const assembled = await goOn(build, made, scratch, scene)
  if ('refused' in assembled) return assembled.refused
  if (mayHaveBegun(build, scene)) await deleteLeftScratch(build, scene)
  return publish(build, assembled.prefixes, scene)
}

/** Commits are made once: a longer prefix continues from the last commit of a shorter one, a shorter one is a commit of it. */
function madeBefore(build: Build, { view }: Scene): readonly Prefix[] {
  if (build.purpose === 'try') return []
  // A repeat of the same tree has to be another commit, so that no old result can answer for it.
  const again = build.purpose === 'confirm' || build.attempt > 1
  const wanted = again ? build.members.slice(0, -1) : build.members
  const others = Object.values(view.lane.builds).filter(
    (other) => other !== build && other.purpose !== 'try' && other.base === build.base && other.method === build.method,
  )
  return others.map((other) => shared(wanted, other)).reduce((a, b) => (b.length > a.length ? b : a), [])
}

function shared(wanted: Build['members'], { members, published }: Build): readonly Prefix[] {
  const differs = wanted.findIndex(({ pull, sha }, at) => members[at]?.pull !== pull || members[at].sha !== sha)
  return published?.prefixes.slice(0, differs === -1 ? wanted.length : differs) ?? []
}

function goOn(build: Build, made: readonly Prefix[], scratch: string, scene: Scene): Promise<Assembled> | Assembled {
  if (made.length === build.members.length) return { prefixes: [...made] }
  const tip = made.at(-1)?.sha ?? build.base
  // Merges follow each other on one scratch ref; the other methods need one for each member.
  return build.method === 'merge'
    ? onScratch(scene, scratch, tip, () => placeMembers(build, made, () => scratch, scene))
    : placeMembers(build, made, (pull) => `${scratch}-${pull}`, scene)
}

/** Whether it was begun before: it was not planned under this very lease, or it was tried since. */
const mayHaveBegun = ({ build, epoch }: Build, scene: Scene): boolean =>
  epoch !== scene.fence.epoch || attemptOf({ effect: 'assemble-build', build }, scene) > 1

/** A predecessor that died over this build left its scratch refs; a build that lands is not withdrawn, so nobody else will. */
async function deleteLeftScratch({ build }: Build, { port, fence }: Scene): Promise<void> {
  for (const { ref } of need(await port.listRefs(`heads/mainkeeper/scratch/${build}-`)))
    need(await port.deleteRef(fence, ref))
}

type Assembled = { readonly prefixes: Prefix[] } | { readonly refused: NewEvent }

async function placeMembers(
  build: Build,
  made: readonly Prefix[],
  scratch: (pull: number) => string,
  scene: Scene,
): Promise<Assembled> {
  const prefixes = [...made]
  let tip = made.at(-1)?.sha ?? build.base
  for (const member of build.members.slice(made.length)) {
    const placed = await place({ build, member, tip, scratch: scratch(member.pull), scene })
    if ('refused' in placed) return placed
    prefixes.push({ pull: member.pull, sha: placed.sha, tree: placed.tree })
    tip = placed.sha
  }
  return { prefixes }
}

function place(placing: Placing): Promise<Placed> {
  const { method } = placing.build
  switch (method) {
    case 'merge':
      return mergeMember(placing)
    case 'squash':
      return squashMember(placing)
    case 'rebase':
      return rebaseMember(placing)
    case 'fast-forward':
      return fastForwardMember(placing)
    default:
      return method satisfies never
  }
}

async function publish(build: Build, prefixes: Prefix[], scene: Scene): Promise<NewEvent> {
  const { port, fence, view } = scene
  const ref = publishedRef(view.lane.target, build.build)
  const mine = prefixes.at(-1)
  if (!mine) throw new Error(`build ${build.build} has no members`)
  const created = await port.createRef(fence, ref, mine.sha)
  if (created.ok) return published(scene, build, ref, prefixes)
  // A predecessor may have got as far as this; if it is the same plan, its CI is already running.
  const standing = need(await port.readRef(ref))
  if (standing === null) throw created.failure === 'gone' ? new BaseGone(created) : new EffectFailed(created)
  const theirs =
    standing === mine.sha ? prefixes : build.method === 'merge' ? await chainOf(build, standing, scene) : null
  if (theirs) return published(scene, build, ref, theirs)
  need(await port.deleteRef(fence, ref))
  need(await port.createRef(fence, ref, mine.sha))
  return published(scene, build, ref, prefixes)
}

/** The prefixes of a commit that is exactly this plan, read back from its parents; null when it is anything else. */
async function chainOf(build: Build, tip: string, { port }: Scene): Promise<Prefix[] | null> {
  const prefixes: Prefix[] = []
  let at = tip
  for (const member of build.members.toReversed()) {
    const commit: Commit = need(await port.readCommit(at))
    const [first, second] = commit.parents
    if (first === undefined || second !== member.sha) return null
    prefixes.unshift({ pull: member.pull, sha: commit.sha, tree: commit.tree })
    at = first
  }
  return at === build.base ? prefixes : null
}

function published(scene: Scene, build: Build, ref: string, prefixes: Prefix[]): NewEvent {
  const last = prefixes.at(-1)
  if (!last) throw new Error(`build ${build.build} has no members`)
  const { sha, tree } = last
  return outcome(scene, 'build_published', {
    build: build.build,
    sha,
    tree,
    prefixes,
    ref,
    published_at: iso(scene.now()),
  })
}
