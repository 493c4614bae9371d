/**
 * `mainkeeper start`: one running Mainkeeper on the real GitHub, from the environment to the last released lease. It knows how
 * a process begins and ends, and nothing of what happens in between.
 */
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { createGitHub } from '../github/octokit.ts'
import type { GitHub } from '../github/port.ts'
import { type Mainkeeper, startMainkeeper } from '../mainkeeper.ts'
import { openStore, type Store } from '../store/store.ts'
import { answererOn, refusalOf } from './answer.ts'
import { EXIT, type ExitCode, Refusal } from './exit-codes.ts'
import { type Settings, type Storage, shapeOf } from './process/environment.ts'
import { openLog, type Scrub, scrubbing } from './process/process-log.ts'
import { passwordsIn } from './process/secrets.ts'
import { systemClock } from './process/system-clock.ts'
import { serveSocket } from './socket.ts'

type Identity = { readonly id: number; readonly slug: string }

/** How often GitHub is asked who we are while it does not answer, in milliseconds. */
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 60_000

/** Runs until `stop` is aborted, then finishes the steps under way; throws a `Refusal` when it can't begin. */
export async function start(settings: Settings, stop: AbortSignal): Promise<ExitCode> {
  const log = openLog(settings.logLevel, scrubberOf(settings))
  const { storage } = settings
  const store = await openStore(storage).catch((error: unknown) => {
    throw refusalOf(error, storage)
  })
  try {
    const socket = await serveVerbs(storage, store, log)
    try {
      await run(settings, store, log, stop)
    } finally {
      await socket?.close()
    }
  } finally {
    await store.close()
  }
  log.info('stopped')
  return EXIT.ok
}

/** Blanks this process's own secrets wherever they stand. */
export function scrubberOf({ app, storage }: Pick<Settings, 'app' | 'storage'>): Scrub {
  return scrubbing([
    app.webhookSecret,
    app.privateKey,
    ...app.privateKey.split('\n').filter((line) => line.length > 20),
    ...(('url' in storage ? passwordsIn(storage.url) : null) ?? []),
  ])
}

async function serveVerbs(storage: Storage, store: Store, log: Logger) {
  if ('url' in storage) return null
  const failed = (error: unknown) => log.error({ err: error }, 'a question of the command line could not be answered')
  const socket = await serveSocket(storage.folder, answererOn(store, true), failed)
  if (!socket)
    log.warn(
      { folder: storage.folder },
      'the path of the folder is too long for a socket: the command line can not ask this process',
    )
  return socket
}

async function run(settings: Settings, store: Store, log: Logger, stop: AbortSignal): Promise<void> {
  const github = createGitHub({
    appId: settings.app.id,
    privateKey: settings.app.privateKey,
    now: () => systemClock.now(),
    log: { debug: (message) => log.debug(message), warn: (message) => log.warn(message) },
    limits: store.limits,
    ...(settings.baseUrl === null ? {} : { baseUrl: settings.baseUrl }),
  })
  const identity = await learnIdentity(github, settings, log, stop)
  if (!identity) return
  const mainkeeper = await begin(settings, store, github, identity, log)
  log.info({ app: identity.slug, url: mainkeeper.url }, 'started')
  await aborted(stop)
  log.info('stopping: the steps under way are finished, the leases released')
  await mainkeeper.stop()
}

/** Asks GitHub who we are until it answers; null when it is told to stop before. */
async function learnIdentity(
  github: GitHub,
  { app, baseUrl }: Settings,
  log: Logger,
  stop: AbortSignal,
): Promise<Identity | null> {
  const stopped = aborted(stop).then(() => null)
  for (let pause = FIRST_PAUSE; !stop.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const answer = await Promise.race([github.identity(), stopped])
    if (answer === null) return null
    if (answer.ok) return answer.value
    if (answer.failure === 'forbidden' || answer.failure === 'gone' || answer.failure === 'refused')
      throw new Refusal(
        EXIT.usage,
        [
          `GitHub at ${baseUrl ?? 'api.github.com'} does not know this App: ${answer.message}`,
          `APP_ID (${shapeOf(String(app.id))}) and PRIVATE_KEY have to belong to one App there; is GITHUB_BASE_URL or GHE_HOST the one you mean?`,
          'page: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps',
        ].join('\n'),
      )
    log.warn(
      { failure: answer.failure, reason: answer.message, retryIn: pause },
      'GitHub can not be reached; trying again',
    )
    await systemClock.sleep(pause, stop)
  }
  return null
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function begin(
  settings: Settings,
  store: Store,
  github: GitHub,
  identity: Identity,
  log: Logger,
): Promise<Mainkeeper> {
  const { privateKey, webhookSecret } = settings.app
  const { host, port } = settings.listen
  try {
    return await startMainkeeper({
      store,
      github,
      app: { ...identity, privateKey, webhookSecret },
      clock: systemClock,
      log,
      owner: `${hostname()}:${process.pid}`,
      listen: settings.listen,
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new Refusal(
        EXIT.usage,
        `${host}:${port} can not be listened on (${code}): set HOST and PORT to an address that is free`,
      )
    throw error
  }
}
