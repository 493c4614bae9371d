/** What verbs that are registered on the command line share: how they ask, and how a lane is named. It knows no verb. */
import type { Command } from 'commander'
import { EXIT, Refusal } from './exit-codes.ts'

export type Ask = (verb: string, question: object, json: boolean | undefined, command: Command) => Promise<void>

export interface Json {
  readonly json?: boolean
}

export function laneIn(lane: string): { readonly repository: string; readonly target: string | undefined } {
  const [, repository, target] = /^([^\s/:]+\/[^\s/:]+)(?::(\S+))?$/.exec(lane) ?? []
  if (repository === undefined)
    throw new Refusal(EXIT.usage, `“${lane}” names no lane; write owner/repo or owner/repo:target`)
  return { repository, target }
}
