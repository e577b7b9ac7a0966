import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { type Family, familyText } from './machine/metric-family.ts'
import { loadFamilies } from './machine/metric-load.ts'

const OUTCOMES = ['pass', 'fail', 'inconclusive', 'error', 'not-applicable'] as const

/**
 * OpenMetrics text of the run's figures. Labels are few and of a small set (series, outcome, budget), never an address or an id
 * of the run: readers that compare two pipelines would see every line as new.
 */
export default defineReport({
  id: 'openmetrics',
  about: 'OpenMetrics text for Prometheus and for GitLab’s metrics report: verdict, budgets, rates, latency as histogram.',
  fileName: 'metrics.txt',
  render: result => `${families(result).map(familyText).join('')}# EOF\n`,
})

function families(result: Result): Family[] {
  const verdicts = OUTCOMES.filter(outcome => outcome !== 'not-applicable')
  return [
    {
      name: 'onetap_verdict',
      type: 'gauge',
      help: 'The verdict of the run: 1 at the one that holds.',
      samples: verdicts.map(verdict => ({ labels: { verdict }, value: result.verdict === verdict ? 1 : 0 })),
    },
    { name: 'onetap_exit_code', type: 'gauge', help: 'Exit code of the run.', samples: [{ labels: {}, value: result.exitCode }] },
    {
      name: 'onetap_run_duration_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long the run took.',
      samples: [{ labels: {}, value: result.time.durationMs / 1000 }],
    },
    ...gateFamilies(result),
    {
      name: 'onetap_attacks',
      type: 'gauge',
      help: 'Attacks by what came of them.',
      samples: OUTCOMES.map(outcome => ({
        labels: { outcome },
        value: result.attacks.filter(attack => attack.outcome === outcome).length,
      })),
    },
    ...(result.load === null ? [] : loadFamilies(result.load)),
  ]
}

/** Figures in the unit the budget is written in; a figure that could not be had is left out, never 0. */
function gateFamilies({ gates }: Result): Family[] {
  if (gates.length === 0) return []
  return [
    {
      name: 'onetap_budget_observed',
      type: 'gauge',
      help: 'Figure that a budget was judged on, in its unit.',
      samples: gates.flatMap(({ id, unit, observed }) =>
        observed === null ? [] : [{ labels: { budget: id, unit }, value: observed }],
      ),
    },
    {
      name: 'onetap_budget_limit',
      type: 'gauge',
      help: 'Limit of a budget, in its unit.',
      samples: gates.flatMap(({ id, unit, limit }) => (limit === null ? [] : [{ labels: { budget: id, unit }, value: limit }])),
    },
    {
      name: 'onetap_budget_held',
      type: 'gauge',
      help: '1 when the budget held on valid evidence, 0 when it was crossed or nothing is known.',
      samples: gates.map(({ id, outcome }) => ({ labels: { budget: id }, value: outcome === 'pass' ? 1 : 0 })),
    },
  ]
}
