/** The way of one process to PostgreSQL, which can be cut and mended. What passes is not looked at. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  /** The database's address by this way. */
  readonly url: string
  /** Breaks every connection; new ones are refused from now on. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function openRelay(database: string): Promise<Relay> {
  const to = new URL(database)
  const sockets = new Set<Socket>()
  let open = true
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
  }
  const server = createServer((near) => {
    if (!open) {
      near.resetAndDestroy()
      return
    }
    const far = connect(Number(to.port || 5432), to.hostname)
    keep(near, far)
    keep(far, near)
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(database)
  url.port = String((server.address() as AddressInfo).port)
  url.hostname = '127.0.0.1'
  const cut = (): void => {
    open = false
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    url: url.href,
    cut,
    mend: () => {
      open = true
    },
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
