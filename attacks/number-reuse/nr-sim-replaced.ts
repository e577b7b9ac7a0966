import { defineAttack } from '../../src/contract/attack.ts'
import { judgeKeptAccount, type KeptAccount, observeKeptAccount } from '../kit/kept-account.ts'

export default defineAttack<KeptAccount>({
  meta: {
    id: 'nr-sim-replaced',
    family: 'number-reuse',
    title: 'Replaced SIM card must not lock out',
    about:
      'The subscriber gets a new SIM card for the same number and the carrier says so. A guard against too much zeal: losing the session or the account means that every change of IMSI is taken for a new owner.',
    severity: 'medium',
    cwe: [645, 841],
    asvs: ['6.1.1'],
    api2023: ['API2'],
    has: 'nothing: the honest subscriber is the one who is harmed',
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['reissue-told-apart=any-imsi-change'],
  },

  observe: lab => observeKeptAccount(lab, 'sim-replaced'),

  judge: observation => judgeKeptAccount(observation, 'replaced the SIM card'),
})
