import { expect, test } from 'vitest'
import { paceFor } from '../../../src/github/pace.ts'

test.each(['https://api.github.com', 'https://github.example.com/api/v3', 'https://127.example.com'])(
  'content for %s is written once a second at most',
  (baseUrl) => {
    expect(paceFor(baseUrl)).toMatchObject({ contentMs: 1000 })
  },
)

test.each(['http://127.0.0.1:4000', 'http://localhost:4000/api/v3', 'http://[::1]:4000'])(
  'a GitHub on this machine, %s, is written to without a pause',
  (baseUrl) => {
    expect(paceFor(baseUrl)).toEqual({ contentMs: 0, writeMs: 0 })
  },
)
