import type { OracleSpec } from '../scenario.ts'
import { capped } from './capped.ts'
import { confident } from './confident.ts'
import { type Case, conformance } from './conformance.suite.ts'
import { ema } from './ema.ts'
import { mark } from './mark.ts'
import type { SpecOf } from './opening.ts'
import { oracleFrom } from './oracleFrom.ts'
import { pushed } from './pushed.ts'
import { securityModule } from './securityModule.ts'
import { spot } from './spot.ts'
import { twap } from './twap.ts'

const PUSHED: SpecOf<'pushed'> = {
  kind: 'pushed',
  deviation: 0.005,
  heartbeatSeconds: 3600,
  delaySeconds: 20,
  delaySpread: 0.8,
  calmGwei: 30,
  congestionPower: 1.5,
  answerMin: null,
  answerMax: null,
}
const SPOT: SpecOf<'spot'> = { kind: 'spot' }
const mean = 'a mean lies between prices of the market'

const cases: readonly Case[] = [
  { title: 'spot', spec: SPOT, make: (opening) => spot(SPOT, opening), exceptions: {} },
  ...[
    ['slow', PUSHED],
    ['at once', { ...PUSHED, delaySeconds: 0 }],
    ['full', { ...PUSHED, deviation: 0, delaySeconds: 9000, delaySpread: 0, congestionPower: 0 }],
    ['within bounds never met', { ...PUSHED, answerMin: 1e-6, answerMax: 1e9 }],
  ].map((row) => pushedCase(...(row as [string, SpecOf<'pushed'>]))),
  moduleCase('one feed', { feedDelaysSeconds: [0], pokeMaxGwei: null }),
  moduleCase('one late feed', { feedDelaysSeconds: [700], pokeMaxGwei: 100 }),
  moduleCase('five feeds', { feedDelaysSeconds: [0, 60, 6000, 600, 60], pokeMaxGwei: 100 }),
  moduleCase('four feeds', { feedDelaysSeconds: [30, 0, 600, 90], pokeMaxGwei: null }),
  ...(['arithmetic', 'geometric'] as const).flatMap((kind) => [
    twapCase({ kind: 'twap', windowSeconds: 1800, mean: kind }),
    twapCase({ kind: 'twap', windowSeconds: 7, mean: kind }),
  ]),
  emaCase({ kind: 'ema', timeSeconds: 866 }),
  confidentCase('at once', { delaySeconds: 0 }),
  confidentCase('late', { delaySeconds: 100 }),
  markCase('index', 'a price outside was not in the market', {}),
  markCase('book', 'index + mean', { above: 'a mean that is late', below: 'a mean that is late' }),
  markCase('median', 'the middle may be the index', {}),
  cappedCase('over a spot feed', SPOT, 'the cap is no market price'),
  cappedCase('over a pushed feed', PUSHED, 'the cap is no market price'),
]

function pushedCase(title: string, spec: SpecOf<'pushed'>): Case {
  return {
    title: `pushed, ${title}`,
    spec,
    make: (opening) => pushed(spec, opening),
    exceptions: {},
  }
}

function moduleCase(
  title: string,
  rest: Pick<SpecOf<'securityModule'>, 'feedDelaysSeconds' | 'pokeMaxGwei'>,
): Case {
  const spec = { kind: 'securityModule', hopSeconds: 3600, ...rest } as const
  const many = rest.feedDelaysSeconds.length > 1
  return {
    title: `securityModule, ${title}`,
    spec,
    make: (opening) => securityModule(spec, opening),
    exceptions: many ? { retimes: 'the middle may pass to a slower feed' } : {},
  }
}

function twapCase(spec: SpecOf<'twap'>): Case {
  return {
    title: `twap ${spec.mean} of ${spec.windowSeconds} s`,
    spec,
    make: (opening) => twap(spec, opening),
    exceptions: { invents: mean },
  }
}

function emaCase(spec: SpecOf<'ema'>): Case {
  return {
    title: 'ema',
    spec,
    make: (opening) => ema(spec, opening),
    exceptions: { invents: mean },
  }
}

function confidentCase(title: string, rest: Pick<SpecOf<'confident'>, 'delaySeconds'>): Case {
  const spec = {
    kind: 'confident',
    width: 0.0005,
    volatilityWidth: 0.5,
    halfLifeSeconds: 300,
    widthMax: 0.02,
    ...rest,
  } as const
  return {
    title: `confident, ${title}`,
    spec,
    make: (opening) => confident(spec, opening),
    exceptions: { states: 'a confidence interval is its purpose' },
  }
}

function markCase(
  component: SpecOf<'mark'>['component'],
  invents: string,
  beyond: Pick<Case['exceptions'], 'above' | 'below'>,
): Case {
  const spec = {
    kind: 'mark',
    component,
    timeSeconds: component === 'index' ? null : 150,
    ownWeight: 0.1,
    funding: null,
  } as const
  return {
    title: `mark, ${component}`,
    spec,
    make: (opening) => mark(spec, opening),
    exceptions: { invents, reads: 'the index is the price outside', ...beyond },
  }
}

function cappedCase(title: string, under: OracleSpec, invents: string): Case {
  const spec = {
    kind: 'capped',
    growthPerYear: 0.1,
    snapshotRatio: 2010,
    snapshotAgeSeconds: 86400,
    under,
  } as const
  return {
    title: `capped ${title}`,
    spec,
    make: (opening) => capped(spec, opening, oracleFrom(under, opening)),
    exceptions: { invents, below: 'a cap may be below every price so far' },
  }
}

for (const subject of cases) conformance(subject)
