/**
 * The line to the service for one document: a socket where it opens, a long poll where it does not. Commands keep
 * their id until they are answered and are sent again after every reconnection; the service answers a repeated id
 * with the first receipt, so nothing is lost and nothing doubled.
 */
import type { ClientFrame, Command, EventView, Presence, Receipt, ServerFrame } from '../generated/protocol'
import { Problem, documentPath, read, send } from './api'
import { ulid } from './ulid'

/** `live`: a socket; `polling`: asked again and again; `broken`: being mended. */
export type Line = 'opening' | 'live' | 'polling' | 'broken'

export interface Listener {
  /** Where to go on from: the cursor of what is shown. */
  cursor(): string
  event(event: EventView, cursor: string): void
  /** What is shown is no longer ours to follow: take a new snapshot, then the feed goes on from its cursor. */
  reset(): Promise<void>
  presence(present: Presence['present']): void
  line(line: Line): void
  unsent(count: number): void
  signedOut(): void
}

interface Waiting {
  command: Command
  resolve(receipt: Receipt): void
  reject(why: unknown): void
}

const SILENCE_MS = 40_000
const SOCKET_AGAIN_MS = 60_000
const POLL_SECONDS = 25
const NOT_SIGNED_IN = 4401
const FAILURES_UNTIL_POLL = 2

export class Feed {
  private socket: WebSocket | null = null
  private waiting = new Map<string, Waiting>()
  private reading: string | null = null
  private failures = 0
  private heardAt = 0
  private stopped = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private poll: AbortController | null = null
  private readonly watch: ReturnType<typeof setInterval>

  constructor(
    private readonly document: string,
    private readonly to: Listener,
  ) {
    this.watch = setInterval(() => this.listen(), 5_000)
    addEventListener('online', this.again)
    void this.open()
  }

  /** Sends a command; resolves with its receipt, rejects with the refusal. A broken line only makes it wait. */
  command(command: Command): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      const id = ulid()
      this.waiting.set(id, { command, resolve, reject })
      this.to.unsent(this.waiting.size)
      void this.dispatch(id)
    })
  }

  /** Says which section is being read. */
  here(section: string | null): void {
    this.reading = section
    this.say({ type: 'here', document: this.document, section })
  }

  stop(): void {
    this.stopped = true
    clearInterval(this.watch)
    clearTimeout(this.timer)
    removeEventListener('online', this.again)
    this.poll?.abort()
    this.socket?.close()
  }

  private readonly again = (): void => {
    if (this.socket) return
    clearTimeout(this.timer)
    void this.open()
  }

  private async open(): Promise<void> {
    if (this.stopped) return
    try {
      const { ticket } = await send<{ ticket: string }>('POST', 'tickets')
      if (!this.stopped) this.connect(ticket)
    } catch (why) {
      if (why instanceof Problem && why.status === 401) this.to.signedOut()
      else this.retry()
    }
  }

  private connect(ticket: string): void {
    const address = new URL('/ws', location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    address.searchParams.set('ticket', ticket)
    const socket = new WebSocket(address)
    this.socket = socket
    this.heardAt = Date.now()
    let subscribed = false
    socket.onopen = () => this.subscribe()
    socket.onmessage = (message) => {
      this.heardAt = Date.now()
      const frame = JSON.parse(String(message.data)) as ServerFrame
      if (frame.type === 'subscribed' && !subscribed) {
        subscribed = true
        this.settled()
      }
      this.hear(frame)
    }
    socket.onclose = (closed) => {
      if (this.socket !== socket) return
      this.socket = null
      if (closed.code === NOT_SIGNED_IN) this.to.signedOut()
      else if (!this.stopped) this.retry()
    }
  }

  /** The socket works: the poll, if any, ends, and what is not answered yet is sent again. */
  private settled(): void {
    this.failures = 0
    this.poll?.abort()
    this.poll = null
    this.to.line('live')
    this.here(this.reading)
    for (const id of this.waiting.keys()) void this.dispatch(id)
  }

  private subscribe(): void {
    this.say({ type: 'subscribe', document: this.document, after: this.to.cursor() })
  }

  private hear(frame: ServerFrame): void {
    switch (frame.type) {
      case 'event':
        if (frame.document === this.document) this.to.event(frame.event, frame.cursor)
        break
      case 'receipt':
        this.answered(frame.id)?.resolve(frame)
        break
      case 'refusal':
        if (frame.id) this.answered(frame.id)?.reject(new Problem(frame.code, frame.detail, 0))
        else if (frame.code === 'cursor_invalid') void this.restart()
        break
      case 'reset':
        void this.restart()
        break
      case 'presence':
        if (frame.document === this.document) this.to.presence(frame.present)
        break
    }
  }

  private async restart(): Promise<void> {
    try {
      await this.to.reset()
      this.subscribe()
    } catch {
      this.socket?.close()
    }
  }

  private answered(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    this.to.unsent(this.waiting.size)
    return waiting
  }

  private say(frame: ClientFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame))
  }

  private async dispatch(id: string): Promise<void> {
    const waiting = this.waiting.get(id)
    if (!waiting) return
    if (this.socket) return this.say({ type: 'command', id, command: { ...waiting.command } })
    if (!this.poll) return
    try {
      const receipt = await send<Receipt>('POST', 'commands', { id, command: waiting.command })
      this.answered(id)?.resolve(receipt)
    } catch (why) {
      // Anything but a problem is the line's fault: it stays, and is sent again.
      if (why instanceof Problem && why.status < 500) this.answered(id)?.reject(why)
    }
  }

  private retry(): void {
    this.failures += 1
    if (this.failures > FAILURES_UNTIL_POLL) {
      if (!this.poll) void this.pollOn()
      this.timer = setTimeout(this.again, SOCKET_AGAIN_MS)
      return
    }
    this.to.line('broken')
    this.timer = setTimeout(this.again, pause(this.failures))
  }

  private async pollOn(): Promise<void> {
    const poll = new AbortController()
    this.poll = poll
    let failures = 0
    // The first question is answered at once, so that the reader soon knows how the line is.
    for (let wait = 0; !poll.signal.aborted; ) {
      try {
        await this.ask(poll.signal, wait)
        failures = 0
        wait = POLL_SECONDS
        this.to.line('polling')
        for (const id of this.waiting.keys()) void this.dispatch(id)
      } catch (why) {
        if (poll.signal.aborted) return
        if (why instanceof Problem && why.status === 401) return this.to.signedOut()
        if (why instanceof Problem && why.code === 'cursor_invalid') await this.to.reset().catch(() => undefined)
        failures += 1
        wait = 0
        this.to.line('broken')
        await new Promise((done) => setTimeout(done, pause(failures)))
      }
    }
  }

  private async ask(signal: AbortSignal, wait: number): Promise<void> {
    const query = new URLSearchParams({ after: this.to.cursor(), wait: String(wait) })
    const path = documentPath(this.document, `/events?${query}`)
    const news = await read<{ items: { cursor: string; event: EventView }[] }>(path, signal)
    for (const { event, cursor } of news.items) this.to.event(event, cursor)
  }

  /** Silence longer than the service's heartbeat allows means a broken line. */
  private listen(): void {
    if (this.socket && Date.now() - this.heardAt > SILENCE_MS) this.socket.close()
  }
}

/** Milliseconds to wait before the nth try: doubling to 20 s, with a spread, so that 300 browsers do not return at once. */
function pause(n: number): number {
  return Math.min(20_000, 500 * 2 ** n) * (0.5 + Math.random() / 2)
}
