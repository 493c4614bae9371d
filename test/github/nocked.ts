/**
 * The adapter against answers that a test writes down: for what a healthy GitHub does not say. Nothing leaves the machine.
 */
import { generateKeyPairSync } from 'node:crypto'
import nock from 'nock'
import { createGitHub, type GitHubOptions } from '../../src/github/octokit.ts'
import type { GitHub, RepositoryPort } from '../../src/github/port.ts'

export const API = 'https://api.github.com'
export const REPO = '/repos/acme/widgets'
export const INSTALLATION = 7
export const NOW = Date.parse('2026-01-02T03:04:05Z')
export const sha = (digit: string): string => digit.repeat(40)

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export const testKey: string = privateKey

export function openGitHub(over: Partial<GitHubOptions> = {}): { github: GitHub; port: RepositoryPort } {
  const github = createGitHub({ appId: 1, privateKey, now: () => NOW, pace: { contentMs: 0, writeMs: 0 }, ...over })
  return { github, port: github.repository('acme/widgets', INSTALLATION) }
}

/** GitHub, that gives out tokens and knows the App. */
export function listen(): nock.Scope {
  const scope = nock(API)
  scope
    .post(`/app/installations/${INSTALLATION}/access_tokens`)
    .optionally()
    .reply(201, { token: 'ghs_one', expires_at: '2026-01-02T04:04:05Z', permissions: {} })
  scope.get('/app').optionally().reply(200, { id: 1, slug: 'mainkeeper' })
  return scope
}

/** Without network before, and with nothing left over after, each test. */
export function silence(): void {
  nock.disableNetConnect()
}

export function loosen(): void {
  nock.cleanAll()
  nock.enableNetConnect()
}
