/**
 * What a person in front of the terminal sees while the demo runs: who did what, at which second. People's acts are told
 * by the story when GitHub has taken them; all else is read off the local GitHub as it appears there.
 */
import { short } from '../../core/ids.ts'
import { line } from '../../core/render/escape.ts'
import type { CiHandle } from '../../twin/ci/ci.ts'
import type { TwinRepository } from '../../twin/twin-repository.ts'
import { shownOn } from './witness.ts'

export type Tell = (who: string, what: string) => void
export const BOT = 'Mainkeeper'
const CI = 'CI'

/** Writes one line for each thing told, with the seconds since the first. */
export function teller(write: (text: string) => void, now: () => number): Tell {
  const start = now()
  return (who, what) =>
    write(`${((now() - start) / 1000).toFixed(1).padStart(5)}s  ${who.padEnd(10)}  ${line(what, 160)}\n`)
}

export interface Watch {
  /** Tells what is new since it last looked. */
  look(): void
}

/** Watches the App and CI by what GitHub shows of them. */
export function watch(repo: TwinRepository, ci: CiHandle, bot: string, tell: Tell): Watch {
  const news = changes(tell)
  repo.onPush(({ ref, after, by }) => {
    if (ref === 'refs/heads/main') tell(by === 'app' ? BOT : by, `moves main to ${short(after)}`)
  })
  return {
    look() {
      for (const { sha, ref, attempt, conclusion } of ci.runs()) {
        if (conclusion === undefined || !ref.startsWith('refs/heads/mainkeeper/')) continue
        news(`ci ${sha} ${attempt}`, conclusion, CI, `tests ${short(sha)}: ${conclusion}`)
      }
      for (const { number, head, merged } of repo.pulls()) {
        const title = shownOn(repo, head.sha)?.title
        if (title && worthTelling(title)) news(`check ${number}`, title, BOT, `on #${number}: ${title}`)
        if (merged) news(`merged ${number}`, 'merged', 'GitHub', `shows #${number} as merged`)
      }
      for (const { number, title, state, author } of repo.issues()) {
        if (author !== bot) continue
        news(`issue ${number}`, state, BOT, `${state === 'open' ? 'opens' : 'closes'} issue #${number}: ${title}`)
      }
    },
  }
}

/** A place in the queue changes with every landing, and a look at GitHub is over at once. */
const worthTelling = (title: string): boolean => !/^(Queued|Looking|Ready|Waiting|Testing|Landing)/.test(title)

function changes(tell: Tell): (subject: string, state: string, who: string, what: string) => void {
  const told = new Map<string, string>()
  return (subject, state, who, what) => {
    if (told.get(subject) === state) return
    told.set(subject, state)
    tell(who, what)
  }
}
