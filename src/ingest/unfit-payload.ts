/** Says that a webhook's payload lacks what its translator needs, with every reason. It is nobody's bug here. */
export class UnfitPayload extends Error {
  override readonly name = 'UnfitPayload'
  readonly diagnostics: readonly string[]

  constructor(diagnostics: readonly string[]) {
    super(diagnostics.join('; '))
    this.diagnostics = diagnostics
  }
}
