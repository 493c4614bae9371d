/** CODEOWNERS as GitHub reads it: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
import { expect, test } from 'vitest'
import { ownersOf, parseCodeOwners } from '../../src/github/facts/code-owners.ts'

/** The example of GitHub's own page, with its comments left out. */
const EXAMPLE = `
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs-folder@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octolog
/apps/ @octocat
/apps/github
`
const owner = (text: string, path: string) => ownersOf(parseCodeOwners(text), [path]).flatMap(({ owners }) => owners)

test.each([
  ['README.md', ['global-owner1', 'global-owner2']],
  ['src/a.js', ['js-owner']],
  ['a.go', ['docs@example.com']],
  ['deep/down/notes.txt', ['octo-org/octocats']],
  ['build/logs/x/y.log', ['octolog']],
  ['docs/getting-started.md', ['doctocat']],
  ['other/apps/x.md', ['octocat']],
  ['apps/x.md', ['octocat']],
  ['apps/github', []],
  ['apps/github/x.md', []],
  ['apps/githubber', ['octocat']],
  ['scripts/run', ['doctocat', 'octocat']],
  ['deeply/nested/logs/today', ['octolog']],
])('C40 by the example that GitHub gives, %s is owned by %j', (path, owners) => {
  expect(owner(EXAMPLE, path)).toEqual(owners)
})

test.each([
  ['docs/*', 'docs/a.md', true],
  ['docs/*', 'docs/build/a.md', false],
  ['docs/*', 'other/docs/a.md', false],
  ['docs/*.md', 'docs/a.md', true],
  ['docs/**', 'docs/build/a.md', true],
  ['docs', 'x/docs/a.md', true],
  ['/docs', 'x/docs/a.md', false],
  ['/docs', 'docs/a.md', true],
  ['a/**/z', 'a/z', true],
  ['a/**/z', 'a/b/c/z', true],
  ['a/**/z', 'a/b/c/zz', false],
  ['**/z/y', 'z/y', true],
  ['**/z/y', 'a/b/z/y/x', true],
  ['**', 'a/b', true],
  ['*', 'a/b', true],
  ['/*', 'a', true],
  ['/*', 'a/b', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['with\\ space/', 'with space/a', true],
  ['a.b', 'axb', false],
  ['a+(b)', 'a+(b)', true],
  ['/', 'a', false],
  ['src/app', 'src/app/x.ts', true],
  ['src/app', 'lib/src/app/x.ts', false],
  ['src/app', 'src/application', false],
])('C40 the pattern %s against %s is %s', (pattern, path, matches) => {
  expect(owner(`${pattern} @ann`, path)).toEqual(matches ? ['ann'] : [])
})

test.each(['!docs/ @ann', 'do[cx]s @ann', 'docs ann', '***/x @ann', ''])(
  'C40 a line that GitHub does not understand is skipped: %j',
  (line) => {
    expect(owner(`* @all\n${line}`, 'docs')).toEqual(['all'])
  },
)

test('C40 each set of owners is told once, with the first file that it owns', () => {
  const rules = parseCodeOwners('* @b @a\n/web/ @acme/web\n/gone/')
  expect(ownersOf(rules, ['z', 'web/b', 'web/a', 'gone/x', 'a'])).toEqual([
    { file: 'a', owners: ['a', 'b'] },
    { file: 'web/a', owners: ['acme/web'] },
  ])
})
