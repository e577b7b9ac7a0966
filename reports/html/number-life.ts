import { scaleLinear } from 'd3-scale'
import type { TranscriptEntry } from '../../src/contract/attack.ts'
import type { AttackResult } from '../../src/contract/result.ts'
import { number } from '../wording.ts'
import { at, baseAxis, type Frame, INK, msLabel, surface } from './chart-frame.ts'
import { chartFigure } from './figure.ts'
import { html, type Markup } from './markup.ts'

const FRAME: Frame = { width: 960, height: 120, left: 16, right: 16, top: 26, bottom: 34 }
const MOST_REQUESTS = 60

/**
 * An attack on a number that changed hands, over time: when the carrier's notice reached the target, and each request before and
 * after it. Null without a notice in the transcript.
 */
export function numberLife(attack: AttackResult): Markup | null {
  const notices = attack.transcript.filter(entry => entry.op === 'rebind')
  if (attack.family !== 'number-reuse' || notices.length === 0) return null
  const requests = attack.transcript.filter(entry => entry.op !== 'rebind').slice(0, MOST_REQUESTS)
  const finding = findingOf(notices, requests)
  return chartFigure({
    id: `life-${attack.id}`,
    finding,
    help: 'The number’s life as the target was told of it. Filled: the target answered with 2xx; hollow: anything else. Time since the attack began.',
    drawing: drawing([...notices, ...requests], finding),
    legend: [
      { label: 'notice of the carrier', ink: 'orange', kind: 'line', width: 3 },
      { label: 'request', ink: 'blue', kind: 'area' },
    ],
    data: {
      heads: ['exchange', 'at, ms', 'operation', 'answer'],
      words: 0,
      rows: [...notices, ...requests]
        .sort((a, b) => a.atMs - b.atMs)
        .map(entry => [String(entry.id), number(Math.round(entry.atMs)), entry.op, answer(entry)]),
    },
  })
}

function answer({ response, error }: TranscriptEntry): string {
  return response === null ? `none: ${error ?? 'no reason was kept'}` : String(response.status)
}

function isGranted({ response }: TranscriptEntry): boolean {
  return response !== null && response.status >= 200 && response.status < 300
}

function drawing(entries: readonly TranscriptEntry[], label: string): Markup {
  const times = entries.map(({ atMs }) => atMs)
  const x = scaleLinear()
    .domain([0, Math.max(1, ...times) * 1.03])
    .range([FRAME.left, FRAME.width - FRAME.right])
  const middle = 56
  return surface(FRAME, label, [
    baseAxis(
      FRAME,
      x.ticks(8).map(ms => ({ at: x(ms), label: msLabel(ms) })),
    ),
    ...entries.map((entry, i) => {
      const left = at(x(entry.atMs))
      if (entry.op === 'rebind') {
        return html`<line class="s-orange" x1="${left}" x2="${left}" y1="${FRAME.top - 8}" y2="${FRAME.height - FRAME.bottom}" stroke="${INK.orange}" stroke-width="3"/><text class="f-ink" x="${left}" y="14" font-size="12" text-anchor="middle" fill="${INK.ink}">notice ${answer(entry)}</text>`
      }
      const granted = isGranted(entry)
      return html`<circle class="s-blue ${granted ? 'f-blue' : 'f-card'}" cx="${left}" cy="${middle + ((i % 3) - 1) * 9}" r="4.5" fill="${granted ? INK.blue : INK.card}" stroke="${INK.blue}" stroke-width="1.6"><title>${entry.op}: ${answer(entry)}</title></circle>`
    }),
  ])
}

function findingOf(notices: readonly TranscriptEntry[], requests: readonly TranscriptEntry[]): string {
  const first = Math.min(...notices.map(({ atMs }) => atMs))
  const after = requests.filter(({ atMs }) => atMs > first)
  const granted = after.filter(isGranted).length
  return `${notices.length === 1 ? 'One notice' : `${notices.length} notices`} reached the target, the first after ${number(Math.round(first))} ms; ${granted} of ${after.length} later requests were answered with 2xx.`
}
