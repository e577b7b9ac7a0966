import { calibrateGenerator } from '../engines/calibration/generator.ts'
import { calibrateMocks } from '../engines/calibration/mocks.ts'
import { mocksEntry, scenarioFile } from '../rooms.ts'
import { machineFacts } from '../world/machine.ts'
import { chooseEngine } from './choose-engine.ts'
import { out } from './output.ts'
import { progressObserver } from './progress.ts'

/** `onetap doctor --calibrate`: what this machine can generate and mock, each measured alone. Takes about half a minute. */
export async function calibrate(json: boolean): Promise<number> {
  const tell = (line: string): void => out.line(`  ${line}`)
  const engine = await chooseEngine('auto', undefined, progressObserver('plain'))
  const generator = await calibrateGenerator(engine, scenarioFile('exchange') ?? '', tell)
  const mocks = await calibrateMocks(mocksEntry)
  if (json) {
    out.result(JSON.stringify({ schemaVersion: '1.0.0', machine: machineFacts(), generator, mocks }, null, 2))
    return 0
  }
  const { perSecond, limit } = generator
  out.result(
    perSecond === null
      ? `generator  ${generator.engine}: not even the lowest rate in good order: ${limit}`
      : `generator  ${generator.engine}: ${perSecond} requests/s in good order${limit === null ? ', the highest that was tried' : `; at the next step ${limit}`}`,
  )
  out.result(
    `mocks      ${mocks.callsPerSecond} calls/s answered by one carrier${mocks.loopDelayMs === null ? '' : `, event loop late by ${mocks.loopDelayMs.p99.toFixed(1)} ms (p99)`}`,
  )
  out.result('A run shares the machine among generator, mocks and target: plan with less than half of the smaller figure.')
  return perSecond === null ? 3 : 0
}
