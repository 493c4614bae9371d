/** What a lane's log shows of its holders: nothing that one wrote stands behind what its successor wrote. */
import { inDatabase } from '../support/database/in-database.ts'

/** One line for each event whose epoch is lower than that of an event before it on the same lane. */
export async function staleEvents(url: string): Promise<string[]> {
  const found = await inDatabase(
    url,
    (client) => client<{ told: string }[]>`
      select position || ' ' || repository || ' ' || lane || ' ' || type || ' of epoch ' || epoch || ' after ' || newest as told
      from (
        select *, max(epoch) over (
          partition by repository, lane order by position rows between unbounded preceding and 1 preceding
        ) as newest from event where epoch is not null and lane is not null
      ) as told where epoch < newest order by position`,
  )
  return found.map(({ told }) => told)
}
