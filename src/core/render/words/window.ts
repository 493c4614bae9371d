/** What is said of a lane between two merge windows. It computes no window. */
import type { Closed } from '../../queue/hold/windows.ts'

/** `no merge window is open; the next opens on Mon 30 Mar 2026 at 08:00 (Europe/Berlin)`. */
export function windowClosed({ until, zone }: Pick<Closed, 'until' | 'zone'>): string {
  if (until === null) return 'no merge window is open, and none opens again'
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }).format(until).replaceAll(',', '')
  const day = part({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const time = part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return `no merge window is open; the next opens on ${day} at ${time} (${zone})`
}
