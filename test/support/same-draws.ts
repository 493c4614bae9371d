/** Has every property be tried with the same draws in each run, so that a test that fails does so again. `npm run laws` tries others. */
import fc from 'fast-check'

fc.configureGlobal({ seed: 20_260_105 })
