/**
 * All REST routes of the twin, found by method and path. What is not here is a 501 and a violation.
 */
import { matcher } from '../contract/path-templates.ts'
import { ok, type Route } from '../http/route.ts'
import { appRoutes } from './app.ts'
import { checkRoutes } from './checks.ts'
import { commitRoutes } from './commits.ts'
import { gitDataRoutes } from './git-data.ts'
import { issueRoutes } from './issues.ts'
import { pullRoutes } from './pulls.ts'
import { repositoryRoutes } from './repository.ts'

/** Answered by the server itself, which keeps the counts. */
const rateLimit: Route = { method: 'GET', template: '/rate_limit', needs: 'token', answer: () => ok({}) }

const routes = new Map(
  [
    rateLimit,
    ...appRoutes,
    ...repositoryRoutes,
    ...gitDataRoutes,
    ...commitRoutes,
    ...pullRoutes,
    ...checkRoutes,
    ...issueRoutes,
  ].map((route) => [`${route.method} ${route.template}`, route]),
)

const match = matcher([...routes.keys()])

export interface Found {
  readonly operation: string
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The route of a request, or undefined when the twin has none. */
export function findRoute(method: string, path: string): Found | undefined {
  const found = match(method, path)
  const route = found && routes.get(found.operation)
  return route && { operation: found.operation, route, params: found.parameters }
}
