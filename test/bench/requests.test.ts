/** That G4 reports what was asked of GitHub: counted by the twin's meter, and here once more by whoever asked. */
import { expect, test } from 'vitest'
import { ZERO_SHA } from '../../src/core/ids.ts'
import { updateRefsDocument } from '../../src/github/documents.ts'
import type { Contender } from './github/contender.ts'
import { type Count, startCount } from './github/count.ts'
import { play } from './github/play.ts'
import { putMergeBot } from './github/put-merge-bot.ts'
import { restBatcher } from './github/rest-batcher.ts'
import { openStage } from './github/stage.ts'
import { rowOf } from './goals/g4.ts'
import { isMet } from './measure.ts'

/** The contender, with the method of each of its requests but those for tokens written down by its own client. */
function noted(contender: Contender): { contender: Contender; methods: string[] } {
  const methods: string[] = []
  const open: Contender['open'] = (stage) => {
    stage.client.hook.after('request', (_, { method, url }) => {
      if (!url.includes('access_tokens')) methods.push(method)
    })
    return contender.open(stage)
  }
  return { contender: { ...contender, open }, methods }
}

test.each([
  // A status each at the beginning and at the end, which make content as merges do; in the batcher's way four refs move besides.
  { peer: restBatcher, reads: 3 + 2, content: 3 * 3, refs: 4, moves: 1, builds: 1, paced: null },
  { peer: putMergeBot, reads: 2 * 3, content: 3 * 3, refs: 0, moves: 3, builds: 0, paced: 8 },
])('what $peer.name asked is what is reported of it', async ({ peer, reads, content, refs, moves, builds, paced }) => {
  const { contender, methods } = noted(peer)
  const played = await play(contender, 3, 1, 1)
  expect(played.landing).toMatchObject({ reads, writes: content + refs, documents: 0, mutations: 0 })
  expect(methods.filter((method) => method === 'GET')).toHaveLength(reads)
  expect(methods.filter((method) => method !== 'GET')).toHaveLength(content + refs)
  expect(played).toMatchObject({ targetMoves: moves, builds, paced })
})

test('a document that writes is a write, a token is nobody’s request, and a minute is counted wherever it begins', async () => {
  const stage = await openStage(1, 'mode: live\n')
  const { client, repo, twin, installation, clock } = stage
  try {
    const count = startCount(twin, installation)
    const { data } = await client.rest.repos.get({ owner: repo.owner, repo: repo.name })
    const main = (await repo.ref('refs/heads/main')) ?? ''
    for (const name of ['one', 'two', 'three']) {
      const refUpdates = [{ name: `refs/heads/${name}`, beforeOid: ZERO_SHA, afterOid: main, force: false }]
      await client.graphql(updateRefsDocument, { input: { repositoryId: data.node_id, refUpdates } })
      clock.moveTo(clock.now() + 30_000)
    }
    const counted = count()
    expect(counted).toMatchObject({ reads: 1, writes: 3, documents: 3, mutations: 3 })
    expect(counted.busiest).toBeCloseTo((2 * 5) / 2_000, 6)
  } finally {
    await stage.stop()
  }
})

test('a row tells it by merged pull request and by build, and asks for it', () => {
  const landing: Count = {
    reads: 24,
    writes: 40,
    documents: 12,
    mutations: 2,
    busiest: 0.5,
    requests: { 'GET /x': 18, 'graphql:ObserveRepository': 2, 'graphql:ObserveOpenPulls': 4 },
  }
  const opening: Count = { ...landing, writes: 8 }
  const { measures, detail, asked } = rowOf(8, 'x', [{ landing, opening, builds: 2, targetMoves: 2, paced: 3 }], true)
  expect(measures).toMatchObject({
    'writes/merged': [5],
    '× bound': [5 / 3.625],
    'with opening': [6],
    'reads/merged': [3],
    'reads/build': [12],
    'of which sweeps': [3],
    'GraphQL documents/merged': [1.5],
    'GraphQL writes/merged': [0.25],
    'builds/merged': [0.25],
    'target moves/merged': [0.25],
    'share of secondary limits': [0.5],
    'seconds paced': [3],
  })
  expect(detail).toEqual({ 'GET /x': [18], 'graphql:ObserveRepository': [2], 'graphql:ObserveOpenPulls': [4] })
  expect(Object.keys(asked ?? {}).every((name) => name in measures)).toBe(true)
  expect(asked?.['writes/merged']).toEqual({ bound: 3.625 })
})

test('what is asked of every value is not met by most of them', () => {
  const { asked = {} } = rowOf(1, 'x', [], true)
  const limits = asked['share of secondary limits']
  if (!limits) throw new Error('no share of the limits is asked for')
  expect(isMet([0.2, 0.3, 1.1], limits)).toBe(false)
  expect(isMet([0.2, 0.3, 1], limits)).toBe(true)
})
