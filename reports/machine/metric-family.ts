import { xmlText } from '../printable.ts'

export interface Sample {
  /** Put behind the family's name, for instance `_bucket`. */
  suffix?: string
  labels: Readonly<Record<string, string>>
  value: number
}

/** A metric family of OpenMetrics 1.0. A family with a unit has a name that ends in it. */
export interface Family {
  name: string
  type: 'gauge' | 'histogram'
  unit?: string
  help: string
  samples: readonly Sample[]
}

/** Its text; empty without a sample that is a number. */
export function familyText({ name, type, unit, help, samples }: Family): string {
  const told = samples.filter(({ value }) => Number.isFinite(value))
  if (told.length === 0) return ''
  return [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
    ...told.map(({ suffix = '', labels, value }) => `${name}${suffix}${labelText(labels)} ${figure(value)}`),
    '',
  ].join('\n')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(xmlText(value))}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** Six significant digits: finer is noise, and GitLab compares the texts. */
function figure(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
}
