/** Tokens per page: 4 KiB of bits. */
const PAGE_BITS = 15
const PAGE_WORDS = 1 << (PAGE_BITS - 5)

/**
 * Which tokens were redeemed, one bit each, in pages made on first use. Load indices count up from 0 and handset indices from
 * HANDSET_TOKEN_BASE, so pages stay dense: ten million redeemed tokens cost 1.25 MB, and subscribers cost nothing.
 */
export class SpentMarks {
  #pages = new Map<number, Uint32Array>()

  has(tokenIndex: number): boolean {
    const page = this.#pages.get(tokenIndex >>> PAGE_BITS)
    return page !== undefined && ((page[wordOf(tokenIndex)] ?? 0) & (1 << (tokenIndex & 31))) !== 0
  }

  /** Marks a token; true when it was not marked before. */
  add(tokenIndex: number): boolean {
    const number = tokenIndex >>> PAGE_BITS
    let page = this.#pages.get(number)
    if (page === undefined) {
      page = new Uint32Array(PAGE_WORDS)
      this.#pages.set(number, page)
    }
    const word = wordOf(tokenIndex)
    const before = page[word] ?? 0
    const bit = 1 << (tokenIndex & 31)
    page[word] = before | bit
    return (before & bit) === 0
  }

  /** Pages that hold marks, base64 of little-endian words, by page number. */
  snapshot(): Record<string, string> {
    const pages: Record<string, string> = {}
    for (const [number, page] of this.#pages) {
      const bytes = Buffer.alloc(PAGE_WORDS * 4)
      for (const [i, word] of page.entries()) bytes.writeUInt32LE(word, i * 4)
      pages[number] = bytes.toString('base64')
    }
    return pages
  }

  static restored(pages: Readonly<Record<string, string>>): SpentMarks {
    const marks = new SpentMarks()
    for (const [number, text] of Object.entries(pages)) {
      const bytes = Buffer.from(text, 'base64')
      if (bytes.length !== PAGE_WORDS * 4) throw new RangeError(`page ${number} of spent tokens has ${bytes.length} bytes`)
      marks.#pages.set(
        Number(number),
        Uint32Array.from({ length: PAGE_WORDS }, (_, i) => bytes.readUInt32LE(i * 4)),
      )
    }
    return marks
  }

  get pageCount(): number {
    return this.#pages.size
  }
}

function wordOf(tokenIndex: number): number {
  return (tokenIndex >>> 5) & (PAGE_WORDS - 1)
}
