/** Breaks behind the scenarios of order, hold and targets. */
import type { Break } from '../breaks.ts'

export const queue: Readonly<Record<string, Break>> = {
  C47: {
    wrong: 'the last to come goes first',
    file: 'src/core/queue/order.ts',
    find: 'if (a.place !== b.place) return a.place - b.place',
    replace: 'if (a.place !== b.place) return b.place - a.place',
  },
  C48: {
    wrong: 'a priority changes nothing',
    file: 'src/core/queue/order.ts',
    find: '  if (a.priority !== b.priority) return b.priority - a.priority\n',
    replace: '',
  },
  C49: {
    wrong: 'a conflict is left as it is, and everybody waits behind it',
    file: 'src/core/queue/rules/builds/assembly.ts',
    find: "if (!build.spent && build.refusal && build.purpose !== 'try') return refused(",
    replace: 'if (false) return refused(',
  },
  C50: {
    wrong: 'an exception from a hold is shown as held',
    file: 'src/core/readiness/explain.ts',
    find: 'if (!lane.hold || lane.hold.allow.includes(pull)) return null',
    replace: 'if (!lane.hold) return null',
  },
  C53: {
    wrong: 'a pull request into another target begins no lane',
    file: 'src/store/fold/projection.ts',
    find: "if (event.type === 'pull_request_observed') return [event.payload.base]",
    replace: "if (event.type === 'pull_request_observed') return []",
  },
  C57: {
    wrong: 'GitHub is looked at every minute',
    file: 'src/mainkeeper.ts',
    find: 'sweepEvery: 300_000,',
    replace: 'sweepEvery: 60_000,',
  },
  C52: {
    wrong: 'the clock of a window is that of no place',
    file: 'src/core/queue/hold/windows.ts',
    find: "{ timezone: zone, paused: true, mode: '5-part' }",
    replace: "{ timezone: 'UTC', paused: true, mode: '5-part' }",
  },
}
