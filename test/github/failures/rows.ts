/**
 * One row for each call of the port: how a test makes it, how often what it does can be seen on GitHub, and what comes of it
 * where that differs from the rule. It knows no failure but by name.
 */
import type { Fence } from '../../../src/core/fence.ts'
import type { CheckRunIds } from '../../../src/github/check-run.ts'
import type { Answer, RepositoryPort } from '../../../src/github/port.ts'
import type { TwinRepository } from '../../../src/twin/twin-repository.ts'
import type { Came, KindName } from './kinds.ts'

export type CallName = keyof Omit<RepositoryPort, 'repository' | 'bot'>

/** What stands on the twin before any call. */
export interface Ground {
  readonly repo: TwinRepository
  readonly port: RepositoryPort
  readonly fence: Fence
  readonly tip: string
  readonly head: string
  readonly pull: number
  readonly issue: number
  readonly comment: number
  readonly checkRun: CheckRunIds
}

export interface Made {
  readonly call: () => Promise<Answer<unknown>>
  /** A write: how many of the thing are there, or whether it is as was asked (1) or not (0). */
  readonly seen?: () => number | Promise<number>
}

export interface Row {
  /** Prepared anew for each failure; `n` is a number that no other has. */
  readonly arrange: (ground: Ground, n: number) => Made | Promise<Made>
  /** What comes of a failure of the n-th request (from 1), where it is not the rule. */
  readonly otherwise?: Readonly<Record<number, Partial<Record<KindName, Came>>>>
}

const read = (
  call: (ground: Ground) => Promise<Answer<unknown>>,
  otherwise: NonNullable<Row['otherwise']> = {},
): Row => ({
  arrange: (ground) => ({ call: () => call(ground) }),
  otherwise,
})

/** Where what is not there is no failure. */
const ABSENT = { 'not there': 'ok', deleted: 'ok', 'a repository that moved elsewhere': 'ok' } as const

const label = (n: number) => ({ name: `label-${n}`, color: 'd93f0b', description: 'Waits' })
const content = ({ head }: Ground, n: number) => ({
  name: 'mainkeeper',
  sha: head,
  external_id: `main#${n}`,
  status: 'in_progress' as const,
  conclusion: null,
  title: `Title ${n}`,
  summary: 'Summary',
  actions: [],
  details_url: null,
})

async function branchAt({ repo, tip }: Ground, name: string): Promise<string> {
  await repo.as('alice').push(name, tip)
  return `refs/heads/${name}`
}

/** Tells the adapter the node id, so that the write is the only request. */
const knowNode = ({ port, fence, tip }: Ground): Promise<unknown> => port.deleteBranchAt(fence, 'nowhere', tip)

const there = async (ground: Ground, ref: string): Promise<number> => ((await ground.repo.ref(ref)) ? 1 : 0)

export const ROWS: Readonly<Record<CallName, Row>> = {
  observePulls: read(({ port, pull }) => port.observePulls([pull], 'main')),
  observeOpenPulls: read(({ port }) => port.observeOpenPulls()),
  survey: read(({ port }) => port.survey(['main'], '.github/mainkeeper.yml', 'mainkeeper:blocked', true)),
  // A hidden repository says 404 as well, so the list is asked.
  readRef: read(({ port }) => port.readRef('refs/heads/main'), { 1: ABSENT }),
  readTarget: read(({ port, tip }) => port.readTarget('main', tip)),
  listRefs: read(({ port }) => port.listRefs('refs/heads/')),
  readCommit: read(({ port, tip }) => port.readCommit(tip)),
  contains: read(({ port, head, tip }) => port.contains(head, tip)),
  conflictingFiles: read(({ port, head, tip }) => port.conflictingFiles(tip, head)),
  commitsBetween: read(({ port, head, tip }) => port.commitsBetween(tip, head)),
  readPull: read(({ port, pull }) => port.readPull(pull)),
  readBranchUse: read(({ port }) => port.readBranchUse('feature')),
  observeChecks: read(({ port, head }) => port.observeChecks(head)),
  // No file is an answer where the commit can be read.
  readFile: read(({ port, tip }) => port.readFile('.github/mainkeeper.yml', tip), { 1: ABSENT }),
  readProtection: read(({ port }) => port.readProtection('main'), {
    // Who may pass one ruleset is unknown where it can't be read; so is classic protection, of which the branch tells the rest.
    2: { ...ABSENT, 'a missing right': 'ok' },
    3: { ...ABSENT, 'a missing right': 'ok' },
  }),
  readCodeOwners: read(({ port }) => port.readCodeOwners('main')),
  // Who belongs to a team that is not there, or that we may not see, is not known.
  readTeam: read(({ port }) => port.readTeam('acme/owners'), {
    1: { 'not there, under 200': 'ok', 'a missing right, under 200': 'ok' },
  }),
  readPermission: read(({ port }) => port.readPermission('alice')),
  readRepository: read(({ port }) => port.readRepository()),
  listCheckRuns: read(({ port, head }) => port.listCheckRuns(head, 'mainkeeper')),
  listIssues: read(({ port }) => port.listIssues('mainkeeper:blocked')),
  readIssueEvents: read(({ port, issue }) => port.readIssueEvents(issue)),
  listComments: read(({ port, pull }) => port.listComments(pull)),
  listCommentsSince: read(({ port }) => port.listCommentsSince('2000-01-01T00:00:00Z')),

  createRef: {
    arrange: (ground, n) => ({
      call: () => ground.port.createRef(ground.fence, `refs/heads/made-${n}`, ground.tip),
      seen: () => there(ground, `refs/heads/made-${n}`),
    }),
  },
  deleteRef: {
    arrange: async (ground, n) => {
      const ref = await branchAt(ground, `deleted-${n}`)
      return {
        call: () => ground.port.deleteRef(ground.fence, ref),
        seen: async () => 1 - (await there(ground, ref)),
      }
    },
  },
  merge: {
    arrange: async (ground, n) => {
      const ref = await branchAt(ground, `scratch-${n}`)
      return {
        call: () => ground.port.merge(ground.fence, `scratch-${n}`, ground.head, 'Merge'),
        seen: async () => ((await ground.repo.ref(ref)) === ground.tip ? 0 : 1),
      }
    },
  },
  createCommit: {
    // A commit that nothing points to shows nowhere, and harms nobody.
    arrange: async ({ repo, port, fence, tip }, n) => {
      const tree = await repo.tree(tip)
      return { call: () => port.createCommit(fence, { tree, parents: [tip], message: `Again ${n}` }) }
    },
  },
  advanceTarget: {
    arrange: async (ground, n) => {
      await knowNode(ground)
      const { repo, tip: from, head: to, port, fence } = ground
      const [target, published] = [`target-${n}`, `refs/heads/mainkeeper/queue/main/b${n}`]
      await branchAt(ground, target)
      await repo.as('alice').push(published.replace('refs/heads/', ''), to)
      return {
        call: () => port.advanceTarget(fence, { target, from, to, published }),
        seen: async () => {
          const moved = (await repo.ref(`refs/heads/${target}`)) === to
          const deleted = (await repo.ref(published)) === undefined
          // All or nothing.
          return moved === deleted ? Number(moved) : Number.NaN
        },
      }
    },
  },
  mergePull: {
    arrange: async (ground, n) => {
      const { repo, port, fence } = ground
      const alice = repo.as('alice')
      const base = `base-${n}`
      await branchAt(ground, base)
      await alice.commit(`native-${n}`, { [`native-${n}.txt`]: 'native' }, { message: 'Be merged by GitHub' })
      const pull = await alice.openPull({ head: `native-${n}`, base, title: 'Be merged by GitHub' })
      const { sha } = repo.pull(pull).head
      return {
        call: () => port.mergePull(fence, { pull, sha, method: 'merge', message: { title: 'Merge', body: '' } }),
        seen: async () => Number(repo.pull(pull).merged),
      }
    },
  },
  deleteBranchAt: {
    arrange: async (ground, n) => {
      await knowNode(ground)
      const ref = await branchAt(ground, `landed-${n}`)
      return {
        call: () => ground.port.deleteBranchAt(ground.fence, `landed-${n}`, ground.tip),
        seen: async () => 1 - (await there(ground, ref)),
      }
    },
  },
  closePull: {
    arrange: async ({ repo, port, fence, pull }) => {
      if (repo.pull(pull).state === 'closed') await repo.as('alice').reopen(pull)
      return {
        call: () => port.closePull(fence, pull),
        seen: () => (repo.pull(pull).state === 'closed' ? 1 : 0),
      }
    },
  },
  retargetPull: {
    arrange: async (ground, n) => {
      const { repo, port, fence, pull } = ground
      if (repo.pull(pull).state === 'closed') await repo.as('alice').reopen(pull)
      await branchAt(ground, `onto-${n}`)
      return {
        call: () => port.retargetPull(fence, pull, `onto-${n}`),
        seen: () => Number(repo.pull(pull).base === `onto-${n}`),
      }
    },
  },
  createCheckRun: {
    arrange: (ground, n) => ({
      call: () => ground.port.createCheckRun(ground.fence, content(ground, n)),
      seen: () => ground.repo.checkRuns(ground.head).filter(({ title }) => title === `Title ${n}`).length,
    }),
  },
  updateCheckRun: {
    arrange: (ground, n) => ({
      call: () => ground.port.updateCheckRun(ground.fence, ground.checkRun.id, content(ground, n)),
      seen: () => ground.repo.checkRuns(ground.head).filter(({ title }) => title === `Title ${n}`).length,
    }),
  },
  rerunFailedJobs: {
    arrange: ({ repo, port, fence, head }, n) => {
      const job = { sha: head, name: `job-${n}`, app: { slug: 'github-actions', id: 15_368 }, run_id: n, attempt: 1 }
      repo.reportCheckRun({ ...job, status: 'completed', conclusion: 'failure' })
      let times = 0
      repo.onRerun((workflow) => {
        if (workflow === n) times += 1
      })
      return { call: () => port.rerunFailedJobs(fence, n), seen: () => times }
    },
  },
  updateCheckRuns: {
    arrange: async (ground, n) => {
      await knowNode(ground)
      const { repo, port, fence, head, checkRun } = ground
      return {
        call: async () => {
          const said = await port.updateCheckRuns(fence, [{ node: checkRun.node, content: content(ground, n) }])
          return said.ok && said.value[0] ? said.value[0] : said
        },
        seen: () => repo.checkRuns(head).filter(({ title }) => title === `Title ${n}`).length,
      }
    },
    // That half was about something else: of the check run it says nothing.
    otherwise: { 1: { 'half an answer, under 200': 'unclear' } },
  },
  createIssue: {
    arrange: ({ repo, port, fence }, n) => ({
      call: () => port.createIssue(fence, { title: `Issue ${n}`, body: 'Why', labels: [], assignee: 'alice' }),
      seen: () => repo.issues().filter(({ title }) => title === `Issue ${n}`).length,
    }),
    // Who can't be assigned is left out.
    otherwise: { 1: ABSENT },
  },
  updateIssue: {
    arrange: ({ repo, port, fence, issue }, n) => ({
      call: () => port.updateIssue(fence, issue, { title: `Issue ${n}` }),
      seen: () => (repo.issue(issue).title === `Issue ${n}` ? 1 : 0),
    }),
  },
  ensureLabel: {
    arrange: ({ port, fence }, n) => ({ call: () => port.ensureLabel(fence, label(n)) }),
    otherwise: { 1: ABSENT, 2: { 'a name that is taken': 'ok' } },
  },
  removeLabel: {
    arrange: async ({ repo, port, fence, issue }, n) => {
      await repo.as('alice').label(issue, `label-${n}`)
      return {
        call: () => port.removeLabel(fence, issue, `label-${n}`),
        seen: () => (repo.issue(issue).labels.includes(`label-${n}`) ? 0 : 1),
      }
    },
  },
  createComment: {
    arrange: ({ repo, port, fence, issue }, n) => ({
      call: () => port.createComment(fence, issue, `Comment ${n}`),
      seen: () => repo.comments(issue).filter(({ body }) => body === `Comment ${n}`).length,
    }),
  },
  updateComment: {
    arrange: ({ repo, port, fence, pull, comment }, n) => ({
      call: () => port.updateComment(fence, comment, `Comment ${n}`),
      seen: () => repo.comments(pull).filter(({ body }) => body === `Comment ${n}`).length,
    }),
  },
  react: {
    arrange: async ({ repo, port, fence, pull }) => {
      const asked = await repo.as('alice').comment(pull, '/merge')
      return {
        call: () => port.react(fence, { on: 'comment', id: asked }, '+1'),
        seen: () => repo.comments(pull).find(({ id }) => id === asked)?.reactions.length ?? 0,
      }
    },
  },
}
