/** One account put into the formula of its health factor, step by step. */

import { missing, percent, price } from '../../src/format.ts'
import type { WorkedAccount, WorkedState } from '../engine/textProtocol.ts'

export function Account({ account }: { readonly account: WorkedAccount | null }) {
  return (
    <details className="definition">
      <summary>
        <strong>One account, worked out</strong>
        <span className="figure">{account?.account ?? missing}</span>
      </summary>
      {account === null ? (
        <p className="note">Nobody was liquidated: there is no account to work out.</p>
      ) : (
        <Worked account={account} />
      )}
    </details>
  )
}

function Worked({
  account: { protocol, account, edge, shocked, states, offers },
}: {
  readonly account: WorkedAccount
}) {
  const [opening, after] = states
  return (
    <>
      <p>
        <strong>{account}</strong> of {protocol} repaid the most.{' '}
        {`Health factor = collateral × price × threshold / debt. It may be liquidated ${
          edge === 'below' ? 'below 1' : 'at 1 or below'
        }.`}
      </p>
      <State title="At the opening" state={opening} />
      <State title={`${shocked.asset} at ${percent(-shocked.drop)}`} state={after} />
      {offers.length === 0 ? null : (
        <>
          <h4>What the rules then offer</h4>
          <ul>
            {offers.map(({ sells, units, worthUsd, pays, cost, costUsd }) => (
              <li key={sells + pays}>
                {unitsText(units)} {sells} ({cents(worthUsd)}) for {unitsText(cost)} {pays} (
                {cents(costUsd)})
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function State({ title, state }: { readonly title: string; readonly state: WorkedState }) {
  const { legs, weightedUsd, debtUsd, factor: health, isBreached } = state
  return (
    <table className="table worked">
      <caption>{title}</caption>
      <tbody>
        {legs.map(({ asset, isDebt, units, price: at, weight, usd }) => (
          <tr key={`${asset} ${isDebt}`}>
            <th scope="row">{isDebt ? 'owes' : 'has'}</th>
            <td>
              {unitsText(units)} {asset} × {price(at)}
              {isDebt && weight === 1 ? null : ` × ${percent(weight)}`}
            </td>
            <td className="figure">{cents(usd)}</td>
          </tr>
        ))}
        <tr className="worked-result">
          <th scope="row">health</th>
          <td>
            {cents(weightedUsd)} / {cents(debtUsd)}
          </td>
          <td className={`figure ${isBreached ? 'tone-total' : 'tone-absorb'}`}>
            {health === null ? missing : health.toFixed(4)}
          </td>
        </tr>
      </tbody>
    </table>
  )
}

/** Dollars to the cent. */
export function cents(usd: number): string {
  return usd.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
  })
}

function unitsText(units: number): string {
  return units.toLocaleString('en-US', { maximumFractionDigits: 8 })
}
