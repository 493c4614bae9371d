/**
 * The imports of a TypeScript source, found by pattern: statements, re-exports, type imports and dynamic imports. It does
 * not resolve them, and knows no rules about them.
 */

/** A string, a template, or a comment: whichever begins first hides the beginnings of the others. */
const HIDING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<!\\)\/\/[^\n]*/g

/** The source with its comments blanked, its strings kept. */
export const withoutComments = (source: string): string =>
  source.replace(HIDING, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found))

const STATEMENT = /^[ \t]*(?:import|export)\b[^'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm
const FOR_EFFECT = /^[ \t]*import\s*['"]([^'"]+)['"]/gm
const CALL = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g

/** Every module specifier of a source without comments, as written. */
export const importsOf = (code: string): string[] =>
  [STATEMENT, FOR_EFFECT, CALL].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
