/**
 * The words of the documents that the project was written from: their event names, fields and taxonomy are a contract with
 * whoever reads the log or follows it.
 */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogue, definitionOf, type EventType, eventTypes, taxonomyOf } from '../../src/core/events.ts'

const SHA = 'a'.repeat(40)
const AT = '2026-01-05T09:00:00Z'
const candidate = { pull: 12, branch: 'feature', sha: SHA }

/** One good payload for each event that the seeds name, with every field they ask for. */
const seeds: Partial<Record<EventType, Record<string, unknown>>> = {
  review_approved: { pull: 12, sha: SHA, reviewer: 'alice', review_id: 7, approved_at: AT },
  finalize_ready: { ...candidate, declared_by: 'bob', via: 'non_draft', ready_at: AT },
  branch_pushed: {
    branch: 'feature',
    sha: SHA,
    before: SHA,
    remote: 'acme/app',
    forced: false,
    pusher: 'bob',
    pushed_at: AT,
  },
  integration_completed: {
    ...candidate,
    landed_sha: SHA,
    tree: SHA,
    base: SHA,
    build: 'b1',
    checks: [],
    approvals: [{ reviewer: 'alice', sha: SHA, review_id: 7, permission: 'write' }],
    observed_at: AT,
    landed_at: AT,
  },
  integration_blocked: {
    ...candidate,
    reason: 'merge_conflict',
    build: null,
    conflict_evidence: [{ kind: 'file', text: 'src/a.ts' }],
    diagnostics: ['CONFLICT (content): src/a.ts'],
    next_action: 'Merge main into feature and push.',
    blocked_at: AT,
  },
}

const names = eventTypes.filter((type) => type in seeds)

describe('the catalogue keeps the words of the seeds', () => {
  it.each(names)('%s is accepted with the fields of the seeds', (type) => {
    expect(catalogue[type].payload.safeParse(seeds[type])).toMatchObject({ success: true })
  })

  it.each(names.flatMap((type) => Object.keys(seeds[type] ?? {}).map((field) => [type, field] as const)))(
    '%s is refused without %s',
    (type, field) => {
      const rest = Object.fromEntries(Object.entries(seeds[type] ?? {}).filter(([name]) => name !== field))
      const { error } = catalogue[type].payload.safeParse(rest)
      expect(error?.issues.map(({ path }) => path)).toEqual([[field]])
    },
  )

  it.each(['conflict_evidence', 'diagnostics'] as const)('a block has at least one entry of %s', (field) => {
    const empty = { ...seeds.integration_blocked, [field]: [] }
    expect(catalogue.integration_blocked.payload.safeParse(empty).error?.issues).toMatchObject([{ path: [field] }])
  })

  it.each([
    ['review_approved', 'domain.software-development.review.approved'],
    ['finalize_ready', 'domain.software-development.deployment.started'],
    ['integration_completed', 'domain.software-development.deployment.completed'],
    ['integration_blocked', 'domain.software-development.deployment.failed'],
    ['branch_pushed', 'domain.software-development.branch.pushed'],
  ] as const)('%s is published as %s', (type, taxonomy) => {
    expect(taxonomyOf(type)).toBe(taxonomy)
  })

  it('a candidate opens its thread when it is declared, updates it when it is blocked, and resolves it when it is in', () => {
    expect(catalogue.finalize_ready.lifecycle).toBe('opens')
    expect(catalogue.integration_blocked.lifecycle).toBe('updates')
    expect(catalogue.integration_completed.lifecycle).toBe('resolves')
  })
})

describe.each(eventTypes)('%s', (type) => {
  const { kind, taxonomy, level, meaning, identity, payload } = definitionOf(type)

  it('has a taxonomy name of its own, a level and a meaning', () => {
    expect(taxonomy).toMatch(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/)
    expect(eventTypes.filter((other) => catalogue[other].taxonomy === taxonomy)).toEqual([type])
    expect(['debug', 'info', 'notice', 'warning']).toContain(level)
    expect(meaning).toMatch(/^[A-Z].*\.$/)
  })

  it('names what makes it itself if it is a fact, and nothing if it is ours', () => {
    expect(identity !== undefined).toBe(kind === 'occurrence' || kind === 'observation')
  })

  it('refuses every unknown field, and names each of them', () => {
    const diagnostics = payload.safeParse({ colour: 'red', weight: 3 }).error?.issues ?? []
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys', keys: ['colour', 'weight'] }),
    )
  })

  it('names every field that is missing, not the first alone', () => {
    const missing = payload.safeParse({}).error?.issues.map(({ path }) => path[0]) ?? []
    if (!(payload instanceof z.ZodObject)) throw new TypeError(`${type} has no fields`)
    const wanted = Object.entries(payload.shape)
      .filter(([, field]) => !field.safeParse(undefined).success)
      .map(([name]) => name)
    expect(missing).toEqual(wanted)
  })
})
