/** One Yjs document on the line to the service, by the stock y-websocket provider. A refusal ends it for good. */
import * as decoding from 'lib0/decoding'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { Ledger, sectionsIn } from './ledger'
import { outlineOf, sectionsOf } from './shape'

/** Why the service let go of us: a code as in its problems, a sentence, and the sections that it is about. */
export interface Refused {
  code: string
  sentence: string
  sections: string[]
}

export interface Hearer {
  /** The line, or what is saved, is another one. */
  moved(): void
  /** The first time that everything is here which the service has. */
  synced(): void
  /** These sections read differently now. */
  changed(sections: Set<string>, here: boolean): void
  /** Who is here, where, typing. */
  people(): void
  /** The service ended it, with this close code (44xx): the provider does not come back by itself. */
  closed(code: number, why: Refused): void
}

/** Message types of y-websocket's protocol, and ours. */
const SYNC = 0
const AUTH = 2
const DURABLE = 100
const STEP_1 = 0

export class Sheet {
  readonly doc = new Y.Doc()
  readonly ledger = new Ledger()
  readonly provider: WebsocketProvider
  /** Takes back what was typed here, never what others typed. That a section was put is taken back by removing it. */
  readonly undoing: Y.UndoManager
  private denial: Refused | null = null
  private everSynced = false

  constructor(address: string, draft: string, params: Record<string, string>, to: Hearer) {
    this.undoing = new Y.UndoManager([outlineOf(this.doc), sectionsOf(this.doc)], {
      trackedOrigins: new Set([this]),
      deleteFilter: (item) => !(item.content instanceof Y.ContentType),
    })
    // No talk between the windows of a browser: what the service refused to one would get into the other.
    this.provider = new WebsocketProvider(address, draft, this.doc, {
      params: { ...params, acks: '1' },
      disableBc: true,
      connect: false,
    })
    this.listen(to)
    this.doc.on('afterTransaction', (transaction) => {
      const sections = sectionsIn(transaction)
      if (!sections.size) return
      if (transaction.local) this.ledger.typed(transaction)
      to.changed(sections, transaction.local)
      if (transaction.local) to.moved()
    })
    this.provider.on('status', () => to.moved())
    this.provider.on('sync', (synced) => {
      if (synced && !this.everSynced) {
        this.everSynced = true
        to.synced()
      }
      to.moved()
    })
    this.provider.on('closed', ({ code, reason }) => {
      to.closed(code, this.denial ?? { code: reason || 'closed', sentence: reason, sections: [] })
    })
    this.provider.awareness.on('change', () => to.people())
  }

  /** Whether everything is here that the service had when the line was opened. */
  get live(): boolean {
    return this.provider.synced
  }

  /** Changes something in one step of the undoing. */
  change<T>(how: (doc: Y.Doc) => T): T {
    return this.doc.transact(() => how(this.doc), this)
  }

  /** Changes something that undoing does not take back. */
  changeForGood<T>(how: (doc: Y.Doc) => T): T {
    return this.doc.transact(() => how(this.doc), 'for good')
  }

  /** Takes over what could be undone in a sheet that this one stands in for: what the service has bears the same ids. */
  inherit(undoing: Y.UndoManager): void {
    this.undoing.undoStack.push(...undoing.undoStack)
  }

  destroy(): void {
    this.provider.destroy()
    this.undoing.destroy()
    this.doc.destroy()
  }

  private listen(to: Hearer): void {
    const handlers = this.provider.messageHandlers
    const sync = handlers[SYNC]
    handlers[SYNC] = (...message) => {
      const [, decoder] = message
      const ahead = decoding.clone(decoder)
      const step = decoding.readVarUint(ahead)
      const content = decoding.readVarUint8Array(ahead)
      // What the service says, it has on disk.
      if (step === STEP_1) this.ledger.durable(Y.decodeStateVector(content))
      else this.ledger.told(content)
      sync?.(...message)
      to.moved()
    }
    handlers[AUTH] = (_encoder, decoder) => {
      decoding.readVarUint(decoder)
      this.denial = refused(decoding.readVarString(decoder))
    }
    handlers[DURABLE] = (_encoder, decoder) => {
      this.ledger.durable(Y.decodeStateVector(decoding.readVarUint8Array(decoder)))
      to.moved()
    }
  }
}

/** Reads a refusal: JSON of the service's; of another one's, the text is the sentence. */
function refused(said: string): Refused {
  try {
    const { code, detail, facts } = JSON.parse(said) as {
      code: string
      detail: string
      facts?: { section?: string; sections?: string[] }
    }
    const sections = facts?.sections ?? (facts?.section === undefined ? [] : [facts.section])
    return { code, sentence: detail, sections }
  } catch {
    return { code: 'denied', sentence: said, sections: [] }
  }
}
