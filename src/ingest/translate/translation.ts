/**
 * What a translator is: a pure function from one webhook payload to canonical facts, by repository. A payload that lacks
 * what is needed gives diagnostics, never a throw. Nothing here knows of HTTP, Probot or the log.
 */
import type { z } from 'zod'
import type { NewEvent } from '../../core/events.ts'

export interface TranslationContext {
  /** `X-GitHub-Delivery`. */
  readonly delivery: string
  /** ISO instant of receipt: for the few webhooks in which GitHub gives no time of its own. */
  readonly receivedAt: string
  /** The targets that have a lane in the payload's repository. */
  readonly lanes: readonly string[]
  /** The repositories known of the payload's installation: for webhooks that concern them all and name none. */
  readonly repositories: readonly string[]
  readonly app: AppIdentity
}

export interface AppIdentity {
  readonly id: number
  readonly slug: string
}

/** Facts about one repository, in the order in which they are to be appended. */
export interface Facts {
  readonly repository: string
  readonly events: readonly NewEvent[]
}

export type Translation =
  | { readonly ok: true; readonly facts: readonly Facts[] }
  | { readonly ok: false; readonly diagnostics: readonly string[] }

export type Translator = (payload: unknown, context: TranslationContext) => Translation

/** Makes a translator of a schema of the fields that are needed and a function that is given nothing else. */
export function translator<S extends z.ZodType>(
  schema: S,
  translate: (payload: z.output<S>, context: TranslationContext) => readonly Facts[],
): Translator {
  return (payload, context) => {
    const parsed = schema.safeParse(payload)
    if (!parsed.success) return { ok: false, diagnostics: parsed.error.issues.map(diagnostic) }
    return { ok: true, facts: translate(parsed.data, context).filter(({ events }) => events.length > 0) }
  }
}

const diagnostic = (issue: z.core.$ZodIssue): string =>
  `${issue.path.length > 0 ? issue.path.join('.') : 'payload'}: ${issue.message}`

/** The login under which the App itself acts. */
export const botOf = (app: AppIdentity): string => `${app.slug}[bot]`

export const sourceOf = (context: TranslationContext): string => `delivery:${context.delivery}`
