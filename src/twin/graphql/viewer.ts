/**
 * Whoever asks by GraphQL: what they may see, and what they may ask for. It knows no type's fields.
 */

import type { Token } from '../auth.ts'
import type { FaultPlan } from '../http/fault-plan.ts'
import { maySee } from '../http/route.ts'
import { Problem } from '../problem.ts'
import type { Act, Level, Repo } from '../state.ts'
import type { World } from '../world.ts'

export class Viewer {
  readonly world: World
  readonly token: Token
  readonly act: Act
  readonly #faults: FaultPlan

  constructor(world: World, token: Token, faults: FaultPlan) {
    this.world = world
    this.token = token
    this.act = world.act(world.bot)
    this.#faults = faults
  }

  /** FORBIDDEN where the token lacks a right. */
  need(right: string, level: Level): void {
    const have = this.token.rights[right]
    if (have === undefined || (level === 'write' && have !== 'write'))
      throw new Problem(200, 'Resource not accessible by integration', { graphqlType: 'FORBIDDEN' })
  }

  sees(repo: Repo): boolean {
    return maySee(this.token, repo)
  }

  owns(repo: Repo): boolean {
    return (this.token.repositories ?? this.token.installation.repositories).has(repo)
  }

  /** A ref as it is read: while reads are stale, as it was some seconds ago. */
  ref(repo: Repo, ref: string): string | undefined {
    const stale = this.#faults.staleSeconds
    return repo.git.ref(ref, stale > 0 ? this.world.now() - stale * 1000 : undefined)
  }
}
