/** Law 10: after a sweep each pull request has at most one open follow-up and one sticky comment, whatever failed on the way. */
import { lawOfWorlds } from '../law.ts'
import { openFollowUps, stickyCommentsOf } from '../play/acts.ts'
import { approve, history, open, pause, unclear } from './reading/write-history.ts'

export const oneOfEach = lawOfWorlds(
  'law 10: one follow-up, one comment',
  [
    history(
      {},
      unclear('POST /repos/{owner}/{repo}/issues'),
      unclear('POST /repos/{owner}/{repo}/issues/{issue_number}/comments'),
      open(0, 'a.txt', 'bad'),
      approve(0),
      pause(240),
    ),
  ],
  async ({ repo, targets }) =>
    repo.pulls().flatMap(({ number }) => {
      const many = targets
        .map((target) => openFollowUps(repo, target, number).map((issue) => issue.number))
        .filter((issues) => issues.length > 1)
      const comments = stickyCommentsOf(repo, number)
      return [
        ...many.map((issues) => `#${number} has the open follow-ups ${issues.join(', ')}`),
        ...(comments.length > 1 ? [`#${number} has ${comments.length} sticky comments`] : []),
      ]
    }),
)
