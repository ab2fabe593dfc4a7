const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Mints the id of a command: 48 bits of time and 80 of chance, in Crockford's base 32. */
export function ulid(now: number = Date.now()): string {
  let time = ''
  for (let rest = now, n = 0; n < 10; n += 1, rest = Math.floor(rest / 32)) time = ALPHABET.charAt(rest % 32) + time
  const chance = crypto.getRandomValues(new Uint8Array(16))
  return time + Array.from(chance, (byte) => ALPHABET.charAt(byte % 32)).join('')
}
