/** What went wrong in the dialog, and the buttons below every form. */

import { FaultText } from '../parts/faultText.tsx'
import { cancel, useFiles } from '../state/files.ts'
import { ChooseFiles } from './choose.tsx'

export function Actions({ run }: { readonly run?: string }) {
  const fault = useFiles((state) => state.fault)
  return (
    <>
      {fault === null ? null : (
        <div role="alert">
          <FaultText fault={fault} />
        </div>
      )}
      <div className="drop-actions">
        {run === undefined ? null : (
          <button type="submit" className="primary">
            {run}
          </button>
        )}
        <button type="button" onClick={cancel}>
          Cancel
        </button>
        <ChooseFiles label="Add files" />
      </div>
    </>
  )
}
