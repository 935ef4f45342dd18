import { YEAR_SECONDS } from '../moment.ts'
import { rulesConformance } from './conformance.suite.ts'
import { DEBT } from './crvUsd/parameters.ts'
import { deployed } from './crvUsd.suite.ts'
import { crvUsd } from './crvUsd.ts'

rulesConformance({
  rules: crvUsd({ ...deployed, borrowRate: 0.05 }),
  groups: [0],
  positionsPer: 'pair',
  stepsMax: () => 1,
  grows: (slot, seconds) => 1 + (slot === DEBT ? (0.05 * seconds) / YEAR_SECONDS : 0),
  exceptions: {
    price: 'bands count for what they bring on the way down, however far above them the price is',
    par: 'crvUSD counts at 1 USD whatever it trades at',
    listed: 'all bands of a loan are one offer',
    legs: 'a loan has a leg for each band',
    value: 'what is in the bands is sold for the debt, whatever it is worth',
    loss: 'what is in the bands is sold for the debt, whatever it is worth',
    linear: 'a part of the bands costs a larger part of the debt',
    scaled: 'there is no bonus beside the threshold',
  },
})
