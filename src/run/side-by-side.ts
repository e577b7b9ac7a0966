import { type Attack, runsAlone } from '../contract/attack.ts'

/**
 * Runs attacks, as many at once as `width`; those that must have the world to themselves follow one by one. Everything waits
 * for everything: it resolves when the last has ended, and rejects, then too, with the first error. `stopped` is asked before
 * each start.
 */
export async function sideBySide(
  attacks: readonly Attack[],
  width: number,
  run: (attack: Attack, shared: boolean) => Promise<void>,
  stopped: () => boolean = () => false,
): Promise<void> {
  const together = attacks.filter(({ meta }) => !runsAlone(meta))
  const shared = together.length > 1 && width > 1
  const waiting = together[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (const attack of waiting) {
      if (stopped()) return
      await run(attack, shared)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, width) }, worker))
  const failed = ends.find(end => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  for (const attack of attacks) {
    if (!runsAlone(attack.meta)) continue
    if (stopped()) return
    await run(attack, false)
  }
}
