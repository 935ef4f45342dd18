/** For each defence a scene in which it helps and one in which it hurts, with the reason. */

import type { DefenceSpec } from '../defence.ts'
import type { CourseSpec } from '../scenario.ts'
import type { TimedReport } from '../timedReport.ts'
import { defaultsOf, dip, fall, market, ran } from './defences.suite.ts'

/** A course of ETH, and why the defence does there what it does. */
export interface Scene {
  readonly name: string
  readonly courses: readonly CourseSpec[]
  readonly why: string
}

export interface Scenes {
  readonly spec: DefenceSpec
  readonly helps: Scene
  readonly hurts: Scene
}

const flash = [fall(0.3, 120, 180), fall(1 - 1 / 0.7, 300, 420)]
const deep = [fall(0.5, 120, 1800)]
const wobble = [fall(0.03, 120, 180), fall(1 - 1 / 0.97, 300, 360)]
const told = (kind: string, of: Record<string, unknown> = {}): DefenceSpec => ({
  ...{ kind, ...defaultsOf(kind), ...of },
})

const inFlash = { name: 'Down by 30 % in a minute, and back four minutes later', courses: flash }
const inDeep = { name: 'Down by half in 28 minutes', courses: deep }
const inWobble = { name: 'Down by 3 % and back', courses: wobble }
const inDip = { name: 'Down by a quarter in ten minutes, and back in an hour', courses: dip(0.25) }

/** By the name of the defence. */
export const scenes = {
  priceBand: {
    spec: told('priceBand', { band: 0.002 }),
    helps: {
      ...inFlash,
      why: 'Sales are spread over blocks, and the price is back before most of them are due.',
    },
    hurts: {
      ...inDeep,
      why: 'The price does not wait: who is held back ends under water.',
    },
  },
  dynamicThreshold: {
    spec: told('dynamicThreshold', { everySeconds: 60, perDay: 50, rampSeconds: 120 }),
    helps: {
      name: 'Down by 10 % in ten minutes, and by 40 % at once 48 minutes later',
      courses: [fall(0.1, 120, 720), fall(0.4, 3600, 3612)],
      why: 'What was sold in the unrest before the jump leaves no bad debt in it.',
    },
    hurts: {
      ...inWobble,
      why: 'The cut is itself a shock, and sells where nobody was in need.',
    },
  },
  targetHealth: {
    spec: told('targetHealth'),
    helps: {
      name: 'Down by 8 % in ten minutes, and back in an hour',
      courses: dip(0.08),
      why: 'Less is sold than half of a debt, and the price falls less deep.',
    },
    hurts: {
      name: 'Down by 10 % in ten minutes, and by 35 % at once 18 minutes later',
      courses: [fall(0.1, 120, 720), fall(0.35, 1800, 1812)],
      why: 'Whoever was barely restored is under water after the jump.',
    },
  },
  softLiquidation: {
    spec: told('softLiquidation'),
    helps: {
      ...inDip,
      why: 'Most is sold before the threshold, and half of its bonus goes back to borrowers.',
    },
    hurts: {
      ...inWobble,
      why: 'The price turns within the zone: what was sold there nobody needed to sell.',
    },
  },
  oracleGuard: {
    spec: told('oracleGuard'),
    helps: {
      ...inFlash,
      why: 'A price far below its mean of half an hour is not acted upon, and it was wrong.',
    },
    hurts: {
      ...inDeep,
      why: 'The price was right: the pause holds sales up until accounts are under water.',
    },
  },
  breaker: {
    spec: told('breaker', { windowSeconds: 600, pauseSeconds: 1800 }),
    helps: {
      ...inDip,
      why: 'While it pauses nobody is sold, and the price comes back in that time.',
    },
    hurts: {
      name: 'Down by 15 % in two minutes, then by 35 % in ten',
      courses: [fall(0.15, 120, 240), fall(0.35, 300, 900)],
      why: 'The price stays low: what was not sold on the way down is bad debt.',
    },
  },
  speedLimit: {
    spec: told('speedLimit', { perBlockUsd: 500 }),
    helps: {
      name: 'Down by 30 % in ten minutes, and back in an hour',
      courses: dip(0.3),
      why: 'The pool refills between blocks, and the price falls less deep.',
    },
    hurts: {
      ...inDeep,
      why: 'Whoever waits while the price falls on is under water when its turn comes.',
    },
  },
} as const satisfies Readonly<Record<string, Scenes>>

/** The scene with the defence, and without. */
export function bothWays(
  { spec }: Scenes,
  { courses }: Scene,
): readonly [TimedReport, TimedReport] {
  return [ran(market([spec], courses)), ran(market([], courses))]
}
