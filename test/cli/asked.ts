/** Asks a verb of an open store as the command line does, through plain data, without a process. */
import { answererOn } from '../../src/cli/answer.ts'
import { EXIT, type ExitCode, Refusal } from '../../src/cli/exit-codes.ts'
import { VERBS } from '../../src/cli/verbs/catalogue.ts'
import type { Store } from '../../src/store/store.ts'

export interface Asked {
  readonly answers: readonly unknown[]
  readonly text: string
  readonly exit: ExitCode
}

/** Every answer, as data and as text, and what the process would end with. */
export async function ask(store: Store, verb: string, question: object = {}, shared = true): Promise<Asked> {
  const answers: unknown[] = []
  await answererOn(store, shared)(
    { verb, arguments: question },
    async (part) => {
      if (part.kind === 'answer') answers.push(JSON.parse(JSON.stringify(part.answer)))
    },
    new AbortController().signal,
  )
  const { render, exit } = VERBS.get(verb) ?? {}
  if (!render || !exit) throw new Error(`no verb ${verb}`)
  const last = answers.at(-1)
  return {
    answers,
    text: answers.map((answer) => render(answer)).join('\n'),
    exit: last === undefined ? EXIT.ok : exit(last),
  }
}

/** The refusal's words and code. */
export async function refusal(work: () => unknown): Promise<{ exit: ExitCode; words: string }> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refusal) return { exit: error.exit, words: error.message }
    throw error
  }
  throw new Error('it was not refused')
}
