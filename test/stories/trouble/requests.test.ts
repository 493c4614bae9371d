/** A story that counts what landing a batch asks of GitHub, and whether simulations reckon with as much. */
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EffectName } from '../../../src/core/queue/effect.ts'
import { requestsOf } from '../../../src/simulate/report/request-counts.ts'
import { asStory, type Story, startStory } from '../../support/story/story.ts'
import { BUILDS_ONLY } from '../../support/story/story-scene.ts'

/** A step of the lane, as it tells it, with the requests that it made. */
interface Told {
  readonly effect: EffectName
  readonly came: readonly string[]
  readonly asked: readonly string[]
}

const told: Told[] = []
let asked: string[] = []
const hear = (line: string): void => {
  const { msg, effect, came } = JSON.parse(line) as { msg: string } & Told
  if (msg === 'performed') told.push({ effect, came, asked: asked.splice(0) })
}
const options = {
  ...BUILDS_ONLY,
  config: `${BUILDS_ONLY.config}ci: { slots: 1 }\nbatch: { wait: 2m }\nland: { delete_branch: true }\n`,
  // No sweep comes in between.
  sweepEvery: 86_400_000,
  log: () => pino({ level: 'debug' }, { write: hear }),
}

/** One landed, so that what a process asks once is known; then nothing is counted yet. */
async function begun({ twin, approved, merged, pass }: Story): Promise<void> {
  await merged(await approved('first', { 'src/first.ts': 'text\n' }))
  await pass(5)
  told.length = 0
  asked = []
  twin.faults.on('done', /./, (operation) => {
    if (!operation.includes('access_tokens')) asked.push(operation)
  })
}

async function landThree(story: Story): Promise<void> {
  const numbers: number[] = []
  for (const at of [1, 2, 3]) numbers.push(await story.approved(`topic-${at}`, { [`src/${at}.ts`]: 'text\n' }))
  await story.until(() => numbers.every((number) => story.title(number).startsWith('Landed as ')))
  await story.pass(3)
}

const times = (list: readonly string[], part: string): number => list.filter((one) => one.includes(part)).length

describe('a batch that nothing hinders', () => {
  let story: Story
  beforeAll(async () => {
    story = await startStory(options)
    await begun(story)
    await landThree(story)
  })
  afterAll(() => story.end())

  test('is looked at twice and read once after it landed, and nothing else is read for it', () => {
    const building = told.findIndex(({ effect }) => effect === 'assemble-build')
    const landing = told.findIndex(({ effect }) => effect === 'advance-target')
    const PERMISSION = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
    const [before, after] = [told[building - 1]?.asked, told[landing - 1]?.asked]
    expect(before).toEqual([PERMISSION, 'graphql:ObservePulls'])
    expect(after).toEqual(before)
    const merge = 'POST /repos/{owner}/{repo}/merges'
    const [make, remove] = ['POST /repos/{owner}/{repo}/git/refs', 'DELETE /repos/{owner}/{repo}/git/refs/{ref}']
    expect(told[building]?.asked).toEqual([make, merge, merge, merge, remove, make])
    expect(told[landing]?.asked).toEqual(['graphql:AdvanceTarget', 'graphql:ReadTarget'])
  })

  test('asks for each act what a simulation reckons', () => {
    const reckoned = told.map(({ effect, came, asked: requests }) => ({
      effect,
      requests: requestsOf(effect, {
        users: times(came, 'permission_observed'),
        pulls: times(came, 'pull_request_observed'),
        merges: times(requests, '/merges'),
        known: times(requests, 'POST /repos/{owner}/{repo}/check-runs') === 0,
      }),
    }))
    expect(told.map(({ effect, asked: { length } }) => ({ effect, requests: length }))).toEqual(reckoned)
    const kinds: EffectName[] = ['observe-pulls', 'assemble-build', 'advance-target', 'show-check-run']
    expect(told.map(({ effect }) => effect)).toEqual(expect.arrayContaining([...kinds, 'delete-head-branch']))
  })
})

test.each([
  // It is tried twice.
  ['could not tidy up', 'DELETE /repos/{owner}/{repo}/git/refs/{ref}', 2],
  ['broke off', 'POST /repos/{owner}/{repo}/merges', 1],
])('what an assembly leaves that %s is looked for by the next try', (_, operation, failures) =>
  asStory(options, async (story) => {
    await begun(story)
    story.twin.faults.next({ operation, times: failures }, story.twin.faults.failBefore(502))
    await landThree(story)
    const [first, second] = told.filter(({ effect }) => effect === 'assemble-build')
    expect(first?.came).toEqual(['effect_failed'])
    expect(times(first?.asked ?? [], 'matching-refs')).toBe(0)
    expect(second && times([...second.asked], 'matching-refs')).toBe(1)
  })(undefined),
)
