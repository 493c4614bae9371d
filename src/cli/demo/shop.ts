/**
 * The repository that the demo plays in: a small shop with real tests, and the ten changes that people propose to it. Two of
 * them write the same line, two pass alone and break together. It knows nothing of who lands them.
 */

/** What the required check of the shop's CI is called. */
export const REQUIRED = 'test'
/** What that check runs, in a checkout of the commit. */
export const TEST: readonly [string, ...string[]] = [process.execPath, 'test.mjs']

export const SHOP: Readonly<Record<string, string>> = {
  '.github/mainkeeper.yml': 'mode: live\n',
  'README.md': '# shop\n\nTest it with `node test.mjs`.\n',
  'test.mjs': [
    "import { readdirSync } from 'node:fs'",
    '',
    "for (const file of readdirSync(new URL('./test/', import.meta.url)).sort()) await import(`./test/${file}`)",
    '',
  ].join('\n'),
  'src/cart.mjs': cart('total'),
  'src/greeting.mjs': "export const greeting = 'Welcome to the shop'\n",
  'test/cart.mjs': cartTest('total'),
  'test/greeting.mjs': tested('greeting', 'greeting', 'assert.match(greeting, /shop/)'),
}

export interface Change {
  readonly branch: string
  readonly title: string
  readonly author: string
  readonly reviewer: string
  readonly files: Readonly<Record<string, string>>
}

/** These two write the same line: the later of them in the queue conflicts, and its follow-up is taken up in the story. */
export const GREETINGS: readonly string[] = ['hello', 'bonjour']
const [HELLO = '', BONJOUR = ''] = GREETINGS

/** The ten, in the order in which they are approved: each merges cleanly and passes its tests as long as nothing has landed. */
export const CHANGES: readonly Change[] = [
  change('count', 'Count the items of a cart', 'alice', module('count', 'items => items.length', '[1, 2]', '2')),
  change('discount', 'Give a discount', 'bob', module('discount', 'cents => Math.round(cents * 0.9)', '1000', '900')),
  change('rounding', 'Round to five cents', 'dave', module('round', 'cents => Math.round(cents / 5) * 5', '12', '10')),
  change('weight', 'Weigh a parcel', 'dave', module('weight', 'grams => grams + 80', '20', '100')),
  change('rename', 'Call the total of a cart its sum', 'alice', {
    'src/cart.mjs': cart('sum'),
    'test/cart.mjs': cartTest('sum'),
  }),
  change(HELLO, 'Say hello', 'bob', {
    'src/greeting.mjs': "export const greeting = 'Hello and welcome to the shop'\n",
  }),
  change('receipt', 'Print a receipt', 'dave', {
    'src/receipt.mjs':
      "import { total } from './cart.mjs'\n\nexport const receipt = (items) => `Total: ${total(items)}`\n",
    'test/receipt.mjs': tested('receipt', 'receipt', "assert.equal(receipt([{ cents: 250, count: 2 }]), 'Total: 500')"),
  }),
  change(
    'shipping',
    'Ship for nothing from 50 on',
    'alice',
    module('shipping', 'cents => (cents < 5000 ? 490 : 0)', '5000', '0'),
  ),
  change(BONJOUR, 'Greet in French', 'bob', {
    'src/greeting.mjs': "export const greeting = 'Bonjour from the shop'\n",
  }),
  change('stock', 'Tell when stock is low', 'alice', module('low', 'left => left < 3', '2', 'true')),
]

/** How the author of the later of `GREETINGS` settles the conflict. */
export const SETTLED: Readonly<Record<string, string>> = {
  'src/greeting.mjs': "export const greeting = 'Hello, bonjour and welcome to the shop'\n",
}

function change(branch: string, title: string, author: string, files: Readonly<Record<string, string>>): Change {
  return { branch, title, author, reviewer: author === 'erin' ? 'frank' : 'erin', files }
}

/** A module of one function, and its test. */
function module(name: string, body: string, given: string, wanted: string): Record<string, string> {
  return {
    [`src/${name}.mjs`]: `export const ${name} = ${body}\n`,
    [`test/${name}.mjs`]: tested(name, name, `assert.equal(${name}(${given}), ${wanted})`),
  }
}

function tested(file: string, name: string, assertion: string): string {
  return `import assert from 'node:assert/strict'\nimport { ${name} } from '../src/${file}.mjs'\n\n${assertion}\n`
}

function cart(name: string): string {
  return `export const ${name} = (items) => items.reduce((cents, item) => cents + item.cents * item.count, 0)\n`
}

function cartTest(name: string): string {
  return tested('cart', name, `assert.equal(${name}([{ cents: 250, count: 2 }]), 500)`)
}
