/** Our own check run, as the port is given it and answers it. It knows neither what is said there nor when. */
export interface CheckRunContent {
  readonly name: string
  readonly sha: string
  /** Names the thing, so that two writers find each other's. */
  readonly external_id: string
  readonly status: 'in_progress' | 'completed'
  readonly conclusion: 'success' | 'neutral' | 'failure' | 'action_required' | 'cancelled' | null
  readonly title: string
  readonly summary: string
  readonly actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[]
  readonly details_url: string | null
}

/** A check run by both of its names: REST knows it by the one, GraphQL by the other. */
export interface CheckRunIds {
  readonly id: number
  readonly node: string
}

export interface CheckRunEdit {
  readonly node: string
  readonly content: CheckRunContent
}
