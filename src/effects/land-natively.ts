/**
 * Moves a target in mode native: GitHub merges the pull request, if its head is the one that was proven, and what came of it
 * is compared with what was tested. The pull request is read before every call, so that a call whose answer was lost is
 * never repeated. GitHub compares no base here; docs/setup.md names the ruleset that keeps others from moving it.
 */
import type { NewEvent } from '../core/events.ts'
import type { Build, Landing } from '../core/queue/lane.ts'
import { authorsOf } from '../core/render/commit/co-authors.ts'
import { mergeMessage, needsBody, titleAndBody } from '../core/render/commit/merge-message.ts'
import type { Answer, PullContent, PullMerge } from '../github/port.ts'
import { concluded } from './conclude-landing.ts'
import { landOf, told } from './methods/placing.ts'
import { written } from './methods/squash-member.ts'
import { attemptOf, EffectFailed, type EffectOf, need, refOf, type Scene } from './scene.ts'

/** Tries, some fifty seconds in all, after which a refusal, a loss or a silence is no stale read any more. */
const BELIEVED_AFTER = 5
/** GitHub ends a request after 10 s; after so many tries twice that is over: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts */
const NONE_UNDER_WAY_AFTER = 4

type Merged = NonNullable<PullContent['merged']>

/** One landing of the one member of a build. */
export async function landNatively(
  effect: EffectOf<'advance-target'>,
  landing: Landing,
  build: Build,
  scene: Scene,
): Promise<NewEvent> {
  const { port, fence } = scene
  const [member, ...others] = build.members
  if (!member || others.length > 0) throw new Error(`build ${build.build} is not of one pull request`)
  const attempt = attemptOf(effect, scene)
  const published = refOf(build.build, scene)
  // Before the looks: nothing that takes time is to come between them and the merge.
  const ask = effect.advance ? await askFor(landing, build, member, scene) : null
  const seen = await look(member.pull, published, scene)
  if (seen.pull.merged) return settled(seen.pull, seen.pull.merged, attempt, landing, build, scene)
  if (!ask) {
    need(await port.deleteRef(fence, published))
    if (attempt >= NONE_UNDER_WAY_AFTER) return concluded(scene, landing, 'abandoned', landing.from)
    throw new EffectFailed({ failure: 'unclear', message: 'a merge that was sent may still come through' })
  }
  const stop = obstacle(seen, member.sha, published, landing, scene)
  if (stop) {
    if (stop.sure || attempt >= BELIEVED_AFTER) return stop.event
    throw new EffectFailed({ failure: 'moved', message: stop.message })
  }
  const said = await port.mergePull(fence, ask)
  if (!said.ok && (said.failure === 'limited' || said.failure === 'unavailable')) throw new EffectFailed(said)
  const after = need(await port.readPull(member.pull))
  if (after.merged) return settled(after, after.merged, attempt, landing, build, scene)
  return unmerged(said, attempt, landing, scene)
}

interface Seen {
  readonly pull: PullContent
  /** Where the target and the published ref stand; null when they are gone. */
  readonly target: string | null
  readonly standing: string | null
}

/** All at once, so that none is old when the others are there. */
async function look(number: number, published: string, { port, view }: Scene): Promise<Seen> {
  const [pull, target, standing] = await Promise.all([
    port.readPull(number),
    port.readRef(`refs/heads/${view.lane.target}`),
    port.readRef(published),
  ])
  return { pull: need(pull), target: need(target), standing: need(standing) }
}

/** What makes a merge of this build pointless or wrong by now; `sure`: no stale read can have told it. */
function obstacle(
  { pull, target, standing }: Seen,
  sha: string,
  published: string,
  landing: Landing,
  scene: Scene,
): { readonly sure: boolean; readonly message: string; readonly event: NewEvent } | null {
  const { view } = scene
  const abandoned = (message: string, sure = false) => ({
    sure,
    message,
    event: concluded(scene, landing, 'abandoned', landing.from, { message }),
  })
  if (pull.state === 'closed') return abandoned('the pull request was closed', true)
  if (pull.sha !== sha) return abandoned(`its head is ${pull.sha} by now`, true)
  // GitHub would merge it there, where nobody tested it.
  if (pull.base !== view.lane.target) return abandoned(`it goes into ${pull.base} by now`, true)
  if (target === null) {
    const message = `the branch ${view.lane.target} is gone`
    return { sure: false, message, event: concluded(scene, landing, 'refused', landing.from, { message }) }
  }
  // Believed at once: the lane finds out what came or went before it builds on it.
  if (target !== landing.from)
    return { sure: true, message: 'the target moved', event: concluded(scene, landing, 'moved', target) }
  return standing === landing.to ? null : abandoned(`${published} is ${standing === null ? 'gone' : `at ${standing}`}`)
}

/** What GitHub is asked for: by which method, and with which message. */
async function askFor(
  landing: Landing,
  { method }: Build,
  member: Build['members'][number],
  scene: Scene,
): Promise<PullMerge> {
  if (method === 'fast-forward') throw new Error('GitHub merges no pull request by fast-forward')
  const { port } = scene
  const { pull, sha } = member
  if (method === 'rebase') return { pull, sha, method, message: null }
  const { message: templates } = landOf(scene)
  const about = await told({ member, scene }, needsBody(method, templates))
  // Whom GitHub makes the author of its squash it does not document: all are named, so that nobody is lost.
  const { trailers } =
    method === 'squash'
      ? authorsOf(written(need(await port.commitsBetween(landing.from, sha)).commits), about.author, false)
      : { trailers: [] }
  const message = titleAndBody(mergeMessage(method, templates, about, 1, trailers))
  return { pull, sha, method, message }
}

/** GitHub says that it is merged: by whom, into what, as which tree, and whether the target holds it. */
async function settled(
  { base }: PullContent,
  { sha, by }: Merged,
  attempt: number,
  landing: Landing,
  build: Build,
  scene: Scene,
): Promise<NewEvent> {
  const { port, bot, fence, view } = scene
  const target = need(await port.readRef(`refs/heads/${view.lane.target}`))
  const held = target !== null && (target === sha || need(await port.contains(target, sha)))
  const elsewhere = base !== view.lane.target
  if (!held && !elsewhere && attempt < BELIEVED_AFTER)
    throw new EffectFailed({ failure: 'unclear', message: `merged as ${sha}, and the target does not show it yet` })
  // Nobody is to take the build for one that may still land.
  need(await port.deleteRef(fence, refOf(build.build, scene)))
  if ((!held && !elsewhere) || by !== bot)
    return concluded(scene, landing, 'moved', target ?? landing.from, { message: `merged by ${by ?? 'somebody'}` })
  const { tree } = need(await port.readCommit(sha))
  const result = !elsewhere && tree === build.published?.tree ? 'landed' : 'mismatched'
  return concluded(scene, landing, result, target ?? landing.from, { tree, landed_sha: sha })
}

function unmerged(said: Answer<void>, attempt: number, landing: Landing, scene: Scene): NewEvent {
  if (said.ok)
    throw new EffectFailed({
      failure: 'unclear',
      message: 'GitHub reported no error, and the pull request does not show it yet',
    })
  const refusal = said.failure === 'forbidden' || said.failure === 'refused'
  if (refusal && attempt >= BELIEVED_AFTER)
    return concluded(scene, landing, 'refused', landing.from, { message: said.message })
  throw new EffectFailed(said)
}
