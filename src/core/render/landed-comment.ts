/** What is said under a pull request that landed as other commits than its own, when it is closed. */
import { code } from './escape.ts'

/** The invisible line by which it is found, so that it is said once. */
export const LANDED_MARKER = '<!-- mainkeeper:landed -->'

/** The comment; `landed` a full commit id, which GitHub turns into a link. */
export const renderLanded = (target: string, sha: string, landed: string): string =>
  `${LANDED_MARKER}\n${sha} landed on ${code(target)} as ${landed}. GitHub knows only the commits of the branch itself, so it shows this pull request as closed instead of merged.`
