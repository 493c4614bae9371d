/** What `npm start` runs: the same as `mainkeeper start`, with whatever options follow. */
import { runProcess } from './cli/process/run-process.ts'

await runProcess(['start', ...process.argv.slice(2)])
