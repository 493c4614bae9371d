/** After a whole story on the twin the log explains itself: rebuilt and replayed it gives what is live, and the proof is there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { type Story, startStory } from '../support/story/story.ts'
import { ask } from './asked.ts'

let story: Story
beforeAll(async () => {
  story = await startStory()
  const { repo, store } = story
  const pulls: number[] = []
  // Of the first and the last the one that comes second conflicts, whichever that is.
  for (const [branch, text] of Object.entries({ one: 'one', two: 'two', three: 'three' }))
    pulls.push(await story.propose(branch, { [branch === 'two' ? 'src/b.ts' : 'src/a.ts']: `${text}\n` }))
  for (const pull of pulls) await repo.as('bob').review(pull, 'approve')
  await story.until(() => pulls.filter((pull) => repo.pull(pull).merged).length === 2)
  await story.until(async () => (await ask(store, 'status')).text.includes('see #4  merge conflict in src/a.ts'))
})
afterAll(() => story.end())

describe('a log that was lived', () => {
  it('is replayed without a difference', async () => {
    const { text, exit } = await ask(story.store, 'replay', { repository: 'acme/rocket' })
    expect(text).toMatch(/^acme\/rocket \(main\): \d\d+ decisions made again from \d+ events; none would be another\.$/)
    expect(exit).toBe(EXIT.ok)
  })

  it('is rebuilt as it is', async () => {
    expect((await ask(story.store, 'rebuild')).text).toMatch(/^acme\/rocket: \d+ events, equal$/)
  })

  it('proves what stands on main', async () => {
    const main = await story.repo.ref('refs/heads/main')
    const { text } = await ask(story.store, 'explain', { subject: String(main) })
    expect(text).toMatch(new RegExp(`Proof of landing[^]*commit +${main}`))
    expect(text).toMatch(/approval +bob \(write\) of/)
    expect(text).toMatch(/build_concluded +b\d+ +passed \(test passed\)/)
  })
})
