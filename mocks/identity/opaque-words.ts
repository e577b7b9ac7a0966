import { createHmac } from 'node:crypto'

/**
 * Texts that look random and are functions of (seed, labels): ids that differ by app, tokens that a run can repeat. Not a
 * secret from anybody who knows the seed, as load tokens are not either.
 */
export class OpaqueWords {
  readonly #key: string

  constructor(seed: number, purpose: string) {
    this.#key = `${seed}/${purpose}`
  }

  bytes(...labels: readonly (string | number)[]): Buffer {
    return createHmac('sha256', this.#key).update(labels.join('/')).digest()
  }

  /** Lower-case hex, at most 64 digits. */
  hex(digits: number, ...labels: readonly (string | number)[]): string {
    return this.bytes(...labels)
      .toString('hex')
      .slice(0, digits)
  }

  /** Letters, digits, `-` and `_`, at most 43. */
  word(length: number, ...labels: readonly (string | number)[]): string {
    return this.bytes(...labels)
      .toString('base64url')
      .slice(0, length)
  }

  /** Whole number below `limit` (at most 2^48). */
  number(limit: number, ...labels: readonly (string | number)[]): number {
    return this.bytes(...labels).readUIntBE(0, 6) % limit
  }
}
