/** The lines under `Examples:` that every verb's help ends with. It knows no verb. */
export const examples = (lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')
