/**
 * The thread beside arrival-bell.ts: sleeps until the moment it was told and says so. Told anew through shared memory, because a
 * message would not wake a thread that sleeps. Times are those of `process.hrtime`, which all threads share.
 */
import { parentPort, workerData } from 'node:worker_threads'

const shared = workerData as SharedArrayBuffer
const order = new Int32Array(shared, 0, 1)
const dueNs = new BigInt64Array(shared, 8, 1)

let rung = 0
for (;;) {
  const current = Atomics.load(order, 0)
  if (current === rung) {
    Atomics.wait(order, 0, current)
    continue
  }
  const waitMs = Number(Atomics.load(dueNs, 0) - process.hrtime.bigint()) / 1e6
  if (waitMs > 0) {
    Atomics.wait(order, 0, current, waitMs)
    if (Atomics.load(order, 0) !== current || Atomics.load(dueNs, 0) > process.hrtime.bigint()) continue
  }
  rung = current
  parentPort?.postMessage(0)
}
