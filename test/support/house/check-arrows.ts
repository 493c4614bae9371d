/** Prints every violation of the house in `src`, one line each, and fails if there is one. The rules are elsewhere. */
import { checkArchitecture } from './check-architecture.ts'
import { readSources } from './sources.ts'

const violations = checkArchitecture(readSources('src'))
for (const violation of violations) process.stdout.write(`${violation}\n`)
process.exitCode = violations.length > 0 ? 1 : 0
