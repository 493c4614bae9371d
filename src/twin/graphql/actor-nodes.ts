/** Users, bots and organizations as GraphQL shows them. GraphQL leaves `[bot]` off the login of a bot. */
import type { User } from '../state.ts'
import type { World } from '../world.ts'
import type { Source } from './connection.ts'

export function actorNode(world: World, user: User): Source {
  const login = user.login.replace(/\[bot\]$/, '')
  return { __typename: user.type, id: user.nodeId, login, databaseId: user.id, url: `${world.url}/${login}` }
}
