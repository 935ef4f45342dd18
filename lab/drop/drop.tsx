/** Dropping files anywhere on the page, and the dialog that follows. */

import './drop.css'
import { Suspense, useEffect, useState } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { FaultText } from '../parts/faultText.tsx'
import { later } from '../parts/later.tsx'
import { cancel, takeFiles, useFiles } from '../state/files.ts'
import { ChooseFiles } from './choose.tsx'

const Tables = later(async () => (await import('./tables.tsx')).Tables)

export function Drop() {
  const isOver = useDropping()
  const { reading, tables, fault } = useFiles()
  return (
    <>
      {isOver ? (
        <div className="drop-here" aria-hidden="true">
          <p>Drop positions, depth or a scenario. Nothing leaves this browser.</p>
        </div>
      ) : null}
      {reading !== null || tables.length > 0 || fault !== null ? <FilesDialog /> : null}
    </>
  )
}

/** Whether files hang over the page; takes them when they fall. */
function useDropping(): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return
      depth++
      setIsOver(true)
    }
    const leave = (event: DragEvent) => {
      if (hasFiles(event) && --depth <= 0) setIsOver(false)
    }
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault()
    }
    const fall = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth = 0
      setIsOver(false)
      void takeFiles([...(event.dataTransfer?.files ?? [])])
    }
    const listeners = [
      ['dragenter', enter],
      ['dragleave', leave],
      ['dragover', over],
      ['drop', fall],
    ] as const
    for (const [name, listener] of listeners) window.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener)
    }
  }, [])
  return isOver
}

function FilesDialog() {
  const { reading, tables, fault } = useFiles()
  return (
    <Dialog
      title={tables.length > 0 ? 'What is in your files' : 'Your files'}
      kind="dialog wide"
      onClose={cancel}
    >
      {reading === null ? null : (
        <p className="drop-reading" role="status">
          {standing(reading)}
          <progress aria-label="Read" max={reading.of} value={reading.read} />
        </p>
      )}
      {tables.length > 0 ? (
        <Suspense fallback={null}>
          <Tables tables={tables} />
        </Suspense>
      ) : (
        <>
          {fault === null ? null : (
            <div role="alert">
              <FaultText fault={fault} />
            </div>
          )}
          <div className="drop-actions">
            <button type="button" onClick={cancel}>
              {reading === null ? 'Close' : 'Cancel'}
            </button>
            {reading === null ? <ChooseFiles label="Choose other files" /> : null}
          </div>
        </>
      )}
    </Dialog>
  )
}

function standing({ name, read, of }: { name: string; read: number; of: number }): string {
  if (read < of) return `Reading ${name}: ${megabytes(read)} of ${megabytes(of)}`
  return `Making a table of ${name}, ${megabytes(of)}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
