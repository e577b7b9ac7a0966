import { fileURLToPath } from 'node:url'
import type { LoadShape } from '../../src/contract/shape.ts'
import type { OurFigures } from './ours.ts'
import { runPeer, startTarget } from './run-peer.ts'
import type { TargetAccount } from './target.ts'

export interface OurRun {
  figures: OurFigures
  account: TargetAccount
  memoryMb: number
}

export const WARM_UP_MS = 2000

/** One load by one of our engines, in a process of its own. `target`: arguments of the target. */
export async function runOurs(wish: {
  engine: 'k6' | 'embedded'
  shape: LoadShape
  maxUsers: number
  outlastStallMs: number
  target: readonly (number | string)[]
}): Promise<OurRun> {
  const target = await startTarget(wish.target)
  const script = fileURLToPath(new URL('./ours.ts', import.meta.url))
  const { engine, shape, maxUsers, outlastStallMs } = wish
  const args = [engine, target.url, JSON.stringify(shape), String(maxUsers), String(outlastStallMs), '1', String(WARM_UP_MS)]
  const peer = { name: engine, command: [process.execPath, script, ...args] }
  const { stdout, account, memoryMb } = await runPeer(peer, target, shape.durationMs + 60_000, false)
  const line = stdout.split('\n').find(text => text.startsWith('{'))
  if (line === undefined) throw new Error(`${engine} told nothing: ${stdout}`)
  return { figures: JSON.parse(line) as OurFigures, account, memoryMb }
}
