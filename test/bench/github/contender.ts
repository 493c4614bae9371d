/** Somebody who lands approved pull requests on the stage. */
import type { Stage } from './stage.ts'

export interface Contender {
  readonly name: string
  /** The repository's configuration file: none of it means anything to anybody but Mainkeeper. */
  readonly config: string
  /** Comes before the pull requests do. */
  readonly open: (stage: Stage) => Promise<AtWork>
}

export interface AtWork {
  /** Told once that all of these were approved. */
  readonly approved: (pulls: readonly number[]) => void
  /** Refs whose pushes are builds. */
  readonly builds: (ref: string) => boolean
  /** Milliseconds that writes had to wait for no other reason than pace; null for who is played without one. */
  readonly paced: () => number | null
  readonly stop: () => Promise<void>
}
