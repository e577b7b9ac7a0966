import type { Attribution } from '../../src/contract/attribution.ts'
import type { LoadResult } from '../../src/contract/result.ts'
import { milliseconds, number } from '../wording.ts'
import { dataTable } from './figure.ts'
import { html, type Markup } from './markup.ts'

/** Where the time of a login went, and what the backend asked of the carriers for it. */
export function attributionTable({ attribution, reconciliation }: LoadResult): Markup | null {
  if (attribution === undefined) return null
  const { traffic, callsPerToken } = attribution
  const part = (name: string, figure: Attribution['login']): string[] => [
    name,
    number(figure.count),
    ...[figure.p50Ms, figure.p99Ms].map(milliseconds),
  ]
  const calls =
    callsPerToken === null
      ? 'No token was brought to a carrier.'
      : `The backend called a carrier ${number(callsPerToken)} times for each token, over ${number(traffic.connections)} connections.`
  return html`<h3 id="attribution">Where the time goes</h3>
${dataTable(
  {
    heads: ['part', 'count', 'p50, ms', 'p99, ms'],
    rows: [
      part('login', attribution.login),
      part('carrier, as told to take', attribution.carrier),
      part('backend_added', attribution.backendAdded),
      part('opening connections to the backend', attribution.connect),
    ],
  },
  'where the time goes',
)}
<p>${calls}${reconciliation === undefined ? '' : ` Of ${number(reconciliation.granted)} granted logins ${number(reconciliation.letInUnconfirmed.count)} had no carrier’s word, and ${number(reconciliation.confirmedNotLetIn.count)} users a carrier confirmed were not let in.`}</p>`
}
