// Lays .br and .gz beside every text file of the built page, so that the server never compresses.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const page = fileURLToPath(new URL('../../../drafting/http/page/', import.meta.url))
const TEXT = /\.(html|js|css|svg|json)$/

for (const entry of await readdir(page, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const plain = await readFile(path)
  const br = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  const gz = gzipSync(plain, { level: 9 })
  await writeFile(`${path}.br`, br)
  await writeFile(`${path}.gz`, gz)
}
