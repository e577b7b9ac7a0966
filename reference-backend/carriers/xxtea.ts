const DELTA = 0x9e3779b9

/**
 * XXTEA (Corrected Block TEA) over little-endian words with the plain length appended as a last word, key cut or zero-padded to
 * 16 bytes: the form the public XXTEA libraries use. China Telecom names neither; this is the reading its samples' sizes fit.
 */
export function xxteaEncrypt(plain: Buffer, key: Buffer): Buffer {
  const words = wordsOf(plain, Math.ceil(plain.length / 4) + 1)
  words[words.length - 1] = plain.length
  const keyBytes = Buffer.alloc(16)
  key.copy(keyBytes)
  encryptWords(words, wordsOf(keyBytes, 4))
  const out = Buffer.alloc(words.length * 4)
  words.forEach((word, position) => {
    out.writeUInt32LE(word, position * 4)
  })
  return out
}

function wordsOf(bytes: Buffer, count: number): Uint32Array {
  const padded = Buffer.alloc(count * 4)
  bytes.copy(padded)
  return Uint32Array.from({ length: count }, (_, position) => padded.readUInt32LE(position * 4))
}

function encryptWords(words: Uint32Array, key: Uint32Array): void {
  const last = words.length - 1
  const at = (position: number): number => words[position] ?? 0
  let previous = at(last)
  let sum = 0
  for (let round = Math.floor(6 + 52 / words.length); round > 0; round--) {
    sum = (sum + DELTA) >>> 0
    const turn = (sum >>> 2) & 3
    for (let position = 0; position <= last; position++) {
      const next = at(position === last ? 0 : position + 1)
      const keyWord = key[(position & 3) ^ turn] ?? 0
      const mixed = (((previous >>> 5) ^ (next << 2)) + ((next >>> 3) ^ (previous << 4))) ^ ((sum ^ next) + (keyWord ^ previous))
      previous = (at(position) + mixed) >>> 0
      words[position] = previous
    }
  }
}
