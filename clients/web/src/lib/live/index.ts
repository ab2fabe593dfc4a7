/** Opens a working draft; loaded when it is needed, since Yjs comes with it: `const { openDraft } = await import(…)`. */
import { Draft, type Listener } from './draft'

export { Draft }
export type { Connection, Kept, Listener, Present, Standing } from './draft'
export type { Entry, Line, Wanted } from './shape'
export type { Refused } from './sheet'

/**
 * `address` is that of the service's live drafts (`wss://…/live`). In the page the session's cookie lets one in;
 * elsewhere `params` has a draft token.
 */
export function openDraft(address: string, draft: string, to: Listener, params: Record<string, string> = {}): Draft {
  return new Draft(address, draft, params, to)
}
