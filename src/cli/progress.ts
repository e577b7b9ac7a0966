import type { Observer } from '../run/observer.ts'
import { now } from '../world/clock.ts'
import { colour, out } from './output.ts'
import { loadLine, statusBlock } from './status-block.ts'

/** Plain line at most this often when nobody can see a redrawn one. Short runs still say something. */
const PLAIN_EVERY_MS = 5000

/** An observer that knows when there is nothing more to see. */
export type EndingObserver = Observer & { done(): void }

/** A status block that is redrawn on a terminal, and a plain line now and then in a pipe or in CI. */
export function progressObserver(mode: 'auto' | 'plain' | 'none'): EndingObserver {
  if (mode === 'none') return { phase() {}, load() {}, attack() {}, note() {}, done() {} }
  const redraw = mode === 'auto' && process.stderr.isTTY === true && process.env.CI === undefined
  let open = 0
  let lastPlainMs = 0
  const errors = { refused: 0, failed: 0, carrierFailed: 0 }
  const close = (): void => {
    // Each line of the block is cleared and the cursor goes back to where the first began.
    if (open > 0) process.stderr.write(`\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(open - 1)}`)
    open = 0
  }
  const line = (text: string): void => {
    close()
    out.line(text)
  }
  return {
    phase: text => {
      lastPlainMs = now()
      line(`${colour.dim('•')} ${text}`)
    },
    note: text => line(`${colour.yellow('note:')} ${text}`),
    load: progress => {
      for (const kind of ['refused', 'failed', 'carrierFailed'] as const) errors[kind] += progress.second?.errors[kind] ?? 0
      if (redraw) {
        const lines = statusBlock(progress, errors).map(text => `  ${text.slice(0, (process.stderr.columns ?? 100) - 4)}`)
        close()
        process.stderr.write(lines.join('\n'))
        open = lines.length
      } else if (now() - lastPlainMs >= PLAIN_EVERY_MS) {
        lastPlainMs = now()
        out.line(`  ${loadLine(progress)}`)
      }
    },
    attack: ({ id, outcome, claim, index, of }) => {
      const word = {
        pass: colour.green('held'),
        fail: colour.red('GOT IN'),
        inconclusive: colour.yellow('inconclusive'),
        error: colour.yellow('error'),
        'not-applicable': colour.dim('n/a'),
      }[outcome]
      line(`  ${String(index).padStart(2)}/${of} ${id.padEnd(28)} ${word}${outcome === 'pass' ? '' : `  ${claim}`}`)
    },
    done: close,
  }
}
