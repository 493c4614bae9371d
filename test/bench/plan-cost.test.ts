/** A small part of the bench, so that a change to the plan that costs builds, or breaks the bench itself, is seen at once. */
import { expect, test } from 'vitest'
import { FIXED, LOGNORMAL, run } from './draw.ts'
import { entropy } from './measure.ts'
import { learning, nested } from './policies/nested.ts'
import { oneBuildEach } from './policies/oracles.ts'
import { prefixWindow } from './policies/prefix-window.ts'
import { bisection, serial } from './policies/splitting.ts'

const BOUND = entropy(0.05) / 0.95

test('CI builds per merged pull request stay near the entropy bound, with p given and with p learned', () => {
  const cost = (make: Parameters<typeof run>[1]) => {
    const { builds, landed, innocent } = run({ count: 2000, bad: 0.05, slots: 1, duration: FIXED }, make, 1)
    return { times: builds / landed / BOUND, innocent }
  }
  const given = cost(nested('given'))
  const learned = cost(learning('learning'))
  expect(given.times).toBeLessThan(1.04)
  expect(learned.times).toBeLessThan(1.12)
  expect([given.innocent, learned.innocent]).toEqual([0, 0])
  expect(cost(bisection(8)).times).toBeGreaterThan(1.3)
  expect(cost(serial).times).toBeGreaterThan(3)
})

test('with flakes hardly anybody innocent is rejected', () => {
  const { rejected, innocent } = run(
    { count: 2000, bad: 0.05, flake: 0.05, slots: 1, duration: FIXED },
    learning('l'),
    1,
  )
  expect(rejected).toBeGreaterThanOrEqual(100)
  expect(innocent).toBeLessThanOrEqual(4)
})

test('sixteen slots drain at the capacity of an ordered lane', () => {
  const make = nested('drain', { speculation: 0 })
  const { landed, ended } = run({ count: 500, bad: 0.1, slots: 16, duration: FIXED }, make, 1)
  expect(landed / ended).toBeGreaterThan((0.9 * Math.log2(17) * 0.9) / entropy(0.1))
})

test('arrivals wait no longer than with a window of twenty, and cost fewer builds', () => {
  const drawn = { count: 600, bad: 0.05, slots: Number.POSITIVE_INFINITY, duration: LOGNORMAL, rate: 3 }
  const told = [nested('own'), prefixWindow(20), oneBuildEach].map((make) => {
    const { waits, builds } = run(drawn, make, 1)
    const landed = [...waits].filter((wait) => !Number.isNaN(wait))
    return { wait: landed.reduce((sum, wait) => sum + wait, 0) / landed.length, builds }
  })
  const [own, window, oracle] = told
  expect(own?.wait).toBeLessThan(window?.wait ?? 0)
  expect(own?.builds).toBeLessThan(window?.builds ?? 0)
  expect(oracle?.builds).toBe(570)
})
