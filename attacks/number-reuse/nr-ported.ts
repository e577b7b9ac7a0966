import { defineAttack } from '../../src/contract/attack.ts'
import { judgeKeptAccount, type KeptAccount, observeKeptAccount } from '../kit/kept-account.ts'

export default defineAttack<KeptAccount>({
  meta: {
    id: 'nr-ported',
    family: 'number-reuse',
    title: 'Number ported to another carrier must not lock out',
    about:
      'The subscriber takes the number to another carrier, which says so and issues the next token. A guard against too much zeal: losing the session or the account means that porting is taken for a new owner, or that the carrier is guessed from the number.',
    severity: 'medium',
    cwe: [645],
    asvs: ['6.1.1'],
    api2023: ['API2'],
    has: 'nothing: the honest subscriber is the one who is harmed',
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['reissue-told-apart=any-imsi-change'],
  },

  observe: lab => observeKeptAccount(lab, 'ported'),

  judge: observation => judgeKeptAccount(observation, 'took the number to another carrier'),
})
