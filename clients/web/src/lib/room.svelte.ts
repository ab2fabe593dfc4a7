/** One document as it stands now, kept live: the snapshot, its compilation, who is present, how the line is. */
import type {
  AmendmentView, Command, CompilationView, EventView, Presence, ProcessView, Receipt, Snapshot,
} from '../generated/protocol'
import { documentPath, read } from './api'
import { Feed, type Line } from './feed'
import { fold } from './fold'
import { session } from './session.svelte'
import { slotsOf } from './slots'

const COMPILE_AFTER_MS = 400
/** Events that change nothing in the compilation. */
const SILENT = new Set(['comment_posted', 'section_decided', 'decision_undone', 'round_closed'])

export class Room {
  snapshot = $state.raw<Snapshot | null>(null)
  compilation = $state.raw<CompilationView | null>(null)
  present = $state.raw<Presence['present']>([])
  line = $state<Line>('opening')
  unsent = $state(0)
  failure = $state.raw<unknown>(null)

  private feed: Feed | null = null
  private compileTimer: ReturnType<typeof setTimeout> | undefined
  private closed = false
  /** The version asked for; null for the newest basis of negotiation, whichever that is. */
  private chosen: string | null
  private reading: string | null = null

  readonly process: ProcessView | null = $derived(
    session.processes.find((p) => p.id === this.snapshot?.document.process) ?? null,
  )
  readonly slots = $derived(slotsOf(this.process?.delegations ?? []))
  readonly versions = $derived(this.snapshot?.versions ?? [])
  /** The version whose compilation is shown. */
  readonly base = $derived(this.compilation?.version ?? null)
  /** The newest basis of negotiation. */
  readonly newest = $derived(this.versions.findLast((v) => v.standing === 'basis' && v.recalled === null) ?? null)
  private readonly rounds = $derived([...(this.snapshot?.rounds ?? [])].sort((a, b) => a.number - b.number))
  /** The present round, or the last one. */
  readonly round = $derived(this.rounds.at(-1) ?? null)
  /** The round on the version that is shown. */
  readonly baseRound = $derived(this.rounds.find((r) => r.base === this.base?.id) ?? this.round)
  /** Those that count on the base that is shown: a late one is here, but not `active` until it is admitted. */
  readonly amendments: AmendmentView[] = $derived(
    (this.snapshot?.amendments ?? []).filter((a) => a.base === this.base?.id && a.state !== 'withdrawn'),
  )
  readonly active: AmendmentView[] = $derived(this.amendments.filter((a) => !a.late))

  constructor(
    readonly document: string,
    version: string | null,
  ) {
    this.chosen = version
    void this.start()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.compileTimer)
    this.feed?.stop()
  }

  /** Shows the compilation on another version. */
  async show(version: string | null): Promise<void> {
    if (version === this.chosen) return
    this.chosen = version
    await this.compile()
  }

  say(command: Command): Promise<Receipt> {
    if (!this.feed) return Promise.reject(new Error('the room is not open yet'))
    return this.feed.command(command)
  }

  /** Says which section is being read; before the line is open it is kept until then. */
  here(section: string | null): void {
    this.reading = section
    this.feed?.here(section)
  }

  private async start(): Promise<void> {
    try {
      await Promise.all([this.takeSnapshot(), this.compile(), session.loadProcesses()])
    } catch (why) {
      if (!session.tell(why)) this.failure = why
      return
    }
    if (this.closed) return
    this.feed = new Feed(this.document, {
      cursor: () => this.snapshot?.cursor ?? '',
      event: (event, cursor) => this.take(event, cursor),
      reset: () => this.takeSnapshot(),
      presence: (present) => (this.present = present),
      line: (line) => (this.line = line),
      unsent: (count) => (this.unsent = count),
      signedOut: () => session.signedOut(),
    })
    this.feed.here(this.reading)
  }

  private async takeSnapshot(): Promise<void> {
    this.snapshot = await read<Snapshot>(documentPath(this.document, '/snapshot'))
    this.compileSoon()
  }

  private take(event: EventView, cursor: string): void {
    if (!this.snapshot) return
    this.snapshot = fold(this.snapshot, event, cursor)
    if (!SILENT.has(event.kind)) this.compileSoon()
  }

  /** Many events in a row ask for one compilation. */
  private compileSoon(): void {
    if (!this.compilation) return
    clearTimeout(this.compileTimer)
    this.compileTimer = setTimeout(() => {
      // A failure leaves the last one standing; the next event, or the next snapshot, asks again.
      this.compile().catch((why: unknown) => session.tell(why))
    }, COMPILE_AFTER_MS)
  }

  private async compile(): Promise<void> {
    const version = this.chosen
    const query = version ? `?${new URLSearchParams({ version })}` : ''
    const compilation = await read<CompilationView>(documentPath(this.document, `/compilation${query}`))
    // An answer that was overtaken by another choice is dropped.
    if (version === this.chosen) this.compilation = compilation
  }
}
