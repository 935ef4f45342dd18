/** A code of an error or a warning; a click says what it means, as `firebreak help` does. */

import { useEffect, useState } from 'react'
import { Superseded } from '../engine/client.ts'
import type { Questions } from '../engine/protocol.ts'
import { engine, faultOf } from '../state/store.ts'
import { Dialog } from './dialog.tsx'

export function CodeButton({ code }: { readonly code: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="link code" onClick={() => setOpen(true)}>
        <code>{code}</code>
      </button>
      {isOpen ? <CodePage code={code} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

type Page = Questions['page']['answer'] | { readonly failed: string } | 'asked'

function CodePage({ code, onClose }: { readonly code: string; readonly onClose: () => void }) {
  const [page, setPage] = useState<Page>('asked')
  useEffect(() => {
    let isHere = true
    const show = (page: Page) => isHere && setPage(page)
    engine.ask('help', 'page', code).then(show, (error) => {
      if (!(error instanceof Superseded)) show({ failed: faultOf(error).rule })
    })
    return () => {
      isHere = false
    }
  }, [code])
  return (
    <Dialog title={<code>{code}</code>} onClose={onClose}>
      {page === 'asked' ? <p className="note">Looking it up …</p> : <PageText page={page} />}
      <p className="note">
        In a terminal: <code>firebreak help {code}</code>
      </p>
    </Dialog>
  )
}

function PageText({ page }: { readonly page: Exclude<Page, 'asked'> }) {
  if (page === null) return <p>There is no page on it.</p>
  if ('failed' in page) return <p>{page.failed}</p>
  return (
    <dl className="pairs">
      <dt>Means</dt>
      <dd>{page.means}</dd>
      <dt>Remedy</dt>
      <dd>{page.remedy}</dd>
    </dl>
  )
}
