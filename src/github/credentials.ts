/**
 * Proof of who we are: installation tokens, one per installation, kept until shortly before they end. The App's own JWT,
 * and a machine clock that differs from GitHub's, are left to @octokit/auth-app. It refuses to know what a token is for.
 */
import type { Octokit } from '@octokit/rest'
import { failed, ok } from './answer.ts'
import { toFailure } from './failure.ts'
import type { Answer } from './port.ts'

export interface Credentials {
  /** A token that is good for some minutes more. `refused`: one that GitHub did not take, never to be given again. */
  token(installation: number, refused?: string): Promise<Answer<string>>
}

const SPARE = 5 * 60_000
const TIMEOUT = 20_000

interface Held {
  readonly token: string
  readonly until: number
}

/** `app` signs with the App's JWT. A token that could not be had is never `unclear`: nothing else was sent. */
export function createCredentials(app: Octokit, now: () => number): Credentials {
  const held = new Map<number, Held>()
  const asked = new Map<number, Promise<Answer<string>>>()

  const ask = async (installation: number): Promise<Answer<string>> => {
    try {
      const { data } = await app.rest.apps.createInstallationAccessToken({
        installation_id: installation,
        request: { signal: AbortSignal.timeout(TIMEOUT) },
      })
      held.set(installation, { token: data.token, until: Date.parse(data.expires_at) - SPARE })
      return ok(data.token)
    } catch (error) {
      return failed(toFailure(error, 'read', now()))
    } finally {
      asked.delete(installation)
    }
  }

  return {
    token: async (installation, refused) => {
      const known = held.get(installation)
      if (known && known.token !== refused && known.until > now()) return ok(known.token)
      const running = asked.get(installation) ?? ask(installation)
      asked.set(installation, running)
      return running
    },
  }
}
