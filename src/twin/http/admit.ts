/** Who may call a route of the local GitHub, by the rights of the token. What a route does is not known here. */
import type { Caller } from '../auth.ts'
import { Problem } from '../problem.ts'
import type { Call, Route } from './route.ts'

/** Throws where the caller may not ask: 401 or 403 by kind, 404 for what it may not see, 403 for a missing right. */
export function admit(route: Route, call: Call, caller: Caller): void {
  if (route.needs === 'app') {
    if (caller.kind !== 'app') throw new Problem(401, 'A JSON web token could not be decoded')
    return
  }
  if (caller.kind === 'app') throw new Problem(403, 'Resource not accessible by integration')
  if (route.needs === 'token') return
  const { token } = caller
  const { repo } = call
  const isOwn = (token.repositories ?? token.installation.repositories).has(repo)
  const may = route.needs.some(([right, level]) => {
    const have = token.rights[right] ?? (right === 'metadata' ? 'read' : undefined)
    return level === 'write' ? have === 'write' && isOwn : have !== undefined
  })
  if (!may) throw new Problem(403, 'Resource not accessible by integration')
}
