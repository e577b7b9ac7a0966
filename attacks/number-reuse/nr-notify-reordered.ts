import { defineAttack } from '../../src/contract/attack.ts'
import { judgeStaleNotice, observeStaleNotice, type StaleNotice, toldBy } from '../kit/stale-notice.ts'

export default defineAttack<StaleNotice>({
  meta: {
    id: 'nr-notify-reordered',
    family: 'number-reuse',
    title: 'Older notice arrives after a newer one',
    about:
      'A number changes hands twice; the second notice arrives first, its holder logs in, then the first arrives. Cutting that holder means that the order of arrival is taken for the order of events.',
    severity: 'high',
    cwe: [841, 362],
    asvs: ['2.3.1', '2.3.3'],
    api2023: ['API6'],
    has: 'nothing: notices overtake each other on their way',
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['notice-order=notify-no-order', 'notice-order=notify-not-idempotent'],
  },

  observe: lab =>
    observeStaleNotice(
      lab,
      async told => void (await lab.rebind(told)),
      async (_told, older) => [toldBy(await lab.rebind(older))],
    ),

  judge: observation => judgeStaleNotice(observation, 'A notice that came late'),
})
