import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Command, ServerFrame } from '../src/generated/protocol'
import { Feed, type Line, type Listener } from '../src/lib/feed'

type Sent = { type: string; [field: string]: unknown }

class Socket {
  static readonly OPEN = 1
  static all: Socket[] = []
  readyState = 0
  sent: Sent[] = []
  onopen = (): void => undefined
  onmessage = (_: { data: string }): void => undefined
  onclose = (_: { code: number }): void => undefined
  constructor(readonly url: URL) {
    Socket.all.push(this)
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent)
  }
  close(code = 1006): void {
    this.readyState = 3
    this.onclose({ code })
  }
  open(): void {
    this.readyState = Socket.OPEN
    this.onopen()
    this.say({ type: 'subscribed', document: 'do_1', cursor: 'c7' })
  }
  say(frame: ServerFrame): void {
    this.onmessage({ data: JSON.stringify(frame) })
  }
  of(type: string): Sent[] {
    return this.sent.filter((frame) => frame.type === type)
  }
}

const withdraw: Command = { kind: 'withdraw_amendment', capacity: 'head:ARV', document: 'do_1', amendment: 'am_1', reason: '' }
const at = '2026-11-24T09:00:00Z'
const receipt = (id: string): ServerFrame => ({ type: 'receipt', id, kind: 'withdraw_amendment', event: 'amendment_withdrawn', at, cursor: 'c8', made: {} })

let seen: { events: string[]; lines: Line[]; unsent: number; resets: number; signedOut: boolean; cursor: string }
let feed: Feed
let answer: (path: string) => Promise<Response>

function listener(): Listener {
  return {
    cursor: () => seen.cursor,
    event: (event, cursor) => {
      seen.events.push(event.kind)
      seen.cursor = cursor
    },
    reset: async () => {
      seen.resets += 1
      seen.cursor = 'fresh'
    },
    presence: () => undefined,
    line: (line) => seen.lines.push(line),
    unsent: (count) => (seen.unsent = count),
    signedOut: () => (seen.signedOut = true),
  }
}

const json = (body: unknown, status = 200): Promise<Response> => Promise.resolve(Response.json(body, { status }))
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const last = (): Socket => {
  const socket = Socket.all.at(-1)
  if (!socket) throw new Error('no socket was opened')
  return socket
}

beforeEach(async () => {
  vi.useFakeTimers()
  Socket.all = []
  seen = { events: [], lines: [], unsent: 0, resets: 0, signedOut: false, cursor: 'c7' }
  answer = () => json({ ticket: 'T', expires_at: at })
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('location', { href: 'https://room.example/' })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
    init?.signal?.throwIfAborted()
    return answer(path)
  })
  feed = new Feed('do_1', listener())
  await settle()
})

afterEach(() => {
  feed.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('the feed goes on from the cursor of what is shown', () => {
  last().open()
  expect(String(last().url)).toBe('wss://room.example/ws?ticket=T')
  expect(last().of('subscribe')).toEqual([{ type: 'subscribe', document: 'do_1', after: 'c7' }])
  expect(seen.lines).toEqual(['live'])
})

test('a command without an answer is sent again under its id after the line was mended', async () => {
  last().open()
  const answered = feed.command(withdraw)
  const [first] = last().of('command')
  expect(seen.unsent).toBe(1)
  last().close()
  expect(seen.lines.at(-1)).toBe('broken')
  await settle(5_000)
  expect(Socket.all.length).toBe(2)
  last().open()
  expect(last().of('command')).toEqual([first])
  last().say(receipt(String(first?.id)))
  await expect(answered).resolves.toMatchObject({ cursor: 'c8' })
  expect(seen.unsent).toBe(0)
})

test('a refusal rejects its command and keeps the line', async () => {
  last().open()
  const answered = feed.command(withdraw)
  last().say({ type: 'refusal', id: String(last().of('command')[0]?.id), code: 'round_closed', detail: 'The round is closed.', facts: {} })
  await expect(answered).rejects.toMatchObject({ code: 'round_closed', message: 'The round is closed.' })
  expect(seen.lines.at(-1)).toBe('live')
})

test('a reset takes a new snapshot and subscribes from there', async () => {
  last().open()
  last().say({ type: 'reset', document: 'do_1' })
  await settle()
  expect(seen.resets).toBe(1)
  expect(last().of('subscribe').at(-1)).toMatchObject({ after: 'fresh' })
})

test('silence longer than the heartbeat allows is a broken line', async () => {
  last().open()
  await settle(50_000)
  expect(Socket.all.length).toBeGreaterThan(1)
})

test('where no socket opens the feed polls and sends commands by HTTP', async () => {
  const event = { stream: 'all', seq: 1, kind: 'round_closed', by: 'x', capacity: 'chair', at, payload: {} }
  let asked = 0
  answer = (path) => {
    if (path.endsWith('/tickets')) return json({ ticket: 'T', expires_at: at })
    if (path.endsWith('/commands')) return json({ id: 'x', kind: '', event: '', at, cursor: 'c9', made: {} })
    asked += 1
    return asked === 1 ? json({ items: [{ cursor: 'c8', event }], cursor: 'c8' }) : new Promise(() => undefined)
  }
  for (let n = 0; n < 3; n += 1) {
    last().close()
    await settle(10_000)
  }
  expect(seen.lines.at(-1)).toBe('polling')
  expect(seen.events).toEqual(['round_closed'])
  await expect(feed.command(withdraw)).resolves.toMatchObject({ cursor: 'c9' })
})

test('a closing with 4401 says that nobody is signed in', () => {
  last().open()
  last().close(4401)
  expect(seen.signedOut).toBe(true)
})
