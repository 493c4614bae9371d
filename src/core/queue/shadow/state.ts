/** What a lane keeps while it judges without landing. Types alone; `shadow.ts` folds it. */

export interface Shadow {
  readonly since: string
  /** Log position at which it began. */
  readonly position: number
  readonly accepted: { readonly by: string; readonly at: string } | null
  /** The last verdict on each pull request, `reasons` being what it would have waited for. */
  readonly judged: Readonly<
    Record<string, { readonly sha: string; readonly verdict: 'land' | 'wait'; readonly reasons: readonly string[] }>
  >
}
