import { defineAttack } from '../../src/contract/attack.ts'
import { judgeStaleNotice, observeStaleNotice, type StaleNotice, toldBy } from '../kit/stale-notice.ts'

const REPLAYS = 3

export default defineAttack<StaleNotice>({
  meta: {
    id: 'nr-notify-replayed',
    family: 'number-reuse',
    title: 'Old genuine notice delivered again',
    about:
      'The carrier repeats a notice that was worked off long ago, freshly signed, when the number has a new holder. Cutting them means that each repetition throws somebody out.',
    severity: 'high',
    cwe: [294, 837],
    asvs: ['2.3.3'],
    api2023: ['API6'],
    has: "a recorded notice, or patience with the carrier's repetitions",
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['notice-order=notify-not-idempotent'],
  },

  observe: lab =>
    observeStaleNotice(
      lab,
      async (told, older) => {
        await lab.rebind(older)
        await lab.rebind(told)
      },
      async told => {
        const replays = []
        for (let i = 0; i < REPLAYS; i++) replays.push(toldBy(await lab.rebind(told)))
        return replays
      },
    ),

  judge: observation => judgeStaleNotice(observation, 'A repeated notice'),
})
