/**
 * Reads the sources as text and says where they break the house: an arrow that is not drawn, an outside thing used away
 * from its door, a cycle, a barrel, a name that says nothing, a crowded folder. It knows the rules and no file system; `sources.ts` reads.
 */
import { posix } from 'node:path'
import { importsOf, withoutComments } from './imports.ts'

/** What each part of `src` may import of ours; a name ending in `/` is a whole part. */
const ARROWS: Readonly<Record<string, readonly string[] | 'any'>> = {
  core: [],
  store: ['core/'],
  github: ['core/'],
  effects: ['core/', 'github/'],
  ingest: ['core/', 'store/', 'github/'],
  lane: ['core/', 'store/', 'effects/', 'github/port.ts'],
  notify: ['core/', 'store/'],
  simulate: ['core/'],
  rehearse: ['core/', 'simulate/'],
  server: ['core/', 'store/', 'ingest/'],
  twin: ['core/ids.ts'],
  cli: 'any',
  'main.ts': 'any',
  'mainkeeper.ts': 'any',
  'app.ts': 'any',
}

interface Door {
  readonly what: string
  readonly match: RegExp
  /** Files, or folders ending in `/`, under `src`. */
  readonly only: readonly string[]
}

const PACKAGES: readonly Door[] = [
  { what: 'the database', match: /^(drizzle-|postgres$|@electric-sql\/)/, only: ['store/'] },
  { what: 'the check of a signature', match: /^@octokit\/webhooks-methods$/, only: ['ingest/receive.ts', 'twin/'] },
  { what: 'GitHub', match: /^(@octokit\/(?!webhooks-methods$)|octokit$)/, only: ['github/'] },
  { what: 'Probot', match: /^probot$/, only: ['app.ts', 'ingest/receive.ts'] },
  { what: 'YAML', match: /^yaml$/, only: ['ingest/'] },
  { what: 'the command line', match: /^commander$/, only: ['cli/'] },
  { what: 'GraphQL and JSON Schema execution', match: /^(graphql|ajv|ajv-formats)$/, only: ['twin/'] },
  { what: 'cron', match: /^croner$/, only: ['core/queue/hold/windows.ts'] },
  { what: 'a timer', match: /^(node:)?timers(\/promises)?$/, only: ['main.ts', 'cli/', 'twin/clock.ts'] },
]

const USES: readonly Door[] = [
  // The twin hands the environment on to git and to CI commands; it reads no setting from it.
  { what: 'the environment', match: /\bprocess\.env\b/, only: ['main.ts', 'cli/', 'twin/'] },
  {
    what: 'the clock',
    match: /\bDate\.now\b|\bnew Date\(\)|\bset(Timeout|Interval)\b/,
    // A request's deadline is real time, whatever clock the lane counts by; and an App may sign its JWT by the wall clock
    // while the twin runs on virtual time.
    only: ['main.ts', 'cli/', 'github/call.ts', 'twin/clock.ts', 'twin/auth.ts'],
  },
  { what: 'the monotonic clock', match: /\bperformance\.now\b/, only: ['main.ts', 'cli/', 'store/lease.ts', 'twin/'] },
  { what: 'chance', match: /\bMath\.random\b/, only: ['main.ts', 'cli/'] },
  { what: 'the making of a Fence', match: /\bas Fence\b/, only: ['store/lease.ts'] },
  { what: 'the move of a target', match: /\.advanceTarget\(/, only: ['effects/advance-target.ts'] },
  { what: 'the merge of a pull request', match: /\.mergePull\(/, only: ['effects/land-natively.ts'] },
  {
    what: 'a ref moved on GitHub',
    match: /\bupdateRefs?\b|\bupdateRefsDocument\b|PATCH \/repos\/\{owner\}\/\{repo\}\/git\/refs/,
    only: ['github/calls/advance.ts', 'github/documents.ts', 'twin/'],
  },
  {
    what: 'a pull request merged on GitHub',
    match: /\.pulls\.merge\b/,
    only: ['github/calls/landed-pulls.ts', 'twin/'],
  },
]

/** Of how many files a folder is easily seen through. */
const MOST_FILES = 12

const EMPTY_NAMES = /^(index|utils?|helpers?|common|types|managers?|services?|handlers?|misc)$/

const within = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)))

/** Every violation in `sources` (text by path, `src/…`), one line each: `file → target: why`. */
export function checkArchitecture(sources: ReadonlyMap<string, string>): string[] {
  const code = new Map([...sources].map(([file, text]) => [file, withoutComments(text)]))
  const graph = new Map([...code].map(([file, text]) => [file, importsOf(text).map((to) => resolve(file, to))]))
  return [
    ...[...graph].flatMap(([file, targets]) => [...nameOf(file), ...targets.flatMap((to) => arrow(file, to))]),
    ...[...code].flatMap(([file, text]) => [...uses(file, text), ...barrel(file, text)]),
    ...cycles(graph),
    ...crowds(sources.keys()),
  ].sort()
}

/** A line for each folder that directly holds too many of these files. */
export function crowds(files: Iterable<string>): string[] {
  const held = new Map<string, number>()
  for (const file of files) held.set(posix.dirname(file), (held.get(posix.dirname(file)) ?? 0) + 1)
  return [...held].flatMap(([folder, count]) =>
    count > MOST_FILES
      ? [`${folder} → ${count} files: more than ${MOST_FILES} are two subjects; give one a folder`]
      : [],
  )
}

const resolve = (file: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier

function arrow(file: string, target: string): string[] {
  const own = file.slice('src/'.length)
  const part = own.split('/')[0] ?? own
  const allowed = ARROWS[part]
  const say = (why: string): string[] => [`${file} → ${target}: ${why}`]
  if (!allowed) return say('the house has no such part')
  if (target.startsWith('src/')) {
    const other = target.slice('src/'.length)
    if (other.split('/')[0] === part) return []
    if (other.startsWith('twin/') && part !== 'cli') return say('only the demo and the tests know the twin')
    return allowed === 'any' || within(other, allowed) ? [] : say(`${part} does not point there`)
  }
  if (/^(test|drizzle|docs)\//.test(target)) return say('src imports nothing outside src')
  if (part === 'core' && target !== 'zod' && target !== 'croner') return say('core is pure: it imports zod alone')
  return PACKAGES.filter((door) => door.match.test(target) && !within(own, door.only)).flatMap((door) =>
    say(`${door.what} has its door in ${door.only.join(', ')}`),
  )
}

function uses(file: string, text: string): string[] {
  const own = file.slice('src/'.length)
  return USES.flatMap((door) => {
    const found = within(own, door.only) ? null : door.match.exec(text)
    return found ? [`${file} → ${found[0]}: ${door.what} has its door in ${door.only.join(', ')}`] : []
  })
}

function nameOf(file: string): string[] {
  const parts = file.replace(/(\.config)?\.tsx?$/, '').split('/')
  const bad = parts.find((part) => EMPTY_NAMES.test(part) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
  return bad === undefined ? [] : [`${file} → ${bad}: a name says what is inside, in kebab-case`]
}

function barrel(file: string, text: string): string[] {
  const rest = text.replace(/export\s+(type\s+)?(\*|\{[^}]*\})\s*(as\s+\w+\s*)?from\s*['"][^'"]+['"];?/g, '').trim()
  return rest === '' ? [`${file} → ${file}: a barrel; import from the file that owns the thing`] : []
}

/** One line for each cycle, told from its first file in alphabetical order. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const found = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) {
      const ring = path.slice(at)
      const first = ring.indexOf([...ring].sort()[0] ?? file)
      const told = [...ring.slice(first), ...ring.slice(0, first)]
      found.add(
        `${told[0]} → ${told
          .slice(1)
          .concat(told[0] ?? '')
          .join(' → ')}: an import cycle`,
      )
    } else if (!done.has(file)) {
      for (const target of graph.get(file) ?? []) visit(target, [...path, file])
      done.add(file)
    }
  }
  for (const file of [...graph.keys()].sort()) visit(file, [])
  return [...found]
}
