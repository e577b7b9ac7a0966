import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { processTreeCpuMs } from '../../../src/world/process-cpu.ts'

const BUSY = 'const end=performance.now()+400; while(performance.now()<end); console.log("done"); setInterval(()=>{},1000)'

describe.runIf(process.platform === 'linux')('CPU time of a process tree', () => {
  it('counts what a grandchild used', async () => {
    const program = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(BUSY)}], { stdio: 'inherit' }); process.stdin.resume()`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
    onTestFinished(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    })
    await once(child.stdout, 'data')
    // The two starts alone take less than the loop; on a busy machine the loop gets less than its 400 ms.
    const own = processTreeCpuMs(child.pid ?? -1) ?? 0
    expect(own).toBeGreaterThan(100)
  })

  it('knows nothing of a process that is gone', () => {
    expect(processTreeCpuMs(2 ** 22 + 1)).toBeUndefined()
  })
})
