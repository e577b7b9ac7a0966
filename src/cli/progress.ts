import type { LoadProgress } from '../contract/engine.ts'
import type { Observer } from '../run/observer.ts'
import { now } from '../world/clock.ts'
import { colour, out } from './output.ts'

/** Plain line at most this often when nobody can see a redrawn one. Short runs still say something. */
const PLAIN_EVERY_MS = 5000

/** An observer that knows when there is nothing more to see. */
export type EndingObserver = Observer & { done(): void }

/** A status line that is redrawn on a terminal, and a plain line now and then in a pipe or in CI. */
export function progressObserver(mode: 'auto' | 'plain' | 'none'): EndingObserver {
  if (mode === 'none') return { phase() {}, load() {}, attack() {}, note() {}, done() {} }
  const redraw = mode === 'auto' && process.stderr.isTTY === true && process.env.CI === undefined
  let open = false
  let lastPlainMs = 0
  const close = (): void => {
    if (open) process.stderr.write('\r\x1b[2K')
    open = false
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
      const text = loadLine(progress)
      if (redraw) {
        process.stderr.write(`\r\x1b[2K  ${text.slice(0, (process.stderr.columns ?? 100) - 4)}`)
        open = true
      } else if (now() - lastPlainMs >= PLAIN_EVERY_MS) {
        lastPlainMs = now()
        out.line(`  ${text}`)
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

function loadLine(p: LoadProgress): string {
  const bar = `${Math.round(p.elapsedMs / 1000)}/${Math.round(p.totalMs / 1000)} s`
  const rate = `${Math.round(p.ratePerSecond)}/s${p.offeredPerSecond === null ? '' : ` of ${p.offeredPerSecond}/s`}`
  return `${bar}  ${rate}  p95 ${p.p95Ms === null ? '–' : `${Math.round(p.p95Ms)} ms`}  failed ${p.failed}  dropped ${p.dropped}`
}
