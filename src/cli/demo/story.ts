/**
 * What happens in the demo, in order: ten pull requests are approved, the app is killed in the middle of a landing, one
 * conflict is settled and resumed, and CI fails it by chance. It waits for what GitHub shows and never asks the app.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { short } from '../../core/ids.ts'
import type { CiHandle } from '../../twin/ci/ci.ts'
import type { Twin } from '../../twin/twin.ts'
import type { TwinRepository } from '../../twin/twin-repository.ts'
import { type AppProcess, startApp } from './app-process.ts'
import { type Mishap, seenThrough } from './chance.ts'
import { approve, type Proposed, propose, resume, settle } from './people.ts'
import { BOT, type Tell, type Watch } from './progress.ts'
import { GREETINGS, REQUIRED } from './shop.ts'
import { followUpsOf, isBlocked, shownOn } from './witness.ts'

export interface Stage {
  readonly twin: Twin
  readonly repo: TwinRepository
  readonly ci: CiHandle
  readonly chance: Mishap
  readonly watch: Watch
  readonly tell: Tell
  readonly folder: string
  /** Aborted when the demo is to end at once. */
  readonly stop: AbortSignal
  /** By this moment, in milliseconds since the epoch, the story has to be over. */
  readonly deadline: number
}

/** Which landing is cut off, and how often GitHub is looked at, in milliseconds. */
const CUT_OFF = 2
const LOOK = 40
const BETWEEN_APPROVALS = 200

/** Plays the story with the app in `first`; `running` hears of the one after it. Throws when something does not come about. */
export async function play(stage: Stage, first: AppProcess, running: (app: AppProcess) => void): Promise<void> {
  const { twin, repo, ci, tell } = stage
  tell('demo', `starts a local GitHub at ${twin.url}, and Mainkeeper on an empty database`)
  twin.deliverTo(await webhooksOf(stage, first))
  tell(BOT, `runs as process ${first.pid} and listens for webhooks`)
  const pulls = await propose(repo, tell)
  await until(stage, 'tests that pass on every head', () => pulls.every(({ number }) => looksGood(repo, number)))
  tell('CI', 'passes the tests of every head')
  // Both are waited for, whatever becomes of the other: neither may go on after the end, or fail unheard.
  const parts = await Promise.allSettled([cutOff(stage, first, running), approveAll(stage, pulls)])
  for (const part of parts) if (part.status === 'rejected') throw part.reason
  await until(stage, 'every pull request landed or blocked', () =>
    repo.pulls().every((pull) => isOver(repo, pull.number)),
  )
  await until(stage, 'a failure by chance that was seen through', () => seenThrough(ci.runs()).length > 0)
  await until(stage, 'everything told and cleared away', async () => (await leftovers(stage)) === 0)
  await ci.idle()
}

/** Everybody's approval, and then what becomes of those that conflict. */
async function approveAll(stage: Stage, pulls: readonly Proposed[]): Promise<void> {
  for (const pull of pulls) {
    stage.stop.throwIfAborted()
    await approve(stage.repo, pull, stage.tell)
    await sleep(BETWEEN_APPROVALS)
  }
  await takeUp(
    stage,
    pulls.filter(({ branch }) => GREETINGS.includes(branch)),
  )
}

/** Kills the app when GitHub has moved main and not answered yet, and starts it again. */
async function cutOff(stage: Stage, first: AppProcess, running: (app: AppProcess) => void): Promise<void> {
  const { twin, repo, tell, folder } = stage
  const held = twin.faults.next({ operation: 'graphql:AdvanceTarget', nth: CUT_OFF }, twin.faults.hold())
  let reached = false
  void held.reached.then(() => (reached = true))
  await until(stage, `landing ${CUT_OFF}`, () => reached)
  await first.kill()
  held.release()
  tell('demo', `kills process ${first.pid}: main has moved, and Mainkeeper was never answered`)
  stage.stop.throwIfAborted()
  const second = startApp(twin, folder)
  running(second)
  twin.deliverTo(await webhooksOf(stage, second))
  tell(
    BOT,
    `runs again as process ${second.pid}, on the same database; main is at ${short((await repo.ref('main')) ?? '')}`,
  )
}

/**
 * The conflict: its author settles it, its reviewer approves the new head, a maintainer labels the follow-up, and CI fails by
 * chance. Webhooks keep no order, so which of the two that conflict is the later one is seen by the follow-up.
 */
async function takeUp(stage: Stage, greetings: readonly Proposed[]): Promise<void> {
  const { twin, repo, chance, folder, tell } = stage
  const blocked = () => greetings.flatMap((pull) => follows(pull).map((issue) => ({ pull, issue })))
  const follows = ({ number }: Proposed) => followUpsOf(repo, number, twin.app.botLogin)
  await until(stage, 'a follow-up of what conflicts', () => blocked().length > 0)
  for (const { pull, issue } of blocked()) {
    await settle(repo, pull, `${twin.url}/${repo.fullName}.git`, folder, tell)
    await until(stage, `tests that pass on #${pull.number}`, async () => {
      // Each move of main has GitHub forget whether it can be merged, and only who looks has it find out again.
      await repo.as(pull.author).visit(pull.number)
      return looksGood(repo, pull.number)
    })
    // It is built alone then: a build of exactly main and it that fails is what would have it blamed.
    const others = () => repo.pulls().filter(({ number }) => number !== pull.number)
    await until(stage, 'every other landed or blocked', () => others().every(({ number }) => isOver(repo, number)))
    chance.befall(repo.pull(pull.number).head.sha)
    await approve(repo, pull, tell)
    await resume(repo, issue, tell)
  }
}

/** Where it takes webhooks; throws what it said when it ends before it listens. */
async function webhooksOf(stage: Stage, app: AppProcess): Promise<string> {
  let known = false
  void app.url.catch(() => {}).then(() => (known = true))
  await until(stage, 'Mainkeeper that listens', () => known)
  return `${await app.url}/api/github/webhooks`
}

/** Nobody approves before CI has passed the head and GitHub shows that it can be merged. */
function looksGood(repo: TwinRepository, number: number): boolean {
  const { head, mergeable } = repo.pull(number)
  const passed = repo.checkRuns(head.sha).some((run) => run.name === REQUIRED && run.conclusion === 'success')
  return passed && mergeable === true
}

function isOver(repo: TwinRepository, number: number): boolean {
  const { merged, head } = repo.pull(number)
  return merged || (!GREETINGS.includes(head.ref) && isBlocked(repo, head.sha))
}

/** What is still to be said or cleared away: refs of the app, check runs that do not show the end, follow-ups of what landed. */
async function leftovers({ repo, twin }: Stage): Promise<number> {
  const refs = Object.keys(await repo.refs('refs/heads/mainkeeper/'))
  const merged = repo.pulls().filter((pull) => pull.merged)
  const untold = merged.filter((pull) => !shownOn(repo, pull.head.sha)?.title?.startsWith('Landed'))
  const open = merged
    .flatMap((pull) => followUpsOf(repo, pull.number, twin.app.botLogin))
    .filter((issue) => repo.issue(issue).state === 'open')
  const unopened = repo
    .pulls()
    .filter((pull) => !pull.merged && followUpsOf(repo, pull.number, twin.app.botLogin).length === 0)
  return refs.length + untold.length + open.length + unopened.length
}

async function until(stage: Stage, what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    stage.watch.look()
    if (await holds()) return
    stage.stop.throwIfAborted()
    if (Date.now() > stage.deadline) throw new Error(`waited in vain for ${what}`)
    await sleep(LOOK)
  }
}
