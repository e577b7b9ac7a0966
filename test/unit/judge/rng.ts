import { seededRng } from '../../../src/contract/rng.ts'

/** Seeded chance for simulations: uniform in [0, 1) and standard normal. */
export function rngOf(seed: number): { uniform(): number; normal(): number } {
  const rng = seededRng(seed)
  const uniform = (): number => rng.u32() / 0x1_0000_0000
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) }
}
