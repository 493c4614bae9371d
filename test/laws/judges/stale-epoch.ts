/**
 * Law 6: a stale epoch writes nothing to the log and moves no ref that its successor withdrew. Two holders take turns on one
 * lane in every way that can be drawn; what the log and the twin took from whom is compared with who held the lease.
 */
import fc from 'fast-check'
import type { Fence } from '../../../src/core/fence.ts'
import type { RepositoryPort } from '../../../src/github/port.ts'
import { LEASE_TTL_MS } from '../../../src/store/lease.ts'
import type { Law } from '../law.ts'
import { settingsOf } from '../play/run-history.ts'
import { REPOSITORY, type World } from '../play/world.ts'
import { history } from './reading/write-history.ts'

type Who = 'first' | 'second'
type Move =
  | { readonly do: 'take' | 'renew' | 'release' | 'append' | 'write'; readonly who: Who }
  | { readonly do: 'wait'; readonly seconds: number }

export interface Rivalry {
  readonly moves: readonly Move[]
  /** Whether the successor withdraws the build whose advance its predecessor has sent and GitHub has not done. */
  readonly withdraws: boolean
}

const who = fc.constantFrom<Who>('first', 'second')
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ do: fc.constantFrom('take', 'renew', 'release', 'append', 'write'), who }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 30, 79, 81, 119, 120, 121) }),
)

const by = (act: 'take' | 'renew' | 'append' | 'write', name: Who): Move => ({ do: act, who: name })
const wait = (seconds: number): Move => ({ do: 'wait', seconds })

export const staleEpoch: Law<Rivalry> = {
  title: 'law 6: a stale epoch writes nothing',
  cases: fc.record({ moves: fc.array(move, { maxLength: 25 }), withdraws: fc.boolean() }),
  kept: [
    { moves: [by('take', 'first'), wait(81), by('write', 'first')], withdraws: true },
    {
      moves: [by('take', 'first'), wait(121), by('append', 'first'), by('take', 'second'), by('append', 'first')],
      withdraws: false,
    },
  ],
  broken: (arena, { moves, withdraws }) =>
    arena.within(settingsOf(history({})), async (world) => {
      await world.pass(1_000)
      await world.stop()
      const ports = await portsOf(world)
      const broken = await rivals(world, ports, moves)
      return [...broken, ...(await lateAdvance(world, ports, withdraws))]
    }),
  tell: ({ moves, withdraws }) =>
    [...moves.map((one) => JSON.stringify(one)), `the successor withdraws: ${withdraws}`].join('\n'),
}

/** Each holder is a process of its own: neither waits for the other's calls. */
interface Ports {
  readonly first: RepositoryPort
  readonly second: RepositoryPort
}

const portsOf = async (world: World): Promise<Ports> => ({ first: await portOf(world), second: await portOf(world) })

async function portOf(world: World): Promise<RepositoryPort> {
  const github = world.github()
  const listed = await github.listRepositories()
  const [only] = listed.ok ? listed.value : []
  if (!only) throw new Error('the App is installed nowhere')
  return github.repository(REPOSITORY, only.installation)
}

/** What one holder may do, by the law: until when it holds the lane, if it does. */
interface Term {
  readonly fence: Fence
  end: number
}

async function rivals(world: World, ports: Ports, moves: readonly Move[]): Promise<string[]> {
  const terms = new Map<Who, Term>()
  const broken: string[] = []
  for (const [index, step] of moves.entries()) {
    if (step.do === 'wait') {
      await world.pass(step.seconds * 1000)
      continue
    }
    const by = [...terms].find(([, { end }]) => end > world.clock.now())?.[0] ?? null
    const outcome = await act(world, ports, terms, by, { ...step, index })
    if (outcome && outcome.should !== outcome.did)
      broken.push(
        `${index}: ${step.who} ${step.do} ${outcome.did ? 'was done' : 'was refused'}, while ${by ?? 'nobody'} held the lane`,
      )
  }
  return broken
}

type Deed = Exclude<Move, { do: 'wait' }> & { readonly index: number }

/** Does one thing, and says whether it should have been done and whether it was; null: there is no fence to do it with. */
async function act(
  world: World,
  ports: Ports,
  terms: Map<Who, Term>,
  holder: Who | null,
  deed: Deed,
): Promise<{ should: boolean; did: boolean } | null> {
  const now = world.clock.now()
  const term = terms.get(deed.who)
  const should = term !== undefined && term.end > now
  const { leases } = world.store
  if (deed.do === 'take') {
    const taken = await leases.acquire(REPOSITORY, 'main', deed.who)
    if (taken.result !== 'acquired') return { should: holder === null, did: false }
    for (const other of terms.values()) other.end = Number.NEGATIVE_INFINITY
    terms.set(deed.who, { fence: taken.fence, end: now + LEASE_TTL_MS })
    return { should: holder === null, did: true }
  }
  if (!term) return null
  switch (deed.do) {
    case 'renew': {
      const did = (await leases.renew(term.fence)).result === 'renewed'
      term.end = did ? now + LEASE_TTL_MS : Number.NEGATIVE_INFINITY
      return { should, did }
    }
    case 'release': {
      const did = (await leases.release(term.fence, { wakeAt: null })).result === 'released'
      term.end = Number.NEGATIVE_INFINITY
      return { should, did }
    }
    case 'append':
      return { should, did: await appends(world, term.fence, deed.index) }
    case 'write':
      return { should: term.end - now >= 40_000, did: await writes(world, ports[deed.who], term.fence, deed.index) }
    default:
      return deed.do satisfies never
  }
}

async function appends({ store, clock }: World, fence: Fence, index: number): Promise<boolean> {
  const before = await store.log.position()
  const occurred_at = new Date(clock.now()).toISOString()
  const event = {
    type: 'candidate_settled',
    payload: { pull: index + 1 },
    occurred_at,
    source: 'lane',
    lane: 'main',
  } as const
  await store.log.append({ repository: REPOSITORY, events: [event], fence })
  return (await store.log.position()) > before
}

async function writes({ repo }: World, port: RepositoryPort, fence: Fence, index: number): Promise<boolean> {
  const ref = `refs/heads/mainkeeper/scratch/law-${index}`
  await port.createRef(fence, ref, (await repo.ref('main')) ?? '')
  return (await repo.ref(ref)) !== undefined
}

/** The predecessor's advance is under way when its lease ends; its successor takes the lane, and GitHub does it only then. */
async function lateAdvance(world: World, ports: Ports, withdraws: boolean): Promise<string[]> {
  const { repo, store, twin } = world
  await world.pass(LEASE_TTL_MS + 1_000)
  const from = (await repo.ref('main')) ?? ''
  const to = await repo.as('alice').commit('proven', { 'a.txt': 'late\n' })
  const published = 'refs/heads/mainkeeper/queue/main/law'
  const predecessor = await taken(world, 'first')
  await ports.first.createRef(predecessor, published, to)
  const held = twin.faults.next({ operation: 'graphql:AdvanceTarget' }, twin.faults.hangBefore())
  const advance = ports.first.advanceTarget(predecessor, { target: 'main', from, to, published })
  await held.reached
  world.clock.moveTo(world.clock.now() + LEASE_TTL_MS + 1_000)
  const successor = await taken(world, 'second')
  if (withdraws) await ports.second.deleteRef(successor, published)
  held.release()
  await advance
  const appended = await store.log.append({ repository: REPOSITORY, events: [], fence: predecessor })
  const target = await repo.ref('main')
  return [
    ...(appended.ok ? ['the predecessor’s append was taken after its successor took the lane'] : []),
    ...(target === (withdraws ? from : to) ? [] : [`withdrawn: ${withdraws}, and the target stands at ${target}`]),
  ]
}

async function taken({ store }: World, owner: string): Promise<Fence> {
  const lease = await store.leases.acquire(REPOSITORY, 'main', owner)
  if (lease.result !== 'acquired') throw new Error(`${owner} could not take the lane: ${lease.owner} holds it`)
  return lease.fence
}
