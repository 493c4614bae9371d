/** What is said of rights over one pull request: given, taken back, or not there. It calls nobody by an @. */
import { code } from './escape.ts'

export const delegated = (to: string, pull: number): string =>
  `${code(to)} may now declare, cancel, prioritise, resume, retry and try #${pull}, and nothing else by that.`

export const undelegated = (from: readonly string[], pull: number): string =>
  `${from.map((one) => code(one)).join(', ')}: the right over #${pull} is taken back.`

export const unknownUser = (login: string): string => `${code(login)} is nobody who can see this repository.`

export const notDelegated = (pull: number, login: string | undefined): string =>
  login === undefined
    ? `Nobody was given the right over #${pull}.`
    : `${code(login)} was not given the right over #${pull}.`
