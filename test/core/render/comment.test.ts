/** The sticky comment of a pull request. */
import { describe, expect, test } from 'vitest'
import { COMMENT_MARKER, renderComment } from '../../../src/core/render/comment.ts'
import { event, followUpFailed, followUpOpened, integrated, queued } from '../../support/facts.ts'
import { conflict, explained, ready, without } from './explained.ts'

describe('the sticky comment', () => {
  test.each([
    ['waiting', without('review_approved')],
    ['queued', [...ready, queued(12)]],
    ['landed', [...ready, integrated(12)]],
  ])('is not written while %s', (_, events) => {
    expect(renderComment(explained(events))).toBeNull()
  })

  test('links the follow-up when blocked', () => {
    expect(renderComment(explained([...conflict, followUpOpened(12)]))).toMatchInlineSnapshot(`
      "<!-- mainkeeper:pull -->
      **Blocked** at b12b12b on the way to main: merge conflict in src/a.ts. What to do is in #57.

      ### Resume

      Any one of these, by somebody with write permission:

      - comment \`/resume\` on #12
      - add the label \`mainkeeper:resume\` to #57
      - press Resume on the check run"
    `)
  })

  test('carries the text where no issue can be made', () => {
    expect(renderComment(explained([...conflict, followUpFailed(12)]))).toContain('### Resume')
  })

  test('says how it went on once it is there', () => {
    const written = event('comment_written', { pull: 12, comment: 9, content: '0' })
    const body = renderComment(explained([...conflict, followUpOpened(12), written, queued(12, { resumed: true })]))
    expect(body).toBe(`${COMMENT_MARKER}\n**Queued**`)
    expect(renderComment(explained([...conflict, written, integrated(12)]))).toBe(
      `${COMMENT_MARKER}\n**Landed as e1e1e1e**`,
    )
  })
})
