/** When a process was started, so that a process id that was given out again is not taken for its predecessor. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Words that are the same for one process for as long as it lives, and differ from every other's; empty when there is none. */
export async function processStart(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat !== null) {
    // The command's name is in brackets and may hold blanks; the start is the 22nd field, 20th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    // A dead process that nobody waited for is dead.
    return fields[0] === 'Z' ? '' : `tick ${fields[19]} of boot ${boot.slice(0, 8)}`
  }
  if (process.platform === 'linux') return ''
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.trim()
}
