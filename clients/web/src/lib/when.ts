/** Times as people read them, in their own zone. */
import type { Messages } from '../messages/en'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function day(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso))
}

/** "26 Nov, 18:00 CET": the zone is said, since delegates sit in many. */
export function moment(iso: string, locale: string): string {
  const format: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' }
  return new Intl.DateTimeFormat(locale, format).format(new Date(iso))
}

/** The hour if it was today, else the day. */
export function recently(iso: string, locale: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const today = at.toDateString() === now.toDateString()
  const format: Intl.DateTimeFormatOptions = today ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' }
  return new Intl.DateTimeFormat(locale, format).format(at)
}

/** What is left until the deadline, as a sentence. */
export function left(iso: string, now: number, m: Messages): string {
  const rest = new Date(iso).getTime() - now
  if (rest <= 0) return m.deadlinePassed
  const digits = (n: number, least = 1): string => n.toLocaleString(m.locale, { minimumIntegerDigits: least })
  const hours = Math.floor((rest % DAY) / HOUR)
  if (rest >= DAY) return m.deadlineIn(m.daysHours(digits(Math.floor(rest / DAY)), digits(hours, 2)))
  return m.deadlineIn(m.hoursMinutes(digits(hours), digits(Math.floor((rest % HOUR) / MINUTE), 2)))
}

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** The direction that a language is written in. */
export function direction(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}
