/**
 * The CI of the twin: it hears a push, judges the commit, and reports what it found later, on the twin's clock, as
 * check runs or statuses. It can be slow, flaky, cancelled or never start, all of it repeatable from a seed. It knows
 * nothing of the queue that waits for its answers, and nobody but GitHub's own means brings them there.
 */
import { Agenda } from './agenda.ts'
import type { CheckApp, CiHost, Push } from './host.ts'
import { drawing, drawn } from './random.ts'
import { checkRunReporter, type Reporter, statusReporter } from './reporter.ts'
import type { CiJob, CiRun, Conclusion, Verdict } from './run.ts'

/** How likely a mishap is, from 0 to 1 and drawn from the seed, or which jobs it meets. */
export type Chance = number | ((job: CiJob) => boolean)

export interface CiOptions {
  /** The one check's name; `checks` for several. Default `test`. */
  readonly name?: string
  readonly checks?: readonly string[]
  /** Default `check_run`. */
  readonly as?: 'check_run' | 'status'
  /** Whose check runs they are; default GitHub Actions. */
  readonly app?: CheckApp
  /** Which refs start CI; default: every branch and every fork's head, but neither `main` nor scratch branches. */
  readonly on?: (ref: string) => boolean
  readonly run: CiRun
  /** Milliseconds on the twin's clock from the push to the answer; default 60 000. */
  readonly duration?: (sha: string, random: () => number) => number
  /** A success that is reported as failure. */
  readonly flaky?: Chance
  /** A check that stays queued. */
  readonly neverStart?: Chance
  /** A check that ends as cancelled whatever it found. */
  readonly cancel?: Chance
  /** Whether a deleted ref cancels its checks; GitHub itself lets them run, so does the default. */
  readonly cancelOnDelete?: boolean
  readonly seed?: number
}

export interface CiRunRecord {
  readonly check: string
  readonly sha: string
  readonly ref: string
  readonly attempt: number
  /** Known from the start of the run on, like `startedAt`. */
  tree?: string
  startedAt?: number
  endedAt?: number
  conclusion?: Conclusion
  log?: string
}

export interface CiHandle {
  /** Starts a new attempt of one check, or of all checks that ran on this commit; what has not ended is cancelled. */
  rerun(sha: string, check?: string): void
  /** Every run so far, the oldest first. */
  runs(): readonly Readonly<CiRunRecord>[]
  /** True while something that is due is not reported yet; a check that runs towards a later instant is not busy. */
  busy(): boolean
  /** Resolves when not busy; rejects when CI itself could not read or report. */
  idle(): Promise<void>
  /** Ends all programs and reports nothing any more. */
  stop(): Promise<void>
}

/** Watches a repository's pushes and answers them with checks. */
export function attachCi(repository: CiHost, options: CiOptions): CiHandle {
  const ci = new Ci(repository, options)
  const unsubscribe = [repository.onPush((push) => ci.pushed(push)), repository.onRerun((run) => ci.rerunFailed(run))]
  return {
    rerun: (sha, check) => ci.rerun(sha, check),
    runs: () => ci.runs.map((run) => run.record),
    busy: () => ci.agenda.busy(),
    idle: () => ci.idle(),
    stop: async () => {
      for (const leave of unsubscribe) leave?.()
      await ci.stop()
    },
  }
}

const githubActions: CheckApp = { id: 15_368, slug: 'github-actions' }

function startsCi(ref: string): boolean {
  if (/^refs\/pull\/\d+\/head$/.test(ref)) return true
  if (ref === 'refs/heads/main' || ref.startsWith('refs/heads/mainkeeper/scratch/')) return false
  return ref.startsWith('refs/heads/')
}

interface Run {
  readonly record: CiRunRecord
  /** Of the workflow run: the checks of one push have it in common, and so have their re-runs. */
  readonly runId: number
  readonly reporter: Reporter
  readonly aborted: AbortController
}

class Ci {
  readonly agenda: Agenda
  readonly runs: Run[] = []
  readonly #judging = new Set<Promise<Verdict | Error>>()
  readonly #host: CiHost
  readonly #options: CiOptions
  readonly #seed: number
  readonly #app: CheckApp
  #lastRunId: number
  #failure: Error | undefined

  constructor(host: CiHost, options: CiOptions) {
    this.agenda = new Agenda(host.clock)
    this.#host = host
    this.#options = options
    this.#seed = options.seed ?? 1
    this.#app = options.app ?? githubActions
    this.#lastRunId = this.#app.id * 10_000
  }

  pushed(push: Push): void {
    if (/^0+$/.test(push.after)) {
      if (this.#options.cancelOnDelete === true)
        for (const run of this.runs) if (run.record.ref === push.ref) this.#cancel(run)
      return
    }
    if (!(this.#options.on ?? startsCi)(push.ref)) return
    const runId = ++this.#lastRunId
    for (const check of this.#options.checks ?? [this.#options.name ?? 'test'])
      this.#queue({ check, sha: push.after, ref: push.ref, attempt: 1 }, runId)
  }

  rerun(sha: string, check?: string): void {
    const latest = new Map<string, Run>()
    for (const run of this.runs)
      if (run.record.sha === sha && (check === undefined || run.record.check === check))
        latest.set(run.record.check, run)
    if (latest.size === 0) throw new Error(`no check${check === undefined ? '' : ` '${check}'`} ran on ${sha}`)
    for (const run of latest.values()) {
      this.#cancel(run)
      const { check, ref, attempt } = run.record
      this.#queue({ check, sha, ref, attempt: attempt + 1 }, run.runId)
    }
  }

  /** The jobs of a workflow run that passed keep their results; it is GitHub that sees to it that none of them still goes on. */
  rerunFailed(runId: number): void {
    const latest = new Map<string, Run>()
    for (const run of this.runs) if (run.runId === runId) latest.set(run.record.check, run)
    for (const { record } of latest.values()) {
      if (!failedJob(record.conclusion)) continue
      const { check, sha, ref, attempt } = record
      this.#queue({ check, sha, ref, attempt: attempt + 1 }, runId)
    }
  }

  async idle(): Promise<void> {
    await this.agenda.idle()
    if (this.#failure) throw this.#failure
  }

  async stop(): Promise<void> {
    for (const run of this.runs) run.aborted.abort()
    await this.agenda.stop()
    // Nobody waits for these verdicts any more, and yet their programs may still have a checkout to clear away.
    await Promise.all(this.#judging)
  }

  /** All that can be said at the push is said and planned before it returns, so that no clock can run ahead of it. */
  #queue(record: CiRunRecord, runId: number): void {
    const { check, sha, ref, attempt } = record
    const reported = { sha, name: check, app: this.#app, ref, run_id: runId, attempt }
    const reporter = (this.#options.as === 'status' ? statusReporter : checkRunReporter)(this.#host, reported)
    const run: Run = { record, runId, reporter, aborted: new AbortController() }
    this.runs.push(run)
    this.#attempt(() => reporter.queued())
    const queuedAt = this.#host.clock.now()
    const duration = this.#options.duration?.(sha, drawing(this.#seed, 'duration', ...subject(record))) ?? 60_000
    const startsAt = queuedAt + Math.min(1_000, Math.floor(duration / 10))
    this.#plan(run, startsAt, () => this.#start(run, queuedAt + duration))
  }

  async #start(run: Run, endsAt: number): Promise<void> {
    const { record, aborted } = run
    record.tree = await this.#host.tree(record.sha)
    const job: CiJob = { ...record, tree: record.tree }
    if (aborted.signal.aborted || this.#happens('neverStart', this.#options.neverStart, job)) return
    record.startedAt = this.#host.clock.now()
    await run.reporter.inProgress(record.startedAt)
    const judged = settled(this.#options.run(this.#host, job, aborted.signal))
    this.#judging.add(judged)
    void judged.then(() => this.#judging.delete(judged))
    this.#plan(run, endsAt, async () => {
      const verdict = await judged
      if (aborted.signal.aborted) return
      if (verdict instanceof Error) throw verdict
      await this.#end(run, this.#withMishaps(verdict, job))
    })
  }

  #withMishaps(verdict: Verdict, job: CiJob): Verdict {
    if (this.#happens('cancel', this.#options.cancel, job)) return { conclusion: 'cancelled', log: verdict.log }
    if (verdict.conclusion === 'success' && this.#happens('flaky', this.#options.flaky, job))
      return { conclusion: 'failure', log: verdict.log }
    return verdict
  }

  #cancel(run: Run): void {
    if (run.record.conclusion !== undefined) return
    run.aborted.abort()
    this.#attempt(() => this.#end(run, { conclusion: 'cancelled', log: '' }))
  }

  async #end({ record, reporter }: Run, verdict: Verdict): Promise<void> {
    const endedAt = this.#host.clock.now()
    record.startedAt ??= endedAt
    record.endedAt = endedAt
    record.conclusion = verdict.conclusion
    record.log = verdict.log
    await reporter.completed(verdict.conclusion, record.startedAt, endedAt)
  }

  #plan(run: Run, instant: number, act: () => Promise<void>): void {
    const rank = drawn(this.#seed, 'order', ...subject(run.record))
    this.agenda.at(instant, rank, () => this.#guarded(act))
  }

  #attempt(act: () => Promise<void>): void {
    this.agenda.track(this.#guarded(act))
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error))
    }
  }

  #happens(kind: string, chance: Chance | undefined, job: CiJob): boolean {
    if (chance === undefined) return false
    if (typeof chance === 'function') return chance(job)
    return drawn(this.#seed, kind, ...subject(job)) < chance
  }
}

const failedJob = (conclusion: Conclusion | undefined): boolean =>
  conclusion === 'failure' || conclusion === 'timed_out' || conclusion === 'cancelled'

function settled(verdict: Promise<Verdict>): Promise<Verdict | Error> {
  return verdict.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
}

/** What chance is drawn for: the same commit on another ref has another fate. */
function subject({ sha, ref, check, attempt }: Pick<CiJob, 'sha' | 'ref' | 'check' | 'attempt'>): (string | number)[] {
  return [sha, ref, check, attempt]
}
