/** The rail: everything of the scenario that a hand turns. */

import { useMemo, useState } from 'react'
import { metricValue } from '../../../src/figures/caption.ts'
import { signedPercentApart } from '../../../src/format.ts'
import type { Report } from '../../../src/report.ts'
import { Slider } from '../../parts/slider.tsx'
import {
  type Control,
  type Controls,
  controlsOf,
  type DefenceSwitch,
  parsedValue,
  shownValue,
} from '../../state/controls.ts'
import { previewChange, previewDrop, settle, usePreview } from '../../state/preview.ts'
import { change, goTo, open, openDrawer, useLab } from '../../state/store.ts'

/** The controls of the scenario that ran last. */
export function useControls(): Controls | null {
  const resolved = useLab(({ ran }) => ran?.resolved ?? null)
  return useMemo(() => (resolved === null ? null : controlsOf(resolved)), [resolved])
}

export function Rail({ controls }: { readonly controls: Controls }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <aside className={isOpen ? 'rail rail-open' : 'rail'} aria-label="Controls">
      <button
        type="button"
        className="rail-handle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Close controls' : 'All controls'}
      </button>
      <div className="rail-groups">
        <Shock controls={controls} />
        <Group title="Book" of={controls.book} />
        <Group title={protocolTitle(controls)} of={controls.terms} />
        <Group title="Oracle and liquidators" of={controls.feeds} />
        <Defences of={controls.defences} />
        <div className="rail-feet">
          <button type="button" onClick={() => openDrawer('scenario')}>
            Edit scenario
          </button>
          <button type="button" onClick={() => goTo('compare')}>
            Set as A
          </button>
        </div>
      </div>
    </aside>
  )
}

function Shock({ controls }: { readonly controls: Controls }) {
  const { drop, asset } = controls
  return (
    <section className="rail-group">
      <header>
        <h2>Shock</h2>
        {drop === null || asset.names.length < 2 ? (
          <span className="chip">{asset.value}</span>
        ) : (
          <select
            className="chip"
            aria-label="Shocked asset"
            value={asset.value}
            onChange={({ target }) => void change([asset.key, target.value])}
          >
            {asset.names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </header>
      {drop === null ? (
        <p className="note">Prices follow the path that the scenario gives.</p>
      ) : (
        <DropSlider control={drop} />
      )}
    </section>
  )
}

/** The outside drop, with the edge on its track. Also stands alone at the thumb on a phone. */
export function DropSlider({
  control,
  label = control.label,
}: {
  readonly control: Control
  readonly label?: string
}) {
  const report = useShownReport()
  const ignition = report === null ? null : metricValue(report, 'ignition_drop')
  const value = report?.shock.drop ?? control.value
  const text =
    ignition === null ? '' : `edge ${signedPercentApart(-ignition, -value).replace('\u2212', '')}`
  return (
    <Slider
      isMain
      label={label}
      {...{ value, least: control.least, most: control.most, step: control.step }}
      show={(at) => shownValue(control, at)}
      parse={(typed) => parsedValue(control, typed)}
      onMove={previewDrop}
      onSettle={(at) => settle(control.write(at))}
      mark={ignition === null ? undefined : { at: ignition, text }}
    />
  )
}

function useShownReport(): Report | null {
  const preview = usePreview((state) => state.report)
  const ran = useLab((state) => state.ran?.report)
  return preview ?? (ran?.schema === 'firebreak.result/1' ? ran : null)
}

function Group({ title, of }: { readonly title: string; readonly of: readonly Control[] }) {
  if (of.length === 0) return null
  return (
    <section className="rail-group">
      <h2>{title}</h2>
      {of.map((control) => (
        <Slider
          key={control.key}
          label={control.label}
          {...{
            value: control.value,
            least: control.least,
            most: control.most,
            step: control.step,
          }}
          show={(at) => shownValue(control, at)}
          parse={(typed) => parsedValue(control, typed)}
          onMove={(at) => previewChange(control.write(at))}
          onSettle={(at) => settle(control.write(at))}
        />
      ))}
    </section>
  )
}

function protocolTitle({ protocol }: Controls): string {
  if (protocol === null) return ''
  return `${protocol.isAlone ? 'Protocol' : protocol.name} · ${rulesName(protocol.kind)} rules`
}

/** A name of rules in words: aaveV3 is Aave v3. */
function rulesName(kind: string): string {
  const words = kind.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/ V(\d)/, ' v$1')
  return words[0].toUpperCase() + words.slice(1)
}

function Defences({ of }: { readonly of: Controls['defences'] }) {
  return (
    <section className="rail-group">
      <h2>Defences</h2>
      {of === null ? (
        <p className="note">
          Defences act in time, and this cascade has none.{' '}
          <button type="button" className="link" onClick={() => goTo('compare')}>
            Compare them
          </button>
        </p>
      ) : (
        of.map((one) => <Switch key={one.key} of={one} />)
      )}
    </section>
  )
}

function Switch({ of }: { readonly of: DefenceSwitch }) {
  // It turns at once; the run says later whether it stays so.
  const [turned, setTurned] = useState<DefenceSwitch | null>(null)
  const turn = () => {
    setTurned(of)
    toggle(of)
  }
  return (
    <label className="switch-row">
      <span>{of.label}</span>
      <input
        type="checkbox"
        className="switch"
        checked={turned === of ? !of.isOn : of.isOn}
        onChange={turn}
      />
    </label>
  )
}

/** Back to what the scenario says where the switch was turned before; else a change of it. */
function toggle({ key, isOn }: DefenceSwitch): void {
  const { draft } = useLab.getState()
  if (draft === null) return
  const others = draft.overrides.filter(([path]) => path !== key)
  if (others.length < draft.overrides.length) void open({ ...draft, overrides: others })
  else void change([key, isOn ? 'null' : '{}'])
}
