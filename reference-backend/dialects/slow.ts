import { setTimeout as sleep } from 'node:timers/promises'
import type { Dialect } from './dialect.ts'

/** Longer than an impatient client waits, shorter than anybody may call broken. */
const LATER_MS = 300

/** Every answer takes 300 ms longer. */
export const slow: Dialect = app => {
  app.addHook('onRequest', async () => {
    await sleep(LATER_MS)
  })
}
