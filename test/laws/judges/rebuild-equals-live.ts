/** Law 5: what is folded from the log alone equals the live read models, row by row and column by column. */
import { lawOfWorlds } from '../law.ts'
import { REPOSITORY } from '../play/world.ts'
import { approve, history, open, pause, push } from './reading/write-history.ts'

export const rebuildEqualsLive = lawOfWorlds(
  'law 5: rebuild equals live',
  [history({}, open(0, 'a.txt', 'bad'), approve(0), pause(90), push(0, 'a.txt', 'plain'), approve(0))],
  async ({ store }) => {
    const [rebuilt] = await store.rebuild({ repository: REPOSITORY })
    if (!rebuilt) return ['the log knows no repository']
    return rebuilt.differences.map(
      ({ table, key, column, live, rebuilt: folded }) =>
        `${table} ${key} ${column ?? '(row)'}: live ${JSON.stringify(live)}, rebuilt ${JSON.stringify(folded)}`,
    )
  },
)
