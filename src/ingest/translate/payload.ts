/**
 * The pieces that many payloads share, as schemas of the few fields that are read. GitHub adds fields at will: whatever
 * is not named here is dropped unseen.
 */
import { z } from 'zod'
import { type login, repositoryName, sha, timestamp } from '../../core/ids.ts'

export const user = z.object({ login: z.string().min(1).max(100), type: z.string().optional() })
export type User = z.output<typeof user>

export const repository = z.object({
  id: z.int().positive().optional(),
  full_name: repositoryName,
  default_branch: z.string().min(1).optional(),
  private: z.boolean().optional(),
})

export const label = z.object({ name: z.string() })

/** An instant as GitHub wrote it. */
export const at = timestamp

/** One side of a pull request. `repo` is null when the fork was deleted. */
export const side = z.object({ ref: z.string().min(1), sha, repo: z.object({ full_name: repositoryName }).nullish() })

/** GitHub's stand-in for an account that was deleted. */
export const GHOST: z.infer<typeof login> = 'ghost'

export const loginOf = (who: User | null | undefined): string => who?.login ?? GHOST

export const isBot = (who: User | null | undefined): boolean =>
  who?.type === 'Bot' || (who?.login.endsWith('[bot]') ?? false)

/** Label names in one order, so that two looks at the same labels are equal. */
export const sorted = (labels: readonly { readonly name: string }[]): string[] => labels.map(({ name }) => name).sort()
