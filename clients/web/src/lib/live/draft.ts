/**
 * A working draft that many hands type in, as one of them has it. What is typed is here at once and on its way; offline
 * it waits and is sent when the line is back. When the service refuses some of it, the rest is done again on a fresh
 * document, and the refused words are handed back: nothing that was typed is lost.
 */
import type * as Y from 'yjs'
import { replay, unsaved } from './replay'
import { type Entry, type Line, type Wanted, add, linesOf, move, set, textOf } from './shape'
import { type Refused, Sheet } from './sheet'

/** `offline`: what is typed waits; `mending`: after a refusal; `ended`: the service let go of us, `again` tries anew. */
export type Connection = 'connecting' | 'live' | 'offline' | 'mending' | 'ended'

export interface Standing {
  connection: Connection
  /** How many changes are not known to be on the service's disk. */
  unsaved: number
  /** The last refusal, until something that is typed is saved again. */
  refused: Refused | null
}

/** What somebody wrote in a section and the service did not take: how the section would read with it. */
export interface Kept {
  section: string
  text: string
  why: Refused
}

/** Somebody else at the draft. `user` is what the service tells of them: nothing where contributors are unnamed. */
export interface Present {
  client: number
  user: Record<string, unknown> | null
  section: string | null
  typing: boolean
  /** Where the room is, if this is one who leads it. */
  reading: string | null
}

export interface Listener {
  standing(standing: Standing): void
  /** These sections read, or stand, differently now. */
  changed(sections: Set<string>): void
  people(people: Present[]): void
  kept(words: Kept[]): void
  /** The document was replaced by a fresh one: what holds a text of the old one takes it anew. */
  renewed(): void
}

const REFUSED = 4403
/** Refusals of how something was sent, not of what it says: once more is worth it. */
const WORTH_AGAIN = new Set(['update_missing'])
const MOST_TRIES = 3
const PAUSE_MS = 1_000
const TYPING_MS = 3_000

export class Draft {
  private sheet: Sheet
  /** The sheet that takes the place of a refused one, once it has everything that the service has. */
  private next: Sheet | null = null
  private connection: Connection = 'connecting'
  private refused: Refused | null = null
  private tries = 0
  private unsaved = 0
  private told = ''
  private pause: ReturnType<typeof setTimeout> | undefined
  private still: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly address: string,
    private readonly draft: string,
    private readonly params: Record<string, string>,
    private readonly to: Listener,
  ) {
    this.sheet = this.open(() => undefined)
    this.sheet.provider.connect()
  }

  get doc(): Y.Doc {
    return this.sheet.doc
  }

  lines(): Line[] {
    return linesOf(this.doc)
  }

  text(section: string): string {
    return textOf(this.doc, section).toString()
  }

  /** Puts words in a section; `at` counts as JavaScript's strings do. */
  insert(section: string, at: number, words: string): void {
    this.sheet.change((doc) => textOf(doc, section).insert(at, words))
  }

  delete(section: string, at: number, length: number): void {
    this.sheet.change((doc) => textOf(doc, section).delete(at, length))
  }

  /** Puts a new section in the draft; gives its id. */
  add(wanted: Wanted): string {
    return this.sheet.changeForGood((doc) => add(doc, wanted))
  }

  move(section: string, after: string | null): void {
    this.sheet.change((doc) => move(doc, section, after))
  }

  /** Removes a section, or puts it back. */
  remove(section: string, removed = true): void {
    this.set(section, { removed })
  }

  set(section: string, fields: Partial<Omit<Entry, 'rank'>>): void {
    this.sheet.change((doc) => set(doc, section, fields))
  }

  undo(): void {
    this.sheet.undoing.undo()
  }

  redo(): void {
    this.sheet.undoing.redo()
  }

  /** Says in which section one is, and, of one who leads the room, where the room is. */
  here(section: string | null, reading: string | null = null): void {
    this.say({ section, reading })
  }

  people(): Present[] {
    const { awareness } = this.sheet.provider
    const others = [...awareness.getStates()].filter(([client]) => client !== this.doc.clientID)
    return others.map(([client, said]) => ({
      client,
      user: (said.user as Record<string, unknown> | undefined) ?? null,
      section: (said.section as string | null | undefined) ?? null,
      typing: said.typing === true,
      reading: (said.reading as string | null | undefined) ?? null,
    }))
  }

  /** What is not saved, by section: to be kept elsewhere where the service takes it no more. */
  words(why: Refused): Kept[] {
    const texts = new Map(this.lines().map((line) => [line.section, line.text]))
    return [...this.sheet.ledger.sections].map((section) => ({ section, text: texts.get(section) ?? '', why }))
  }

  /** Goes offline, and stays so until `again`. */
  rest(): void {
    this.line.provider.disconnect()
  }

  /** Connects again, after `rest` or when the service let go of us. */
  again(): void {
    this.connection = this.next ? 'mending' : 'connecting'
    this.line.provider.connect()
    this.tell()
  }

  close(): void {
    clearTimeout(this.pause)
    clearTimeout(this.still)
    this.next?.destroy()
    this.sheet.destroy()
  }

  /** The sheet that is on the line, or on its way there. */
  private get line(): Sheet {
    return this.next ?? this.sheet
  }

  private open(synced: (sheet: Sheet) => void): Sheet {
    const sheet: Sheet = new Sheet(this.address, this.draft, this.params, {
      moved: () => this.moved(sheet),
      synced: () => synced(sheet),
      changed: (sections, here) => this.changed(sheet, sections, here),
      people: () => sheet === this.sheet && this.to.people(this.people()),
      closed: (code, why) => this.closed(sheet, code, why),
    })
    return sheet
  }

  private moved(sheet: Sheet): void {
    if (sheet !== this.sheet) return
    const { unsaved } = sheet.ledger
    if (this.connection !== 'mending' && this.connection !== 'ended') {
      if (sheet.live) this.connection = 'live'
      else if (this.connection === 'live') this.connection = 'offline'
    }
    if (unsaved === 0 && this.unsaved > 0) {
      this.refused = null
      this.tries = 0
    }
    this.unsaved = unsaved
    this.tell()
  }

  /** Tells how it stands, if that is news. */
  private tell(): void {
    const standing = { connection: this.connection, unsaved: this.unsaved, refused: this.refused }
    const said = JSON.stringify(standing)
    if (said === this.told) return
    this.told = said
    this.to.standing(standing)
  }

  private changed(sheet: Sheet, sections: Set<string>, here: boolean): void {
    if (sheet !== this.sheet) return
    this.to.changed(sections)
    if (!here) return
    this.say({ section: [...sections].at(-1) ?? null, typing: true })
    clearTimeout(this.still)
    this.still = setTimeout(() => this.say({ typing: false }), TYPING_MS)
  }

  private say(fields: Partial<Pick<Present, 'section' | 'typing' | 'reading'>>): void {
    const { awareness } = this.sheet.provider
    const said = { section: null, typing: false, ...awareness.getLocalState() }
    const now = { ...said, ...fields }
    if (JSON.stringify(said) !== JSON.stringify(now)) awareness.setLocalState(now)
  }

  private closed(sheet: Sheet, code: number, why: Refused): void {
    // One that is refused again and again before it has anything is refused for good.
    if (code === REFUSED && (sheet === this.sheet || this.tries < MOST_TRIES)) return this.mend(why)
    this.connection = 'ended'
    this.refused = why
    if (sheet === this.next) this.drop()
    this.tell()
  }

  /** Opens a fresh sheet; until it has everything, one types on in the refused one. */
  private mend(why: Refused): void {
    this.connection = 'mending'
    this.refused = why
    this.tries += 1
    this.drop()
    this.tell()
    this.pause = setTimeout(
      () => {
        this.next = this.open((fresh) => this.renew(fresh, why))
        this.next.provider.connect()
      },
      WORTH_AGAIN.has(why.code) ? PAUSE_MS : 0,
    )
  }

  private drop(): void {
    clearTimeout(this.pause)
    this.next?.destroy()
    this.next = null
  }

  /** Does on the fresh sheet what the service has not, but for what it refused; goes on there. */
  private renew(fresh: Sheet, why: Refused): void {
    const old = this.sheet
    const refused = this.left(why)
    const mine = why.code === 'hand_taken' ? [] : unsaved(old.doc, fresh.doc)
    const kept = why.code === 'hand_taken' ? this.words(why) : mine.filter((one) => refused(one.section))
    const rest = mine.filter((one) => !refused(one.section))
    const said = old.provider.awareness.getLocalState()
    this.sheet = fresh
    this.next = null
    this.connection = 'live'
    this.unsaved = 0
    if (said) fresh.provider.awareness.setLocalState(said)
    fresh.inherit(old.undoing)
    fresh.changeForGood((doc) => replay(doc, rest.filter((one) => one.added)))
    fresh.change((doc) => replay(doc, rest.filter((one) => !one.added)))
    old.destroy()
    this.to.renewed()
    if (kept.length) this.to.kept(kept.map(({ section, text }) => ({ section, text, why })))
    this.tell()
  }

  /** Tells which sections are not worth trying again. */
  private left(why: Refused): (section: string) => boolean {
    if (why.sections.length) return (section) => why.sections.includes(section)
    const again = WORTH_AGAIN.has(why.code) && this.tries < MOST_TRIES
    return () => !again
  }
}
