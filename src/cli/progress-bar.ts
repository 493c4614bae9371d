/** How far long work has come, on standard error: one line that is written over in a terminal, a line now and then elsewhere. */
import { line } from '../core/render/escape.ts'

export interface ProgressBar {
  show(what: string, done: number, all: number): void
  /** Takes the line away, so that what follows begins on one of its own. */
  end(): void
}

const WIDTH = 30
/** In a terminal it is drawn so often that an eye takes it for moving. */
const EVERY_MS = 100
/** Elsewhere, so many lines for the whole of one work. */
const LINES = 10

export function progressBar(write: (text: string) => void, terminal: boolean, now: () => number): ProgressBar {
  let drawn = Number.NEGATIVE_INFINITY
  let told = ''
  return {
    show(what, done, all) {
      const part = all === 0 ? 1 : done / all
      if (!terminal) {
        const step = `${what} ${Math.floor(part * LINES)}`
        if (step !== told) write(`${line(what)}: ${done} of ${all}\n`)
        told = step
      } else if (done === all || now() - drawn >= EVERY_MS) {
        drawn = now()
        const bar = '█'.repeat(Math.floor(part * WIDTH)).padEnd(WIDTH, '░')
        write(`\r\u001b[K${line(what, 40)}  ${bar}  ${done} of ${all}`)
      }
    },
    end() {
      if (terminal && drawn > Number.NEGATIVE_INFINITY) write('\r\u001b[K')
    },
  }
}
