/**
 * The port over HTTP against a local GitHub with real git: that the two sides mean the same. What a healthy GitHub does
 * not answer is in the tests beside this folder.
 */
import type { NewEvent } from '../../../src/core/events.ts'
import { createGitHub } from '../../../src/github/octokit.ts'
import type { Answer, GitHub, RepositoryPort } from '../../../src/github/port.ts'
import { VirtualClock } from '../../../src/twin/clock.ts'
import { loadContract } from '../../../src/twin/contract/contract.ts'
import { startTwin, type Twin } from '../../../src/twin/twin.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'

export interface TwinPort {
  readonly clock: VirtualClock
  readonly twin: Twin
  readonly repo: TwinRepository
  readonly github: GitHub
  readonly port: RepositoryPort
  readonly installation: number
  /** Another App process, that holds no token yet. */
  readonly connect: (baseUrl?: string) => GitHub
  readonly tipOf: (branch: string) => Promise<string>
  /** Alice's pull request of a branch with these files changed. */
  readonly propose: (
    branch: string,
    files: Record<string, string | null>,
    body?: string,
  ) => Promise<{ readonly pull: number; readonly head: string }>
  /** Ends it; fails where either side broke GitHub's contract. */
  readonly close: () => Promise<void>
}

/** A repository `acme/widgets` that Alice may write to and Bob maintains, and the port to it. */
export async function openTwinPort(files: Record<string, string>): Promise<TwinPort> {
  const clock = new VirtualClock()
  const twin = await startTwin({ clock, contract: await loadContract() })
  const repo = await twin.repository('acme/widgets', { files })
  repo.collaborator('alice', 'write')
  repo.collaborator('bob', 'maintain')
  const { id, privateKey } = twin.app
  const connect = (baseUrl = twin.url): GitHub =>
    createGitHub({ appId: id, privateKey, baseUrl, now: () => clock.now(), pace: { contentMs: 0, writeMs: 0 } })
  const github = connect()
  const installation = value(await github.listRepositories())[0]?.installation ?? 0
  value(await github.identity())
  return {
    clock,
    twin,
    repo,
    github,
    port: github.repository('acme/widgets', installation),
    installation,
    connect,
    tipOf: async (branch) => (await repo.ref(`refs/heads/${branch}`)) ?? '',
    propose: async (branch, changed, body = '') => {
      const alice = repo.as('alice')
      const head = await alice.commit(branch, changed)
      return { pull: await alice.openPull({ head: branch, title: `Change ${branch}`, body }), head }
    },
    close: async () => {
      await twin.stop()
      if (twin.violations.length > 0) throw new Error(twin.violations.join('\n'))
    },
  }
}

export function value<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.failure}: ${answer.message}`)
  return answer.value
}

/** The payloads of the facts of one type. */
export const of = (facts: readonly NewEvent[], type: NewEvent['type']): readonly unknown[] =>
  facts.filter((fact) => fact.type === type).map((fact) => fact.payload)
