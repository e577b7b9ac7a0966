import { execFileSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { noK6, realK6, removeK6Folders, runRealK6 } from './real-k6.ts'

/** k6's stream of samples: what it would give, had it not cost k6 more than half its rate (docs/adr/0003). */
const folder = mkdtempSync(join(tmpdir(), 'onetap-fifo-'))
afterAll(() => {
  removeK6Folders()
  rmSync(folder, { recursive: true })
})

const TWO_SECONDS = `import { sleep } from 'k6'
  export const options = { vus: 2, duration: '2s' }
  export default function () { sleep(0.05) }`

describe.skipIf(noK6)("k6's JSON output:", () => {
  it('comes through a named pipe in several bursts while the load goes on, each metric announced before its points', async () => {
    const fifo = join(folder, 'samples.fifo')
    execFileSync('mkfifo', [fifo])
    const bursts: string[] = []
    const stream = createReadStream(fifo, { encoding: 'utf8' }).on('data', chunk => bursts.push(String(chunk)))
    const drained = new Promise<void>(resolve => stream.once('close', () => resolve()))
    const run = await runRealK6(TWO_SECONDS, ['--quiet', `--out=json=${fifo}`])
    await drained
    expect(run.code).toBe(0)
    // Every 200 ms by its own account; a busy machine may join some.
    expect(bursts.length).toBeGreaterThanOrEqual(4)
    const lines = bursts
      .join('')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; metric: string })
    const announced = new Set<string>()
    for (const { type, metric } of lines) {
      if (type === 'Metric') announced.add(metric)
      else expect(announced).toContain(metric)
    }
    expect(lines.filter(({ type, metric }) => type === 'Point' && metric === 'iterations').length).toBeGreaterThan(20)
  })

  it('does not come through a pipe that Node made: those are sockets, which k6 cannot open by path', () => {
    const open = (): Buffer =>
      execFileSync(realK6?.path ?? 'k6', ['run', '--quiet', '--out=json=/dev/fd/3', '-'], {
        input: 'export default () => {}',
        stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
        timeout: 20_000,
      })
    expect(open).toThrow(expect.objectContaining({ status: 255 }))
  })
})
