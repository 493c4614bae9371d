/** One process: its arguments and environment in, its signals obeyed, its exit code out. It knows no verb. */
import { text } from 'node:stream/consumers'
import { EXIT } from '../exit-codes.ts'
import { runCommandLine } from '../program.ts'
import { loadVariables } from './environment.ts'
import { scrubbing } from './process-log.ts'
import { secretsIn } from './secrets.ts'

/** Runs a command line to its end and exits. A first SIGTERM or SIGINT asks for the end, a second one forces it. */
export async function runProcess(given: readonly string[]): Promise<never> {
  const variables = loadVariables()
  const stop = new AbortController()
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.differs)
    stop.abort()
  }
  // Node's own report of an error that nobody caught would show it with whatever it holds.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${scrubbing(secretsIn(variables, given))(error.stack ?? error.message)}\n`)
    process.exit(EXIT.unexpected)
  })
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // Whoever read our output has had enough: `mainkeeper log | head`.
  process.stdout.on('error', () => process.exit(EXIT.ok))
  const code = await runCommandLine(given, {
    variables,
    out: (words) => void process.stdout.write(words),
    err: (words) => void process.stderr.write(words),
    terminal: process.stderr.isTTY,
    input: () => text(process.stdin),
    stop: stop.signal,
  })
  // What is still on its way to a pipe has to arrive.
  await new Promise((resolve) => process.stdout.write('', resolve))
  return process.exit(code)
}
