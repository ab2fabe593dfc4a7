/** In what capacity the reader acts in a process; said with every command. */
import { codeOf } from './names'
import type { Room } from './room.svelte'
import { session } from './session.svelte'

const TABLING = ['head:', 'delegate:']

export class Acting {
  private chosen = $state<string | null>(null)
  readonly held: string[] = $derived.by(() => session.person?.capacities[this.room.process?.id ?? ''] ?? [])
  readonly capacity: string | null = $derived(
    this.chosen && this.held.includes(this.chosen) ? this.chosen : (this.held.find((c) => codeOf(c)) ?? this.held[0] ?? null),
  )
  readonly code: string | null = $derived(this.capacity ? codeOf(this.capacity) : null)
  readonly mayTable: boolean = $derived.by(
    () => this.room.round?.state === 'open' && TABLING.some((prefix) => this.capacity?.startsWith(prefix)),
  )

  constructor(private readonly room: Room) {}

  choose(capacity: string): void {
    this.chosen = capacity
  }
}
