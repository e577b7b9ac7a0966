import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OnetapConfig } from '../../src/config/schema.ts'
import { ROOT, temporaryFolder } from './command-line.ts'

/** Writes a config for the reference backend, or another target, into a fresh folder; returns the folder. */
export function writeConfig(name: string, change: Partial<OnetapConfig> = {}, patient: Record<string, string> = {}): string {
  const folder = temporaryFolder(name)
  const config: OnetapConfig = {
    name,
    seed: 7,
    target: {
      module: join(ROOT, 'onetap.target.ts'),
      start: {
        command: ['node', '--disable-warning=ExperimentalWarning', join(ROOT, 'reference-backend/main.ts')],
        env: { REBIND_SECRET: '{vars.rebindSecret}', ...patient },
      },
      vars: { rebindSecret: '{random}' },
    },
    mocks: { latency: { kind: 'lognormal', medianMs: 20, p99Ms: 80 } },
    load: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 40, durationMs: 5000 }, warmUpMs: 1000, maxUsers: 60 },
    ...change,
  }
  writeFileSync(join(folder, 'onetap.config.ts'), `export default ${JSON.stringify(config, null, 2)}\n`)
  return folder
}
