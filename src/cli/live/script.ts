/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Runs in the browser, as a module of its own: it imports types alone, so stripping the types is all the building it needs.
 * Everything shown is set as text, never as markup.
 */
import type { LiveFigures, LivePoint } from './figures.ts'

const POLL_MS = 500
const WIDTH = 720
const HEIGHT = 200
const SVG = 'http://www.w3.org/2000/svg'

type Line = { className: string; of(point: LivePoint): number | null }

const LATENCY: readonly Line[] = [
  { className: 'one', of: point => point.p50Ms },
  { className: 'two', of: point => point.p99Ms },
  { className: 'three', of: point => point.addedP99Ms },
]
const RATE: readonly Line[] = [
  { className: 'one', of: point => point.offeredPerSecond },
  { className: 'two', of: point => point.achievedPerSecond },
]

const points: LivePoint[] = []

function say(id: string, text: string): void {
  const element = document.getElementById(id)
  if (element !== null && element.textContent !== text) element.textContent = text
}

/** A gap where a second had no samples: no line is drawn over what is not known. */
function pathOf(line: Line, top: number): string {
  const lastMs = Math.max(1, points.at(-1)?.atMs ?? 1)
  let pen = false
  let path = ''
  for (const point of points) {
    const value = line.of(point)
    if (value !== null) {
      const x = ((point.atMs / lastMs) * WIDTH).toFixed(1)
      const y = (HEIGHT - (value / top) * (HEIGHT - 20)).toFixed(1)
      path += `${pen ? 'L' : 'M'}${x} ${y}`
    }
    pen = value !== null
  }
  return path
}

function draw(id: string, lines: readonly Line[]): void {
  const chart = document.getElementById(id)
  if (chart === null) return
  const top = Math.max(1, ...points.flatMap(point => lines.map(line => line.of(point) ?? 0)))
  const paths = lines.map(line => {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('class', line.className)
    path.setAttribute('d', pathOf(line, top))
    return path
  })
  const label = document.createElementNS(SVG, 'text')
  label.setAttribute('y', '14')
  label.textContent = `${top < 10 ? top.toFixed(1) : Math.round(top)}`
  chart.replaceChildren(...paths, label)
}

async function look(): Promise<boolean> {
  let figures: LiveFigures
  try {
    const response = await fetch(`/figures?from=${points.length}`, { cache: 'no-store' })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    figures = (await response.json()) as LiveFigures
  } catch {
    say('phase', 'The run has ended, or cannot be reached any more. Its report is in the run folder.')
    return false
  }
  points.push(...figures.points.slice(points.length - figures.from))
  say('phase', figures.phase)
  say('figures', figures.status.join('\n'))
  draw('latency', LATENCY)
  draw('rate', RATE)
  return true
}

while (await look()) await new Promise(done => setTimeout(done, POLL_MS))
