import { saltOf } from '../../src/contract/rng.ts'
import { mintAuthCode } from '../../src/contract/token.ts'

/** A second value that an aggregator's SDK gives beside a token, bound to it: 32 lower-case hex digits, another for each name. */
export function companionOf(seed: number, name: string): (tokenIndex: number) => string {
  const salted = seed ^ saltOf(name)
  return tokenIndex => mintAuthCode(salted, tokenIndex)
}
