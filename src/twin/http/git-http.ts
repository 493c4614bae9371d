/**
 * Clone and fetch over HTTP, by the `git http-backend` that comes with git. Pushing is refused: refs move through the
 * acts only, so that the rest of GitHub hears of it.
 */
import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { World } from '../world.ts'

const PATH = /^\/([^/]+\/[^/]+?)\.git\/(info\/refs|git-upload-pack|HEAD|objects\/.+)$/

/** True when it was a request of git's and is being answered. */
export function answerGit(world: World, url: URL, request: IncomingMessage, response: ServerResponse): boolean {
  const [, name = '', rest = ''] = PATH.exec(url.pathname) ?? []
  const repo = world.find(name)
  if (rest === '') return false
  if (!repo || url.searchParams.get('service') === 'git-receive-pack') {
    response.writeHead(repo ? 403 : 404).end()
    return true
  }
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: repo.git.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${rest}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  })
  request.pipe(backend.stdin)
  backend.stdin.on('error', () => {})
  relay(backend.stdout, response)
  backend.on('error', () => response.destroy())
  return true
}

/** Turns the CGI answer (headers, an empty line, the body) into an HTTP one. */
function relay(from: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0)
  let begun = false
  from.on('data', (chunk: Buffer) => {
    if (begun) {
      response.write(chunk)
      return
    }
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    begun = true
    const headers = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/: (.*)/s))
    const status = headers.find(([name]) => name === 'Status')?.[1]
    response.statusCode = Number(status?.slice(0, 3) ?? 200)
    for (const [name, value] of headers) if (name && value && name !== 'Status') response.setHeader(name, value)
    response.write(head.subarray(end + 4))
  })
  from.on('end', () => response.end())
}
