import { randomBytes } from 'node:crypto'

/** Sortable by time, unique by four random bytes: `20260102-030405-9f3a21c7`. UTC. */
export function newRunId(atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${stamp}-${randomBytes(4).toString('hex')}`
}
