/** How the tests run: in processes of their own, because the store, git and the demo's child need real ones. */
import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const globalSetup = 'test/support/global-setup.ts'

/** Where `.ci/run` wants the runner's own count. */
const report = process.env.TEST_REPORT

export default defineConfig({
  test: {
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // By default one core is left idle, which on two is half of them.
    maxWorkers: 2,
    // Files share their worker's modules and warm databases: half of the run was loading them again. Run them in any order
    // with `--sequence.shuffle.files`.
    isolate: false,
    // V8 would optimize PGlite's code on threads beside two workers that use both cores already: by as much work more as it saves.
    execArgv: ['--liftoff-only'],
    // No test waits for wall time; on a busy machine one may still take long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    setupFiles: ['test/support/same-draws.ts'],
    ...(existsSync(new URL(globalSetup, import.meta.url)) ? { globalSetup } : {}),
  },
})
