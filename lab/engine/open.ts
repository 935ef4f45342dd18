/** Where the worker comes from: beside the page, or out of it where the page is one file. */

/** Opens a worker. */
export function openWorker(): Worker {
  const inside = document.getElementById('engine')?.textContent
  if (!inside) return new Worker('worker.js', { type: 'module' })
  // A worker from a blob starts at once; its address is not needed any longer.
  const address = URL.createObjectURL(new Blob([inside], { type: 'text/javascript' }))
  const worker = new Worker(address)
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS)
  return worker
}

const REVOKE_AFTER_MS = 10_000
