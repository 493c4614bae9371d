import { describe, expect, test } from 'vitest'
import { authorsOf, type Written } from '../../../src/core/render/commit/co-authors.ts'
import { keptMessage } from '../../../src/core/render/commit/commit-text.ts'
import { mergeMessage, type Told } from '../../../src/core/render/commit/merge-message.ts'

const pull: Told = { number: 12, title: 'Add a', body: 'Because.', author: 'ann', head: 'acme/topic' }
const bodyOf = (body: string | null, templates = {}): string =>
  mergeMessage('squash', templates, { ...pull, body }, 1)
    .split('\n')
    .slice(2)
    .join('\n')

describe('C83 a message', () => {
  test('has a default for each method, and names a repeated attempt', () => {
    expect(mergeMessage('merge', {}, pull, 1)).toBe('Merge pull request #12 from acme/topic\n\nAdd a')
    expect(mergeMessage('squash', {}, pull, 2)).toBe('Add a (#12)\n\nBecause.\n\nMainkeeper-Attempt: 2')
  })

  test('is filled in one pass: a placeholder that came in by another stays text', () => {
    const templates = { title: '{title} {number} {nothing}', body: '{author} {head}' }
    expect(mergeMessage('merge', templates, { ...pull, title: '{number}' }, 1)).toBe(
      '{number} 12 {nothing}\n\nann acme/topic',
    )
  })

  test.each([
    ['before the mark', 'x\n---\ny', { cut_before: '---' }, 'y'],
    ['after the mark', 'x\n---\ny', { cut_after: '---' }, 'x'],
    ['at the first of several marks', 'x\n---\ny\n---\nz', { cut_after: '---' }, 'x'],
    [
      'on both sides',
      'a <!-- from --> b <!-- to --> c',
      { cut_before: '<!-- from -->', cut_after: '<!-- to -->' },
      'b',
    ],
    ['nowhere without a mark', 'x', { cut_before: '---', cut_after: '---' }, 'x'],
    ['the whole of it', '---\nx', { cut_after: '---' }, ''],
  ])('is cut %s', (_where, body, templates, left) => {
    expect(bodyOf(body, templates)).toBe(left)
  })

  test.each([
    ['an HTML comment', 'a<!-- x\ny -->b', 'ab'],
    ['a comment that does not end', 'a <!-- b', 'a'],
    ['a marker that skips CI', 'a [skip ci]\nskip-checks: true\nb', 'a\n\nb'],
    ['a marker put together by taking one out', 'a [skip [ci skip]ci]', 'a'],
    ['a marker put together by a comment', '[skip<!-- --> ci] a', 'a'],
    ['an ignored block', 'a <!-- mainkeeper-ignore:start -->b<!-- mainkeeper-ignore:end --> c', 'a  c'],
    ['an ignored block without its end', 'a <!--mainkeeper-ignore:start--> b', 'a'],
    ['no description at all', null, ''],
  ])('holds nothing of %s', (_what, body, left) => {
    expect(bodyOf(body)).toBe(left)
  })

  test('keeps its title in one line, whatever the pull request is called', () => {
    expect(mergeMessage('squash', {}, { ...pull, title: 'a\n\nb [skip ci]', body: null }, 1)).toBe('a b (#12)')
    expect(mergeMessage('squash', { title: '{title}' }, { ...pull, title: '[skip ci]', body: null }, 1)).toBe('#12')
  })
})

test('C85 the message of a rebased commit is kept but for what must not arrive', () => {
  expect(keptMessage('Fix <T> --> b\n\n<!-- kept -->')).toBe('Fix <T> --> b\n\n<!-- kept -->')
  expect(keptMessage('Fix [ci skip]\n\n<!-- mainkeeper-ignore:start -->x')).toBe('Fix')
})

const by = (name: string, over: Partial<Written> = {}): Written => ({
  message: 'x',
  merge: false,
  author: { name, email: `${name}@example.org` },
  login: name,
  bot: false,
  ...over,
})

describe('C84 of those who wrote it', () => {
  test('the author is who opened the pull request, the others are named once, however they are spelled', () => {
    const commits = [
      by('bob'),
      by('ann'),
      by('ann'),
      by('ann', { author: { name: 'Bob', email: 'BOB@example.org' } }),
      by('bob', { message: 'y\n\nCo-authored-by: carol <carol@example.org>\nco-authored-by: bob <bob@example.org>' }),
    ]
    expect(authorsOf(commits, 'ann', true)).toEqual({
      author: { name: 'ann', email: 'ann@example.org' },
      trailers: ['Co-authored-by: bob <bob@example.org>', 'Co-authored-by: carol <carol@example.org>'],
    })
  })

  test('bots, merge commits and people without an address are left out', () => {
    const commits = [
      by('renovate[bot]', { bot: true }),
      by('dependabot[bot]'),
      by('eve', { merge: true }),
      by('', { author: { name: '', email: '' } }),
      by('ann'),
    ]
    expect(authorsOf(commits, 'nobody', true)).toEqual({
      author: { name: 'ann', email: 'ann@example.org' },
      trailers: [],
    })
  })

  test('where no author is named all are co-authors', () => {
    expect(authorsOf([by('ann')], 'ann', false)).toEqual({
      author: null,
      trailers: ['Co-authored-by: ann <ann@example.org>'],
    })
  })
})
