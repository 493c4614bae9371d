#!/usr/bin/env node
/** The program `mainkeeper`. Everything is in `program.ts`; this file is what a shell runs. */
import { runProcess } from './process/run-process.ts'

await runProcess(process.argv.slice(2))
