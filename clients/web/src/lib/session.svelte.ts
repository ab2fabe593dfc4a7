/** Who is signed in, and the forums that person takes part in. */
import type { PersonView, ProcessView } from '../generated/protocol'
import { Problem, read, readAll, send } from './api'

class Session {
  /** `undefined` until we know; `null` when nobody is. */
  person = $state.raw<PersonView | null | undefined>(undefined)
  processes = $state.raw<ProcessView[]>([])
  private loading: Promise<void> | null = null

  async begin(): Promise<void> {
    try {
      this.person = await read<PersonView>('me')
    } catch (why) {
      if (!this.tell(why)) throw why
    }
  }

  /** Trades the one-time code of a sign-in link, or a handle and its password, for a session cookie. */
  async signIn(said: { code: string } | { handle: string; password: string }): Promise<void> {
    this.person = await send<PersonView>('POST', 'sessions', said)
    this.loading = null
  }

  async signOut(): Promise<void> {
    await send<void>('DELETE', 'sessions').catch(() => undefined)
    this.signedOut()
  }

  signedOut(): void {
    this.person = null
    this.processes = []
    this.loading = null
  }

  /** Loads the forums once; a failure is forgotten, so that the next call tries again. */
  loadProcesses(): Promise<void> {
    this.loading ??= readAll<ProcessView>('processes').then(
      (processes) => {
        this.processes = processes
      },
      (why: unknown) => {
        this.loading = null
        throw why
      },
    )
    return this.loading
  }

  /** Notes that nobody is signed in, if that is what went wrong; says whether it was. */
  tell(why: unknown): boolean {
    const out = why instanceof Problem && why.status === 401
    if (out) this.signedOut()
    return out
  }
}

export const session = new Session()
