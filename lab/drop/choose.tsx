/** A button that chooses files, for those who do not drop them. */

import { useRef } from 'react'
import { takeFiles } from '../state/files.ts'

export function ChooseFiles({ label = 'Open files' }: { readonly label?: string }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" onClick={() => input.current!.click()}>
        {label}
      </button>
      <input
        ref={input}
        className="choose"
        hidden
        type="file"
        multiple
        aria-label={label}
        accept=".csv,.parquet,.gz,.yaml,.yml,.json"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          void takeFiles(files)
        }}
      />
    </>
  )
}
