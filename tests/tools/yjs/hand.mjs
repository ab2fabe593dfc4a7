// Stock Yjs clients: yjs and y-websocket as they are, and nothing of the project's but the shape of a draft.
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import * as syncProtocol from 'y-protocols/sync'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { serve, state, until } from './lines.mjs'

const DENIED = 2
const DURABLE = 100

class Hand {
  doc = new Y.Doc()
  closed = null
  denied = null
  /** Our own clock that is acknowledged, and the whole vector of the last acknowledgement. */
  durable = 0
  drops = 0
  killing = null

  constructor(others) {
    this.all = others
  }

  /** Connects; without `acks` and `headers` it is a provider as anybody would make one. */
  async connect({ address, draft, params = {}, acks = false, headers = null, wait = true, comesBack = true }) {
    const socket = headers ? class extends WebSocket { constructor(url, protocols) { super(url, protocols, { headers }) } } : WebSocket
    this.provider = new WebsocketProvider(address, draft, this.doc, {
      params: acks ? { ...params, acks: '1' } : params,
      WebSocketPolyfill: socket,
      disableBc: true,
      ...(comesBack ? {} : { shouldReconnect: () => false }),
    })
    this.provider.messageHandlers[DENIED] = (_encoder, decoder) => {
      decoding.readVarUint(decoder)
      this.denied = decoding.readVarString(decoder)
    }
    if (acks) {
      this.provider.messageHandlers[DURABLE] = (_encoder, decoder) => {
        const vector = Y.decodeStateVector(decoding.readVarUint8Array(decoder))
        this.durable = Math.max(this.durable, vector.get(this.doc.clientID) ?? 0)
        this.kills('acknowledged')
      }
    }
    this.doc.on('update', (_update, origin) => origin === this.provider && this.kills('shown'))
    this.provider.on('closed', (closed) => (this.closed = closed))
    this.provider.on('connection-close', () => (this.drops += 1))
    this.undoing = new Y.UndoManager(this.texts, { captureTimeout: 0, trackedOrigins: new Set([this]) })
    if (wait) await this.wait({ for: 'synced' })
    return { client: this.doc.clientID }
  }

  get texts() {
    return this.doc.getMap('sections')
  }

  get outline() {
    return this.doc.getMap('outline')
  }

  get clock() {
    return Y.getState(this.doc.store, this.doc.clientID)
  }

  type({ section, at = 0, text }) {
    this.doc.transact(() => this.texts.get(section).insert(at, text), this)
  }

  delete({ section, at = 0, length }) {
    this.doc.transact(() => this.texts.get(section).delete(at, length), this)
  }

  add({ section, rank, level = 1, kind = 'operative', text = '' }) {
    this.doc.transact(() => {
      this.outline.set(section, new Y.Map(Object.entries({ rank, level, kind, removed: false })))
      this.texts.set(section, new Y.Text(text))
    }, this)
  }

  set({ section, fields }) {
    this.doc.transact(() => {
      for (const [key, value] of Object.entries(fields)) this.outline.get(section).set(key, value)
    }, this)
  }

  undo() {
    this.undoing.undo()
  }

  redo() {
    this.undoing.redo()
  }

  text({ section }) {
    return this.texts.get(section)?.toString() ?? null
  }

  read() {
    const lines = [...this.outline].map(([section, entry]) => ({ section, ...entry.toJSON(), text: this.text({ section }) }))
    return lines.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.section < b.section ? -1 : 1))
  }

  state() {
    return state(Y, this.doc)
  }

  /** How much it has of each client. */
  vector() {
    return Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(this.doc)))
  }

  /** How it stands: acknowledged and typed clocks, the refusal, the close. */
  standing() {
    const { closed, denied, durable, clock, drops } = this
    return { client: this.doc.clientID, closed, denied: denied && JSON.parse(denied), durable, clock, drops, synced: this.provider.synced }
  }

  /** Waits for one of: `synced`, `closed`, `durable` (all that was typed), `offline`; or for a section's `text`, or a `state`. */
  wait({ for: what = null, section = null, text = null, hash = null, patience }) {
    const isSo = {
      synced: () => this.provider.synced,
      offline: () => !this.provider.wsconnected,
      closed: () => this.closed !== null,
      durable: () => this.durable >= this.clock,
    }
    if (what) return until(isSo[what], () => this.standing(), patience)
    if (hash) return until(() => this.state().hash === hash, () => this.read(), patience)
    return until(() => this.text({ section }) === text, () => this.text({ section }), patience)
  }

  /** Waits until a text has this in it. */
  sees({ section, part, patience }) {
    return until(() => this.text({ section })?.includes(part), () => this.text({ section }), patience)
  }

  /** Types, and gives after how many milliseconds another hand of this process has seen it. */
  shows({ to, section, text }) {
    this.type({ section, text })
    return this.all.get(to).sees({ section, part: text })
  }

  /** Asks for a page, and gives after how many milliseconds it was there. */
  async asks({ url }) {
    const began = performance.now()
    const answer = await fetch(url)
    if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`)
    await answer.text()
    return performance.now() - began
  }

  say({ state }) {
    this.provider.awareness.setLocalState(state)
  }

  others() {
    const states = [...this.provider.awareness.getStates()]
    return states.filter(([client]) => client !== this.doc.clientID).map(([client, state]) => ({ client, state }))
  }

  /** Waits until one of the others says these fields of themselves. */
  hears({ fields, patience }) {
    const isSo = () => this.others().some(({ state }) => Object.entries(fields).every(([key, value]) => state[key] === value))
    return until(isSo, () => this.others(), patience)
  }

  /** Sends bytes as they are. */
  send({ bytes }) {
    this.provider.ws.send(Buffer.from(bytes, 'base64'))
  }

  /** Sends the second of two updates, and has never had the first: in this document too the second waits for it. */
  skip({ section }) {
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(this.doc))
    const text = other.getMap('sections').get(section)
    text.insert(0, 'a')
    const before = Y.encodeStateVector(other)
    text.insert(1, 'b')
    const second = Y.encodeStateAsUpdate(other, before)
    Y.applyUpdate(this.doc, second)
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, 0)
    syncProtocol.writeUpdate(encoder, second)
    this.provider.ws.send(encoding.toUint8Array(encoder))
  }

  /** Types on under the client id of somebody else. */
  pose({ client }) {
    this.doc.clientID = client
  }

  /** Does what no honest client does to the shape of a draft. */
  spoil({ how, section }) {
    const acts = {
      'delete a text': () => this.texts.delete(section),
      'replace a text': () => this.texts.set(section, new Y.Text('Mine.')),
      'delete an entry': () => this.outline.delete(section),
      'set another key': () => this.outline.get(section).set('colour', 'red'),
      'set a level out of bounds': () => this.outline.get(section).set('level', -1),
      'write in a section that is not there': () => this.texts.set('se_none', new Y.Text('Mine.')),
      'use another root': () => this.doc.getText('notes').insert(0, 'Mine.'),
      'embed a thing': () => this.texts.get(section).insertEmbed(0, { image: 'x' }),
      'format words': () => this.texts.get(section).format(0, 5, { bold: true }),
    }
    this.doc.transact(acts[how], this)
  }

  /** Types a letter so many times a second, and sometimes deletes one, until `rest`. */
  load({ section, rate }) {
    let n = 0
    this.loading = setInterval(() => {
      n += 1
      const length = this.texts.get(section).length
      if (n % 9 === 0) this.delete({ section, at: Math.floor(length / 2), length: 1 })
      else this.type({ section, at: Math.floor(((n * 7919) % 997) / 997 * length), text: 'etaoinshrdlu'[n % 12] })
    }, 1000 / rate)
  }

  rest() {
    clearInterval(this.loading)
    this.loading = undefined
  }

  /** Kills a process in the very moment in which something is `acknowledged` here, or `shown`; answers when that is done. */
  killer({ pid, when }) {
    return new Promise((done) => (this.killing = { pid, when, done }))
  }

  kills(what) {
    if (this.killing?.when !== what) return
    process.kill(this.killing.pid, 'SIGKILL')
    this.killing.done()
    this.killing = null
  }

  disconnect() {
    this.provider.disconnect()
  }

  reconnect() {
    this.closed = null
    this.provider.connect()
  }

  /** Goes for good. */
  leave() {
    this.rest()
    this.provider.destroy()
  }

  /** Whether another's state says anything that this one has not: inserted or deleted. */
  lacks({ bytes }) {
    const both = new Y.Doc()
    Y.applyUpdate(both, Y.encodeStateAsUpdate(this.doc))
    const before = state(Y, both).hash
    Y.applyUpdate(both, Buffer.from(bytes, 'base64'))
    return state(Y, both).hash !== before
  }
}

process.setMaxListeners(0)
serve((all) => new Hand(all))
