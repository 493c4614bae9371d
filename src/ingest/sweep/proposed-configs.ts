/**
 * The sweep's look at pull requests that change the configuration file: what is wrong with the file at their head, told
 * before it lands. Nothing is judged by such a file.
 */
import { CONFIG_PATH } from '../../core/config-path.ts'
import { iso } from '../../core/ids.ts'
import type { LaneView } from '../../core/queue/view.ts'
import { readConfig } from '../config.ts'
import { type Look, SWEEP } from './look.ts'

/** One request for each head that changes the file and was not read yet. */
export async function lookAtProposedConfigs(look: Look, views: readonly LaneView[]): Promise<void> {
  for (const { lane, pulls } of views)
    for (const { number, seen, examined, proposed } of pulls.values()) {
      if (seen?.state !== 'open' || seen.base !== lane.target || proposed?.sha === seen.sha) continue
      if (!examined?.config_file || examined.sha !== seen.sha) continue
      const { sha } = seen
      await look.read(
        `configuration of #${number}`,
        () => look.port.readFile(CONFIG_PATH, sha),
        (file) => {
          const errors = file ? [...readConfig(file.text).errors] : []
          const payload = { pull: number, sha, blob: file?.blob ?? null, errors }
          return [{ type: 'config_proposed', occurred_at: iso(look.now()), source: SWEEP, payload }]
        },
      )
    }
}
