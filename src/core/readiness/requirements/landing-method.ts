/**
 * The requirement about the label that chooses how one pull request lands: at most one, and a method that the target takes.
 * What the configuration chooses for all of them is not judged here; where that is impossible the lane is held.
 */
import type { Evidence } from '../../events/shapes.ts'
import { chosenMethod, impossibleMethod } from '../../landing-method.ts'
import { met, type Requirement, unmet } from '../requirement.ts'

export const landingMethod: Requirement = {
  code: 'landing_method',
  asks: 'At most one label chooses a method, and the target takes that one. Asked where there is such a label.',
  reasons: { unmet: ['methods_conflict', 'method_forbidden'], unknown: [] },
  changesWith: ['pull_request_observed', 'protection_observed', 'config_changed'],
  evaluate({ seen, config, view, target }) {
    const { method, labels } = chosenMethod(seen.labels, config)
    if (labels.length === 0) return null
    const evidence = labels.map((label): Evidence => ({ kind: 'rule', text: `label ${label}` }))
    if (labels.length > 1)
      return unmet('methods_conflict', `its labels ${labels.join(' and ')} choose different methods`, evidence)
    const impossible = impossibleMethod(view.repository.protections[target]?.rules ?? [], method, config.land.mode)
    if (impossible)
      return unmet('method_forbidden', `labelled ${labels[0]}, but ${target} ${impossible.words}`, [
        ...evidence,
        impossible.evidence,
      ])
    return met(`its label chooses ${method}`, evidence)
  },
}
