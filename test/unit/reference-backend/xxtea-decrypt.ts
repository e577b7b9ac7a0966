/** The other direction of XXTEA, written from its description: words little-endian, last word is the length, key cut or zero-padded. */
export function xxteaDecrypt(cipher: Buffer, secret: string): Buffer {
  const v = Array.from({ length: cipher.length / 4 }, (_, i) => cipher.readUInt32LE(i * 4))
  const keyBytes = Buffer.alloc(16)
  Buffer.from(secret).copy(keyBytes)
  const k = [0, 4, 8, 12].map(offset => keyBytes.readUInt32LE(offset))
  const n = v.length - 1
  let y = v[0]!
  for (let sum = Math.imul(Math.floor(6 + 52 / v.length), 0x9e3779b9) >>> 0; sum !== 0; sum = (sum - 0x9e3779b9) >>> 0) {
    const e = (sum >>> 2) & 3
    for (let p = n; p >= 0; p--) {
      const z = v[p > 0 ? p - 1 : n]!
      y = v[p] = (v[p]! - ((((z >>> 5) ^ (y << 2)) + ((y >>> 3) ^ (z << 4))) ^ ((sum ^ y) + (k[(p & 3) ^ e]! ^ z)))) >>> 0
    }
  }
  const plain = Buffer.alloc(n * 4)
  for (let i = 0; i < n; i++) plain.writeUInt32LE(v[i]!, i * 4)
  return plain.subarray(0, v[n])
}
