import { reports } from '../../reports/index.ts'
import { samples } from './samples.ts'

/** The samples as they should lie in `reports/samples`: one folder a run, one file a report. */
export function sampleFiles(): { path: string; text: string }[] {
  return samples.flatMap(({ name, result }) =>
    reports.map(report => ({ path: `${name}/${report.fileName}`, text: report.render(result) })),
  )
}
