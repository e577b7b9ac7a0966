import { exhaustive } from '../../src/contract/json.ts'
import type { LatencyProfile } from '../../src/contract/latency.ts'
import type { Result } from '../../src/contract/result.ts'
import { describeShape, type LoadShape, meanPerSecond } from '../../src/contract/shape.ts'
import { duration, number, percent } from '../wording.ts'
import { configTable } from './config-table.ts'
import { html, type Markup } from './markup.ts'

/** What one needs to judge or repeat the run: plan, machine, versions, and what went wrong on the way. */
export function runSection(result: Result): Markup {
  return html`<section id="run" class="run" aria-labelledby="run-title">
<h2 id="run-title">Run</h2>
${trouble(result)}${notes(result)}
<dl>${facts(result).map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>
${configTable(result.plan)}
</section>
`
}

function trouble(result: Result): Markup | null {
  if (result.trouble.length === 0) return null
  return html`<h3 id="trouble">Trouble</h3><ul>${result.trouble.map(
    (error, i) =>
      html`<li id="trouble-${i}"><strong>${error.code}</strong> <span class="break">${error.message}</span>${error.hint === undefined ? null : html` <span class="soft break">${error.hint}</span>`}</li>`,
  )}</ul>`
}

function notes(result: Result): Markup | null {
  const all = [...result.notes, ...(result.load?.generator.notes ?? [])]
  return all.length === 0 ? null : html`<h3>Notes</h3><ul>${all.map(note => html`<li class="break">${note}</li>`)}</ul>`
}

function facts(result: Result): [string, string][] {
  const { plan, tool, machine, load, target } = result
  const flaws = target.identity?.flaws ?? []
  return [
    ['Target', `${target.name}, ${target.url}`],
    ...(flaws.length > 0 ? [['Declared flaws', flaws.join(', ')] satisfies [string, string]] : []),
    ['Ended', result.ended],
    ['Load asked for', plan.load === null ? 'none' : `${shapeText(plan.load.shape)}, scenario ${plan.load.scenario}`],
    [
      'Attacks asked for',
      plan.attack === null
        ? 'none'
        : `${plan.attack.include.join(', ')}${plan.attack.exclude.length > 0 ? ` without ${plan.attack.exclude.join(', ')}` : ''}`,
    ],
    ['Carriers', plan.mocks.carriers.join(', ')],
    ['Carrier delay', profileText(plan.mocks.latency)],
    ['Carrier faults', plan.mocks.faults.map(fault => `${fault.id} on ${percent(fault.share)} of tokens`).join(', ') || 'none'],
    ['Tool', `${tool.name} ${tool.version}, Node ${tool.node}${tool.engine === null ? '' : `, ${tool.engine}`}`],
    ['Machine', `${machine.os}, ${machine.cpu}, ${machine.cores} cores, ${number(machine.memoryMiB)} MiB`],
    [
      'Generator',
      load === null
        ? 'none'
        : `${load.generator.cpuShare === null ? 'processor share not known' : `${percent(load.generator.cpuShare)} of the processors`}, ${number(load.generator.maxUsers)} users at most`,
    ],
    ['Result document', `schema ${result.schemaVersion}`],
  ]
}

function shapeText(shape: LoadShape): string {
  switch (shape.kind) {
    case 'constant-arrival-rate':
      return `${number(shape.ratePerSecond)} arrivals a second for ${duration(shape.durationMs)}`
    case 'ramping-arrival-rate':
      return `${describeShape(shape)} (${number(Math.round(meanPerSecond(shape) ?? 0))} arrivals a second on average)`
    case 'closed':
      return `${number(shape.users)} users for ${duration(shape.durationMs)}`
    default:
      return exhaustive(shape)
  }
}

function profileText(profile: LatencyProfile): string {
  switch (profile.kind) {
    case 'none':
      return 'none'
    case 'fixed':
      return `${number(profile.ms)} ms always`
    case 'lognormal':
      return `lognormal, median ${number(profile.medianMs)} ms, p99 ${number(profile.p99Ms)} ms`
    case 'uniform':
      return `${number(profile.minMs)} to ${number(profile.maxMs)} ms, all equally likely`
    case 'percentiles':
      return `through ${Object.entries(profile.points)
        .map(([name, ms]) => `${name} ${number(ms)} ms`)
        .join(', ')}`
    case 'recorded':
      return `as recorded, ${number(profile.quantilesMs.length)} quantiles`
    case 'step':
      return `${profileText(profile.before)}; from ${duration(profile.atMs)} on ${profileText(profile.after)}`
    case 'brown-out':
      return `${profileText(profile.base)}; times ${number(profile.factor)} from ${duration(profile.fromMs)} to ${duration(profile.toMs)}`
    default:
      return exhaustive(profile)
  }
}
