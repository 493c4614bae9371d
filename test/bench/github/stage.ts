/**
 * Where G4 is played: one repository on the metering twin, its CI, and virtual time that moves only when nobody is at work. It
 * opens and approves pull requests; who lands them, and how, is the contender's.
 */
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { randomOf } from '../../../src/simulate/random.ts'
import { attachCi, type CiHandle } from '../../../src/twin/ci/ci.ts'
import { VirtualClock } from '../../../src/twin/clock.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import { calmSteps } from '../../support/story/calm-steps.ts'
import { failsWhereToldSo, furnish } from '../../support/story/story-scene.ts'

export interface Stage {
  readonly clock: VirtualClock
  readonly twin: Twin
  readonly repo: TwinRepository
  readonly ci: CiHandle
  /** The App's installation, under which the meter counts. */
  readonly installation: number
  /** A client with the App's rights, without retries and without throttling. */
  readonly client: Octokit
  /** Opens so many pull requests and waits until CI passed on their heads, and so many minutes more; their numbers. */
  readonly propose: (count: number, minutes: number) => Promise<readonly number[]>
  /** Bob approves all of them in one instant, in an order that the seed draws; that order. */
  readonly approve: (pulls: readonly number[]) => Promise<readonly number[]>
  /** Time does not move while one of these is at work. */
  readonly watch: (busy: () => boolean) => void
  /** Moves time until the condition holds; throws when it does not within the minutes. */
  readonly until: (condition: () => boolean, minutes: number) => Promise<void>
  readonly pass: (minutes: number) => Promise<void>
  readonly stop: () => Promise<void>
}

/** A build takes one to three minutes. */
const CI_MS = { least: 60_000, spread: 120_000 }
/** Main's own commits and what is assembled in steps are not built. */
const isBuilt = (ref: string): boolean =>
  (ref.startsWith('refs/heads/') || ref.startsWith('refs/pull/')) &&
  !/^refs\/heads\/(main$|mainkeeper\/scratch\/|staging\.tmp$)/.test(ref)

export async function openStage(seed: number, config: string): Promise<Stage> {
  const clock = new VirtualClock()
  const twin = await startTwin({ clock, seed })
  const repo = await furnish(twin, { config })
  const ci = attachCi(repo, {
    run: failsWhereToldSo,
    seed,
    on: isBuilt,
    duration: (_, random) => CI_MS.least + Math.floor(random() * CI_MS.spread),
  })
  const random = randomOf(seed)
  const workers: (() => boolean)[] = []
  const installation = await installationOf(twin, repo)
  const { id: appId, privateKey } = twin.app
  const client = new Octokit({
    baseUrl: twin.url,
    authStrategy: createAppAuth,
    auth: { appId, privateKey, installationId: installation },
  })

  const { quiet, step, pass } = calmSteps(clock, twin, ci, () => workers.some((busy) => busy()))

  const stage: Stage = {
    clock,
    twin,
    repo,
    ci,
    installation,
    client,
    async propose(count, minutes) {
      const alice = repo.as('alice')
      const numbers: number[] = []
      for (let at = 1; at <= count; at++) {
        await alice.commit(`topic-${at}`, { [`src/${at}.ts`]: `seed ${seed}\n` }, { message: `Change ${at}` })
        numbers.push(await alice.openPull({ head: `topic-${at}`, title: `Change ${at}` }))
      }
      await stage.until(() => ci.runs().every(({ conclusion }) => conclusion === 'success'), 10)
      await stage.pass(minutes)
      return numbers
    },
    async approve(pulls) {
      const order = random.shuffle([...pulls])
      for (const number of order) await repo.as('bob').review(number, 'approve')
      return order
    },
    watch: (busy) => void workers.push(busy),
    async until(condition, minutes) {
      const end = clock.now() + minutes * 60_000
      await quiet()
      while (!condition()) if (!(await step(end))) throw new Error(`G4, seed ${seed}: not within ${minutes} minutes`)
    },
    pass,
    async stop() {
      await ci.stop()
      await twin.stop()
      if (twin.violations.length > 0) throw new Error(`G4, seed ${seed}: ${twin.violations.join('\n')}`)
    },
  }
  return stage
}

async function installationOf(twin: Twin, repo: TwinRepository): Promise<number> {
  const { id: appId, privateKey } = twin.app
  const app = new Octokit({ baseUrl: twin.url, authStrategy: createAppAuth, auth: { appId, privateKey } })
  const { data } = await app.rest.apps.getRepoInstallation({ owner: repo.owner, repo: repo.name })
  return data.id
}
