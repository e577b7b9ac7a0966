/**
 * XXTEA ("corrected block TEA", Wheeler and Needham 1998) over little-endian words with the plain length appended as a last word:
 * the variant whose sizes fit China Telecom's samples ([S11], [S12]).
 */
const DELTA = 0x9e3779b9

/** Key as Telecom's appSecret is taken: cut or zero-padded to 16 bytes (assumed; the source names no rule). */
export function xxteaKey(secret: string): Uint32Array {
  const bytes = Buffer.alloc(16)
  bytes.write(secret, 'utf8')
  return wordsOf(bytes, 4)
}

/** A key of 16 bytes as it is. */
export function xxteaKeyOfBytes(bytes: Buffer): Uint32Array {
  return wordsOf(bytes, 4)
}

export function xxteaEncrypt(plain: Buffer, key: Uint32Array): Buffer {
  const count = Math.ceil(plain.length / 4)
  const v = wordsOf(plain, count + 1)
  v[count] = plain.length
  const last = count
  const rounds = 6 + Math.floor(52 / (count + 1))
  let sum = 0
  let z = v[last] ?? 0
  for (let round = 0; round < rounds; round++) {
    sum = (sum + DELTA) >>> 0
    const e = (sum >>> 2) & 3
    for (let p = 0; p <= last; p++) {
      const y = v[p === last ? 0 : p + 1] ?? 0
      z = ((v[p] ?? 0) + mix(sum, y, z, p, e, key)) >>> 0
      v[p] = z
    }
  }
  return bytesOf(v)
}

/** Undefined when the text was not made with this key: too short, no whole words, or an impossible length inside. */
export function xxteaDecrypt(sealed: Buffer, key: Uint32Array): Buffer | undefined {
  if (sealed.length < 8 || sealed.length % 4 !== 0) return undefined
  const last = sealed.length / 4 - 1
  const v = wordsOf(sealed, last + 1)
  const rounds = 6 + Math.floor(52 / (last + 1))
  let sum = Math.imul(rounds, DELTA) >>> 0
  let y = v[0] ?? 0
  for (let round = 0; round < rounds; round++) {
    const e = (sum >>> 2) & 3
    for (let p = last; p >= 0; p--) {
      const z = v[p === 0 ? last : p - 1] ?? 0
      y = ((v[p] ?? 0) - mix(sum, y, z, p, e, key)) >>> 0
      v[p] = y
    }
    sum = (sum - DELTA) >>> 0
  }
  const length = v[last] ?? 0
  if (length > last * 4 || length <= (last - 1) * 4) return undefined
  return bytesOf(v).subarray(0, length)
}

function mix(sum: number, y: number, z: number, p: number, e: number, key: Uint32Array): number {
  return (((z >>> 5) ^ (y << 2)) + ((y >>> 3) ^ (z << 4))) ^ ((sum ^ y) + ((key[(p & 3) ^ e] ?? 0) ^ z))
}

function wordsOf(bytes: Buffer, count: number): Uint32Array {
  const words = new Uint32Array(count)
  for (let i = 0; i < bytes.length; i++) words[i >>> 2] = (words[i >>> 2] ?? 0) | ((bytes[i] ?? 0) << ((i & 3) * 8))
  return words
}

function bytesOf(words: Uint32Array): Buffer {
  const bytes = Buffer.alloc(words.length * 4)
  words.forEach((word, i) => {
    bytes.writeUInt32LE(word, i * 4)
  })
  return bytes
}
