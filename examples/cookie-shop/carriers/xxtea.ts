const DELTA = 0x9e3779b9

/**
 * XXTEA (Wheeler and Needham, "Correction to xtea", 1998) over little-endian words, with the plaintext's byte length appended as
 * a last word. The key is cut or zero-padded to 16 bytes: China Telecom does not document that; assumed.
 */
export function xxteaEncrypt(text: string, key: string): Buffer {
  const bytes = Buffer.from(text)
  const words = new Uint32Array(Math.ceil(bytes.length / 4) + 1)
  const padded = Buffer.alloc((words.length - 1) * 4)
  bytes.copy(padded)
  for (let i = 0; i < words.length - 1; i++) words[i] = padded.readUInt32LE(i * 4)
  words[words.length - 1] = bytes.length
  scramble(words, keyWords(key))
  const out = Buffer.alloc(words.length * 4)
  words.forEach((word, i) => {
    out.writeUInt32LE(word, i * 4)
  })
  return out
}

function keyWords(key: string): Uint32Array {
  const bytes = Buffer.alloc(16)
  Buffer.from(key).copy(bytes)
  return Uint32Array.from([0, 4, 8, 12], at => bytes.readUInt32LE(at))
}

function scramble(words: Uint32Array, key: Uint32Array): void {
  const count = words.length
  let sum = 0
  let previous = words[count - 1] ?? 0
  for (let round = 0; round < 6 + Math.floor(52 / count); round++) {
    sum = (sum + DELTA) >>> 0
    const e = (sum >>> 2) & 3
    for (let p = 0; p < count; p++) {
      const next = words[(p + 1) % count] ?? 0
      const mixed =
        (((previous >>> 5) ^ (next << 2)) + ((next >>> 3) ^ (previous << 4))) ^
        ((sum ^ next) + ((key[(p & 3) ^ e] ?? 0) ^ previous))
      previous = words[p] = ((words[p] ?? 0) + mixed) >>> 0
    }
  }
}
