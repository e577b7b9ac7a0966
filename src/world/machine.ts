import { cpus, platform, release, totalmem } from 'node:os'
import type { MachineFacts } from '../contract/evidence.ts'

/** What ran the run. No host name, no user, no path. */
export function machineFacts(): MachineFacts {
  return {
    os: `${platform()} ${release()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 1_048_576),
  }
}
