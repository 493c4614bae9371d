/** What is answered to commands. */
import { describe, expect, test } from 'vitest'
import * as reply from '../../../src/core/render/reply.ts'
import { blocked, followUpOpened, headOf, held, integrated, queued, seen } from '../../support/facts.ts'
import { conflict, explained, ready, remembered, resumeAsked, without } from './explained.ts'

describe('replies', () => {
  test('/why tells the headline, what is missing and the next step', () => {
    expect(reply.why(explained(without('review_approved', 'permission_observed')))).toMatchInlineSnapshot(`
      "**Waiting for 1 approval**

      - \`review_approved\` unmet: 1 approval of b12b12b missing

      Next: Have b12b12b approved."
    `)
  })

  test('/why of blocked work tells the reason, its evidence and where to read on', () => {
    expect(reply.why(explained([...conflict, followUpOpened(12), held()]))).toMatchInlineSnapshot(`
      "**Blocked: merge conflict in src/a.ts — see #​57**

      \`merge_conflict\` at b12b12b. What to do is in #57.

      - \`src/a.ts\`

      The branch is held by max: until the release is out

      Next: Merge the target branch into this one, resolve the conflict and push. The new commit is queued by itself as soon as it is approved."
    `)
  })

  test('C14 /help lists what can be asked for', () => {
    expect(reply.help()).toMatchInlineSnapshot(`
      "Commands, each at the start of a line:

      - \`/merge [commit] [priority=low|normal|high|0…100] [alone] [interrupt]\` declares the head finished; \`interrupt\` puts it in front of what is being built
      - \`/merge cancel\` takes that back
      - \`/why\` says why it is not landing
      - \`/resume [force]\` takes blocked work up again once it is ready
      - \`/retry\` builds a blocked commit again, now
      - \`/try [commit] [parent=last|commit]\` builds the head as if it landed, and lands nothing; \`/try cancel\` takes that back
      - \`/delegate [@user]\` gives the author, or whoever is named, the right over this pull request alone; \`/undelegate [@user]\` takes it back
      - \`/hold [reason] [except #12 #13]\` stops the target branch, \`/release\` lets it go on"
    `)
  })

  test('refusals are one sentence, with who may or what is wrong', () => {
    expect([
      reply.forbidden('merge', 'write'),
      reply.unknownCommand('retry'),
      reply.unknownPull(12),
      reply.notOpen(12),
      reply.otherHead('1a2b3c4', headOf(12)),
      reply.declared(headOf(12)),
    ]).toMatchInlineSnapshot(`
      [
        "\`/merge\` needs write permission on this repository.",
        "\`/retry\` is nothing that can be asked for here; see \`/help\`.",
        "Nothing is known of #12 on this branch yet.",
        "#12 is not open.",
        "\`1a2b3c4\` is not the head any more; that is b12b12b.",
        "b12b12b is declared finished, and lands once every requirement is met.",
      ]
    `)
  })

  test('C134 a resume that has to wait is told once what is missing', () => {
    const waiting = explained([...conflict, resumeAsked, remembered, seen(12, { draft: true })])
    expect(reply.resume({ pull: 12, result: 'remembered', reason: 'not_ready' }, waiting)).toMatchInlineSnapshot(`
      "Remembered: it is queued as soon as it is ready. Missing:

      - \`not_draft\` unmet: it is a draft"
    `)
    expect(reply.resume({ pull: 12, result: 'remembered', reason: 'ready' }, waiting)).toBeNull()
  })

  test('a resume that is refused or late is told why', () => {
    const three = explained([
      ...conflict,
      queued(12, { resumed: true }),
      blocked(12),
      queued(12, { resumed: true }),
      blocked(12),
    ])
    const inQueue = explained([...ready, queued(12)])
    expect([
      reply.resume({ pull: 12, result: 'refused', reason: 'permission' }, three),
      reply.resume({ pull: 12, result: 'refused', reason: 'not_open' }, null),
      reply.resume({ pull: 12, result: 'refused', reason: 'needs_force' }, three),
      reply.resume({ pull: 12, result: 'obsolete', reason: 'queued' }, inQueue),
      reply.resume({ pull: 12, result: 'obsolete', reason: 'not_blocked' }, explained([...ready, integrated(12)])),
    ]).toMatchInlineSnapshot(`
      [
        "\`/resume\` needs write permission on this repository.",
        "#12 is not open.",
        "This commit was blocked 3 times for the same reason (Merge conflict). \`/resume force\` tries it all the same.",
        "#12 is in the queue already, at place 1 of 1.",
        "#12 is not blocked: Landed as e1e1e1e.",
      ]
    `)
  })
})
