/** `mainkeeper cutover` on the command line: its options, and which of them go together. What it answers is `verbs/cutover.ts`'s. */
import type { Command } from 'commander'
import { type Ask, type Json, laneIn } from './asking.ts'
import { examples } from './examples.ts'
import { EXIT, Refusal } from './exit-codes.ts'

/** Offers the verb on the command line. */
export function registerCutover(program: Command, ask: Ask): void {
  program
    .command('cutover')
    .argument('<lane>', 'owner/repo, or owner/repo:target for one lane alone')
    .description(
      'compare what a lane in mode shadow would have done with what people merged; ends with 1 if it is no go',
    )
    .option('--accept', 'record that the comparison is accepted: with mode: live the lane lands from then on')
    .option('--as <name>', 'who accepts it')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      examples([
        'mainkeeper cutover acme/rocket',
        'mainkeeper cutover acme/rocket:main --json',
        'mainkeeper cutover acme/rocket:main --accept --as carol',
      ]),
    )
    .action((lane: string, given: Json & { accept?: true; as?: string }, command: Command) => {
      if (given.accept && !given.as) throw new Refusal(EXIT.usage, 'say who accepts it: --accept --as <name>')
      if (given.as !== undefined && !given.accept)
        throw new Refusal(EXIT.usage, '--as names who accepts: it goes with --accept')
      return ask('cutover', { ...laneIn(lane), ...(given.accept ? { accept: given.as } : {}) }, given.json, command)
    })
}
