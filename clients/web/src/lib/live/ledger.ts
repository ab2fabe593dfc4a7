/** What was typed here and is not known to be on the service's disk: the number that an editor shows as unsaved. */
import * as Y from 'yjs'

interface Range {
  clock: number
  len: number
}

interface Waiting {
  client: number
  /** The client's clock behind it. */
  until: number
  /** Whether it puts anything: what only deletes moves no clock. */
  puts: boolean
  deletes: Map<number, Range[]>
  sections: Set<string>
}

export class Ledger {
  private waiting: Waiting[] = []

  /** How many changes are not saved. */
  get unsaved(): number {
    return this.waiting.length
  }

  /** The sections that they touch. */
  get sections(): Set<string> {
    return new Set(this.waiting.flatMap((one) => [...one.sections]))
  }

  /** Notes a change that was made here. */
  typed(transaction: Y.Transaction): void {
    const client = transaction.doc.clientID
    const until = transaction.afterState.get(client) ?? 0
    this.waiting.push({
      client,
      until,
      puts: until > (transaction.beforeState.get(client) ?? 0),
      deletes: new Map([...transaction.deleteSet.clients].map(([owner, ranges]) => [owner, ranges.slice()])),
      sections: sectionsIn(transaction),
    })
  }

  /** Notes up to where everything is on disk. What was sent before something that is, is there too. */
  durable(vector: Map<number, number>): void {
    const last = this.waiting.findLastIndex((one) => one.puts && one.until <= (vector.get(one.client) ?? 0))
    this.waiting.splice(0, last + 1)
  }

  /** Notes an update of the service's, which shows nothing that is not on disk: deletions are known by it alone. */
  told(update: Uint8Array): void {
    if (this.waiting.every((one) => one.puts)) return
    const told = Y.decodeUpdate(update).ds.clients
    for (const { deletes } of this.waiting) {
      for (const [client, ranges] of deletes) {
        const left = ranges.flatMap((range) => without(range, told.get(client) ?? []))
        if (left.length) deletes.set(client, left)
        else deletes.delete(client)
      }
    }
    this.waiting = this.waiting.filter((one) => one.puts || one.deletes.size > 0)
  }
}

/** Gives what is left of a range when these are taken out of it. */
function without(range: Range, taken: readonly Range[]): Range[] {
  let left = [range]
  for (const { clock, len } of taken) {
    left = left.flatMap((part) => [
      { clock: part.clock, len: Math.min(part.len, clock - part.clock) },
      { clock: Math.max(part.clock, clock + len), len: part.clock + part.len - Math.max(part.clock, clock + len) },
    ])
    left = left.filter((part) => part.len > 0)
  }
  return left
}

/** Names the sections that a transaction touched, whether in their text or in the outline. */
export function sectionsIn(transaction: Y.Transaction): Set<string> {
  const sections = new Set<string>()
  for (const [type, keys] of transaction.changed) {
    const own = type._item?.parentSub
    for (const section of own ? [own] : keys) if (section !== null) sections.add(section)
  }
  return sections
}
