/**
 * What the process ends with, and the one way in which anything in the command line says no: a sentence and a code. It
 * knows no verb.
 */

export const EXIT = {
  ok: 0,
  /** `replay` and `rebuild` found differences, `config check` errors; `cutover` is no go; `start` was told twice to stop. */
  differs: 1,
  /** The command line or the environment is wrong. */
  usage: 2,
  /** Another process has the embedded database's folder. */
  folderInUse: 3,
  databaseUnavailable: 4,
  /** What was asked about is not known. */
  notFound: 5,
  /** A bug of ours. */
  unexpected: 70,
  /** Told to end before there was an answer. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: 'done',
  [EXIT.differs]:
    'replay or rebuild found differences, config check found errors; cutover is no go; start was told twice to stop',
  [EXIT.usage]: 'the command line or the environment is wrong',
  [EXIT.folderInUse]: 'another process has the embedded database, and does not answer for it',
  [EXIT.databaseUnavailable]: 'the database can not be reached',
  [EXIT.notFound]: 'what was asked about is not known',
  [EXIT.unexpected]: 'a bug in Mainkeeper',
  [EXIT.interrupted]: 'told to end before there was an answer',
}

/** The list that `--help` ends with. */
export const exitCodeHelp = (): string =>
  ['Exit codes:', ...Object.entries(MEANINGS).map(([code, meaning]) => `  ${code.padEnd(4)}${meaning}`)].join('\n')

/** Ends what was asked with words for the person who asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly exit: ExitCode

  constructor(exit: ExitCode, words: string) {
    super(words)
    this.exit = exit
  }
}
