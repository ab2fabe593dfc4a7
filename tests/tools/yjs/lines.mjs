// How a test talks to these scripts: a JSON object a line each way. A question has a number `n`, names a `hand` and
// what to `do`; the answer bears the number and `said`, or `failed`. Many questions may be open at once.
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'

const PATIENCE_MS = 10_000

/** Answers questions with the methods of the hands that `make` makes, until there are no more; it is given all of them. */
export function serve(make) {
  const hands = new Map()
  const answer = (n, what) => process.stdout.write(`${JSON.stringify({ n, ...what })}\n`)
  const ask = async ({ hand, do: method, ...given }) => {
    if (!hands.has(hand)) hands.set(hand, make(hands))
    return (await hands.get(hand)[method](given)) ?? null
  }
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const { n, ...question } = JSON.parse(line)
      ask(question).then(
        (said) => answer(n, { said }),
        (failure) => answer(n, { failed: String(failure) }),
      )
    })
    .on('close', () => process.exit(0))
  // Yjs and its provider say things to the console; here the lines are for answers.
  console.log = console.warn = console.error = () => undefined
  answer(0, { said: 'ready' })
}

/** Waits until it is so, and gives after how many milliseconds it was; fails with what is there instead. */
export async function until(isSo, instead, patience = PATIENCE_MS) {
  const began = performance.now()
  while (!isSo()) {
    if (performance.now() - began > patience) throw new Error(`not in ${patience} ms; instead: ${JSON.stringify(instead())}`)
    await new Promise((done) => setTimeout(done, 2))
  }
  return performance.now() - began
}

/** Gives a whole document as bytes that are the same for all who have the same: undoing's memory is left out. */
export function state(Y, doc) {
  const plain = new Y.Doc()
  Y.applyUpdate(plain, Y.encodeStateAsUpdate(doc))
  const bytes = Y.encodeStateAsUpdate(plain)
  return { hash: createHash('sha256').update(bytes).digest('hex'), bytes: Buffer.from(bytes).toString('base64') }
}
