/** Five outcomes. Missing evidence is `inconclusive`, never `pass`. */
export type Outcome = 'pass' | 'fail' | 'inconclusive' | 'not-applicable' | 'error'
