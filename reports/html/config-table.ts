import type { Plan } from '../../src/contract/plan.ts'
import { html, type Markup } from './markup.ts'

/** Facts of the run itself, not of its configuration. */
const NOT_CONFIGURED: readonly string[] = ['schemaVersion', 'runId', 'source']

/** Everything the run was to do, and who said so: the configuration, a flag, or nobody. */
export function configTable(plan: Plan): Markup {
  const rows = leaves(plan, '').filter(({ path }) => !NOT_CONFIGURED.includes(path.split('.')[0] ?? ''))
  const said = rows.filter(({ path }) => sayer(path, plan) !== 'default').length
  return html`<details id="plan"><summary>The whole configuration${plan.source === undefined ? '' : `: ${said} of ${rows.length} settings were given, the rest are defaults`}</summary><div class="scroll" tabindex="0" role="region" aria-label="Configuration"><table>
<thead><tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">Said by</th></tr></thead>
<tbody>${rows.map(
    ({
      path,
      value,
    }) => html`<tr><th scope="row" class="break">${path}</th><td class="break"><code>${value}</code></td><td>${mark(sayer(path, plan))}</td></tr>
`,
  )}</tbody></table></div></details>`
}

function mark(by: string): Markup {
  return by === 'default' ? html`<span class="soft">default</span>` : html`<strong>${by}</strong>`
}

function sayer(path: string, { source }: Plan): string {
  if (source === undefined) return 'not noted'
  const under = (known: string): boolean => path === known || path.startsWith(`${known}.`) || known.startsWith(`${path}.`)
  if (source.flags.some(under)) return 'flag'
  return source.config.sets.some(under) ? 'config' : 'default'
}

/** Members of objects down to plain values; lists in one piece. */
function leaves(value: unknown, path: string): { path: string; value: string }[] {
  const plain = typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0
  if (plain) return [{ path, value: JSON.stringify(value) ?? 'null' }]
  return Object.entries(value).flatMap(([key, member]) => leaves(member, path === '' ? key : `${path}.${key}`))
}
