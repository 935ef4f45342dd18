/** For each defence a scene in which it helps and one in which it hurts, with the reason. */

import type { DefenceSpec } from '../defence.ts'
import type { CourseSpec } from '../scenario.ts'
import type { TimedReport } from '../timedReport.ts'
import { banks, defaultsOf, dip, fall, market, ran } from './defences.suite.ts'

/** A course of ETH, and why the defence does there what it does. */
export interface Scene {
  readonly name: string
  readonly courses: readonly CourseSpec[]
  /** Debts of a second bank with the same loans, as a factor; without it there is one bank. */
  readonly second?: number
  readonly why: string
}

export interface Scenes {
  readonly spec: DefenceSpec
  /** What stands in its place in the run that it is compared with; nothing where left out. */
  readonly instead?: DefenceSpec
  readonly helps: Scene
  readonly hurts: Scene
}

const flash = [fall(0.3, 120, 180), fall(1 - 1 / 0.7, 300, 420)]
const deep = [fall(0.5, 120, 1800)]
const fast = [fall(0.45, 120, 240)]
const twice = [fall(0.2, 120, 480), fall(0.3, 900, 1500)]
const wobble = [fall(0.03, 120, 180), fall(1 - 1 / 0.97, 300, 360)]
const told = (kind: string, of: Record<string, unknown> = {}): DefenceSpec => ({
  ...{ kind, ...defaultsOf(kind), ...of },
})

const inFlash = { name: 'Down by 30 % in a minute, and back four minutes later', courses: flash }
const inDeep = { name: 'Down by half in 28 minutes', courses: deep }
const inFast = { name: 'Down by 45 % in two minutes', courses: fast }
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
  dutchAuction: {
    spec: told('dutchAuction', { stepSeconds: 30 }),
    helps: {
      ...inDip,
      why: 'Takers pay more than the rules ask: borrowers lose half as much, for some bad debt.',
    },
    hurts: {
      ...inDeep,
      why: 'The price falls faster than the price asked: who waits for it ends under water.',
    },
  },
  violationBonus: {
    spec: told('violationBonus', { fullAt: 0.7 }),
    helps: {
      name: 'Down by 10 % in ten minutes, and back in an hour',
      courses: dip(0.1),
      why: 'A small violation does not pay for its sale: few are sold before the price is back.',
    },
    hurts: {
      ...inFast,
      why: 'A small bonus bears little impact: loans wait, and the price leaves them under water.',
    },
  },
  oracleAuction: {
    spec: told('oracleAuction'),
    helps: {
      ...inDip,
      why: 'Half of what takers earned goes to the protocol, and as much is liquidated.',
    },
    hurts: {
      ...inFast,
      why: 'What is left bears less impact: takers sell less at a time, and the price falls on.',
    },
  },
  stabilityPool: {
    spec: told('stabilityPool', { capitalUsd: 2e4 }),
    helps: {
      ...inDip,
      why: 'Most of the debt is repaid by the pool, and what it holds is not sold.',
    },
    hurts: {
      name: 'Down by 20 % in six minutes, and by 30 % in ten minutes seven minutes later',
      courses: twice,
      why: 'Spent on the first fall, it lacks in the second, and its depositors hold what it took.',
    },
  },
  backstop: {
    spec: told('backstop', {
      ...{ capitalUsd: 5e4, minProfitUsd: -100, afterSeconds: 0, share: 0.5, sellSeconds: 600 },
    }),
    helps: {
      ...inFast,
      why: 'Half is sold over ten minutes, as the pool refills: it bears a loss, and lenders none.',
    },
    hurts: {
      ...inDeep,
      why: 'What it sells by its schedule comes on top of a fall that goes on, at its own loss.',
    },
  },
  protocolLiquidity: {
    spec: told('protocolLiquidity', { reservesUsd: 3e4, width: 0.05 }),
    helps: {
      ...inDip,
      why: 'A deeper market falls less, and pulls fewer along.',
    },
    hurts: {
      ...inDeep,
      why: 'It has bought early, and its ladder is empty at the low: the price falls as deep.',
    },
  },
  fund: {
    spec: told('fund', { capitalUsd: 2e3 }),
    helps: {
      ...inFast,
      why: 'Lenders get back what it reaches for; every sale is as it was.',
    },
    hurts: {
      ...inDip,
      why: 'It stops no sale, and where lenders lose nothing its capital stands idle.',
    },
  },
  sharedBackstop: {
    spec: told('sharedBackstop', { capitalUsd: 2e3, rule: 'firstCome' }),
    instead: told('fund', { capitalUsd: 2e3 }),
    helps: {
      ...inFast,
      name: 'Two banks, the second with a quarter of the debts. Down by 45 % in two minutes',
      second: 0.25,
      why: 'Only the first bank is hit, and draws what the second has put in.',
    },
    hurts: {
      ...inFast,
      name: 'Two banks alike. Down by 45 % in two minutes',
      second: 1,
      why: 'Both are hit: who writes off first leaves the second less than a fund of its own.',
    },
  },
} as const satisfies Readonly<Record<string, Scenes>>

/** The scene with the defence, and without it or with what stands in its place. */
export function bothWays(
  { spec, instead }: Scenes,
  { courses, second }: Scene,
): readonly [TimedReport, TimedReport] {
  const run = (defences: readonly DefenceSpec[]) =>
    ran(
      second === undefined ? market(defences, courses) : banks(courses, defences, defences, second),
    )
  return [run([spec]), run(instead === undefined ? [] : [instead])]
}
