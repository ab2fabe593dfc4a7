// The page's own hands: the module in clients/web/src/lib/live as it is, run outside a browser.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { WebSocket } from 'ws'
import { serve, state, until } from './lines.mjs'

const web = new URL('../../../clients/web/', import.meta.url)
const require = createRequire(new URL('package.json', web))
const { runnerImport } = await import(pathToFileURL(require.resolve('vite')))
const { module: live } = await runnerImport(new URL('src/lib/live/index.ts', web).pathname, { configFile: false, logLevel: 'error' })
const Y = await import(new URL('node_modules/yjs/dist/yjs.mjs', web))

globalThis.WebSocket = WebSocket

class Page {
  standing_ = null
  kept_ = []
  renewed = 0

  async open({ address, draft, params = {} }) {
    this.draft = live.openDraft(address, draft, {
      standing: (standing) => (this.standing_ = standing),
      changed: () => undefined,
      people: () => undefined,
      kept: (words) => this.kept_.push(...words),
      renewed: () => (this.renewed += 1),
    }, params)
    await this.wait({ connection: 'live' })
  }

  insert({ section, at = 0, text }) {
    this.draft.insert(section, at, text)
  }

  delete({ section, at = 0, length }) {
    this.draft.delete(section, at, length)
  }

  add(wanted) {
    return this.draft.add(wanted)
  }

  move({ section, after }) {
    this.draft.move(section, after)
  }

  remove({ section }) {
    this.draft.remove(section)
  }

  undo() {
    this.draft.undo()
  }

  here({ section, reading = null }) {
    this.draft.here(section, reading)
  }

  people() {
    return this.draft.people()
  }

  rest() {
    this.draft.rest()
  }

  again() {
    this.draft.again()
  }

  text({ section }) {
    return this.draft.text(section)
  }

  read() {
    return this.draft.lines()
  }

  state() {
    return state(Y, this.draft.doc)
  }

  standing() {
    return { ...this.standing_, kept: this.kept_, renewed: this.renewed }
  }

  /** Waits for the line to be so, everything to be saved, words to be handed back, a section to read so. */
  wait({ connection = null, saved = false, kept = 0, section = null, text = null, patience }) {
    const isSo = () =>
      (connection === null || this.standing_?.connection === connection) &&
      (!saved || this.standing_?.unsaved === 0) &&
      this.kept_.length >= kept &&
      (section === null || this.draft.text(section) === text)
    return until(isSo, () => ({ ...this.standing(), text: section && this.draft.text(section) }), patience)
  }

  leave() {
    this.draft?.close()
  }
}

process.setMaxListeners(0)
serve(() => new Page())
