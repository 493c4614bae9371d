/** What is said of whoever may pass a hold. It knows neither who held the branch nor why. */
import type { Hold } from '../../readiness/explanation.ts'

/** Behind the words of a hold; empty where nobody may pass. */
export function exceptions({ allow }: Pick<Hold, 'allow'>): string {
  return allow.length === 0 ? '' : ` (except ${allow.map((pull) => `#${pull}`).join(', ')})`
}
