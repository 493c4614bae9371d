/**
 * Routes of the App itself: who it is, where it is installed, its tokens, and what became of its webhooks.
 */
import type { Delivery } from '../http/deliveries.ts'
import { type Call, created, isRecord, ok, type Route } from '../http/route.ts'
import { appPayload, installationPayload, iso, type Json } from '../payloads/actors.ts'
import { fullRepositoryPayload } from '../payloads/repository.ts'
import { notFound, Problem } from '../problem.ts'
import type { Installation, Level, Repo, Rights } from '../state.ts'

export const appRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/app',
    needs: 'app',
    answer: ({ world }) => ok({ ...appPayload(world, world.app), installations_count: world.installations.length }),
  },
  {
    method: 'GET',
    template: '/app/installations',
    needs: 'app',
    answer: (call) => call.page(call.world.installations, (each) => installationPayload(call.world, each)),
  },
  {
    method: 'GET',
    template: '/app/installations/{installation_id}',
    needs: 'app',
    answer: (call) => ok(installationPayload(call.world, installationOf(call))),
  },
  { method: 'POST', template: '/app/installations/{installation_id}/access_tokens', needs: 'app', answer: giveToken },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/installation',
    needs: 'app',
    answer: (call) => {
      const installation = call.world.find(`${call.param('owner')}/${call.param('repo')}`)?.installation
      if (!installation) throw notFound()
      return ok(installationPayload(call.world, installation))
    },
  },
  {
    method: 'GET',
    template: '/app/hook/deliveries',
    needs: 'app',
    answer: listDeliveries,
  },
  {
    method: 'GET',
    template: '/app/hook/deliveries/{delivery_id}',
    needs: 'app',
    answer: (call) => ok(wholeDelivery(call, deliveryOf(call))),
  },
  {
    method: 'POST',
    template: '/app/hook/deliveries/{delivery_id}/attempts',
    needs: 'app',
    answer: (call) => {
      call.halls.outbox.redeliver(deliveryOf(call).id)
      return { status: 202, body: {} }
    },
  },
  {
    method: 'GET',
    template: '/installation/repositories',
    needs: 'token',
    answer: (call) => {
      const own = [...(call.token.repositories ?? call.token.installation.repositories)]
      const show = (repo: Repo) => fullRepositoryPayload(call.world, repo)
      return call.page(own, show, (repositories) => ({
        total_count: own.length,
        repository_selection: 'selected',
        repositories,
      }))
    },
  },
]

function giveToken(call: Call) {
  const installation = installationOf(call)
  if (installation.suspended) throw new Problem(403, 'This installation has been suspended')
  const asked = call.record('permissions')
  const rights = asked ? narrowed(installation.rights, asked) : installation.rights
  const repositories = askedRepositories(call, installation)
  const token = call.halls.door.giveToken(installation, rights, repositories)
  return created({
    token: token.value,
    expires_at: iso(token.expiresAt),
    permissions: { ...rights },
    repository_selection: 'selected',
    ...(repositories ? { repositories: [...repositories].map((repo) => fullRepositoryPayload(call.world, repo)) } : {}),
  })
}

function narrowed(rights: Rights, asked: Readonly<Record<string, unknown>>): Rights {
  const chosen: Record<string, Level> = {}
  for (const [name, level] of Object.entries(asked)) {
    const have = rights[name]
    if (!have || (level === 'write' && have === 'read'))
      throw new Problem(422, 'The permissions requested are not granted to this installation.')
    chosen[name] = level === 'write' ? 'write' : 'read'
  }
  return chosen
}

function askedRepositories(call: Call, installation: Installation): ReadonlySet<Repo> | undefined {
  const ids = call.raw('repository_ids')
  const names = call.texts('repositories')
  if (ids === undefined && names === undefined) return undefined
  const wanted = [...installation.repositories].filter(
    (repo) => (Array.isArray(ids) && ids.includes(repo.id)) || names?.includes(repo.name),
  )
  const count = (Array.isArray(ids) ? ids.length : 0) + (names?.length ?? 0)
  if (wanted.length < count)
    throw new Problem(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  return new Set(wanted)
}

function installationOf(call: Call): Installation {
  const found = call.world.installations.find((each) => each.id === call.number('installation_id'))
  if (!found) throw notFound()
  return found
}

function listDeliveries(call: Call) {
  const { query } = call
  const all = call.halls.outbox.list().filter((each) => query.get('redelivery') !== 'true' || each.redelivery)
  const status = query.get('status')
  const chosen = all.filter((each) => status === null || (status === 'success') === each.statusCode < 400)
  const size = Math.min(100, Number(query.get('per_page') ?? 30))
  const cursor = query.get('cursor')
  const from = cursor === null ? 0 : chosen.findIndex((each) => String(each.id) === cursor.replace(/^v1_/, ''))
  const page = chosen.slice(Math.max(0, from), Math.max(0, from) + size)
  const next = chosen[Math.max(0, from) + size]
  const link = next && `<${call.world.url}/app/hook/deliveries?per_page=${size}&cursor=v1_${next.id}>; rel="next"`
  return { status: 200, body: page.map(shortDelivery), ...(link ? { headers: { link } } : {}) }
}

function deliveryOf(call: Call): Delivery {
  const found = call.halls.outbox.list().find((each) => each.id === call.number('delivery_id'))
  if (!found) throw notFound()
  return found
}

function shortDelivery(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  }
}

function wholeDelivery(call: Call, delivery: Delivery): Json {
  const payload: unknown = JSON.parse(delivery.body)
  return {
    ...shortDelivery(delivery),
    url: call.halls.outbox.target ?? '',
    request: {
      headers: call.halls.outbox.headersOf(delivery),
      payload: isRecord(payload) ? payload : null,
    },
    response: { headers: {}, payload: null },
  }
}
