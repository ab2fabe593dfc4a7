/** A room in memory for the tests of the live drafts: as the service's, it judges, keeps, shows, and only then acknowledges. */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as awarenessProtocol from 'y-protocols/awareness'
import * as Y from 'yjs'
import { sectionsIn } from '../src/lib/live/ledger'
import { type Entry, put } from '../src/lib/live/shape'

type Said = (encoder: encoding.Encoder) => void

export const OPERATIVE: Entry = { rank: '', level: 1, kind: 'operative', removed: false }

export class LiveRoom {
  readonly doc = new Y.Doc()
  readonly lines: Socket[] = []
  locked = new Set<string>()
  /** Says why an update may not be, whatever it says. */
  refuses: (update: Uint8Array) => string | null = () => null
  /** How many lines were opened, ever. */
  opened = 0
  /** While the disk is slow: what was let through and is not written. */
  slow: Uint8Array[] | null = null
  down = false
  /** Lets nobody in any more. */
  shut = false

  constructor(...texts: string[]) {
    texts.forEach((text, n) => put(this.doc, `se_${n}`, { ...OPERATIVE, rank: String.fromCharCode(65 + n) }, text))
  }

  text(section: string): string {
    return this.doc.getMap<Y.Text>('sections').get(section)?.toString() ?? ''
  }

  texts(): string[] {
    return [...this.doc.getMap<Y.Text>('sections').values()].map(String)
  }

  /** Somebody else types. */
  type(section: string, at: number, words: string): void {
    const before = Y.encodeStateVector(this.doc)
    this.doc.getMap<Y.Text>('sections').get(section)?.insert(at, words)
    this.show(Y.encodeStateAsUpdate(this.doc, before))
  }

  /** The network goes; `down` until it is back. */
  cut(): void {
    for (const line of this.lines.slice()) line.end(1006, '')
  }

  write(): void {
    for (const update of this.slow ?? []) this.keep(update)
    this.slow = null
    for (const line of this.lines) line.tell(this.durable())
  }

  enter(line: Socket): void {
    this.opened += 1
    if (this.shut) return line.end(4403, 'not_permitted')
    this.lines.push(line)
    line.tell(sync(0, Y.encodeStateVector(this.doc)))
  }

  hear(line: Socket, message: Uint8Array): void {
    const decoder = decoding.createDecoder(message)
    const kind = decoding.readVarUint(decoder)
    if (kind === 1) return this.others(line, (encoder) => encoding.writeUint8Array(encoder, message))
    const step = decoding.readVarUint(decoder)
    const content = decoding.readVarUint8Array(decoder)
    if (step === 0) return line.tell(sync(1, Y.encodeStateAsUpdate(this.doc, content)))
    const refusal = this.judge(content)
    if (refusal !== null) {
      line.tell((encoder) => {
        encoding.writeVarUint(encoder, 2)
        encoding.writeVarUint(encoder, 0)
        encoding.writeVarString(encoder, refusal)
      })
      line.end(4403, 'refused')
    } else if (this.slow) this.slow.push(content)
    else {
      this.keep(content)
      line.tell(this.durable())
    }
  }

  /** Tells all what somebody says of themselves. */
  say(awareness: awarenessProtocol.Awareness): void {
    const update = awarenessProtocol.encodeAwarenessUpdate(awareness, [awareness.clientID])
    for (const line of this.lines) {
      line.tell((encoder) => {
        encoding.writeVarUint(encoder, 1)
        encoding.writeVarUint8Array(encoder, update)
      })
    }
  }

  private judge(update: Uint8Array): string | null {
    const gate = new Y.Doc()
    Y.applyUpdate(gate, Y.encodeStateAsUpdate(this.doc))
    const touched = new Set<string>()
    gate.on('afterTransaction', (transaction) => sectionsIn(transaction).forEach((section) => touched.add(section)))
    Y.applyUpdate(gate, update)
    if (!touched.size) return null
    const locked = [...touched].filter((section) => this.locked.has(section))
    return locked.length ? denial('section_locked', { sections: locked }) : this.refuses(update)
  }

  private keep(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update)
    this.show(update)
  }

  private show(update: Uint8Array): void {
    for (const line of this.lines) line.tell(sync(2, update))
  }

  private durable(): Said {
    return (encoder) => {
      encoding.writeVarUint(encoder, 100)
      encoding.writeVarUint8Array(encoder, Y.encodeStateVector(this.doc))
    }
  }

  private others(line: Socket, said: Said): void {
    for (const other of this.lines) if (other !== line) other.tell(said)
  }
}

export function denial(code: string, facts: object = {}): string {
  return JSON.stringify({ code, detail: `It is refused: ${code}.`, facts })
}

function sync(step: number, content: Uint8Array): Said {
  return (encoder) => {
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarUint(encoder, step)
    encoding.writeVarUint8Array(encoder, content)
  }
}

/** The other end of a line, as a browser has it. `Socket.room` is where all of them lead. */
export class Socket {
  static room: LiveRoom
  static readonly OPEN = 1
  readonly OPEN = 1
  binaryType = ''
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((message: { data: ArrayBuffer }) => void) | null = null
  onclose: ((closed: { code: number; reason: string }) => void) | null = null
  onerror: (() => void) | null = null
  private readonly room = Socket.room

  constructor(readonly url: string) {
    this.soon(() => {
      if (this.room.down) return this.end(1006, '')
      this.readyState = 1
      this.onopen?.()
      this.room.enter(this)
    })
  }

  send(message: Uint8Array): void {
    const copy = message.slice()
    this.soon(() => this.readyState === 1 && this.room.hear(this, copy))
  }

  tell(said: Said): void {
    const encoder = encoding.createEncoder()
    said(encoder)
    const message = encoding.toUint8Array(encoder)
    this.soon(() => this.onmessage?.({ data: message.slice().buffer as ArrayBuffer }))
  }

  end(code: number, reason: string): void {
    const at = this.room.lines.indexOf(this)
    if (at >= 0) this.room.lines.splice(at, 1)
    this.readyState = 3
    this.soon(() => this.onclose?.({ code, reason }))
  }

  close(): void {
    this.end(1000, '')
  }

  /** Everything arrives later, in its order. */
  private soon(what: () => void): void {
    setTimeout(what, 1)
  }
}
