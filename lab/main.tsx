/** Where the page begins. */

import './lab.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { paintPage } from './state/theme.ts'

paintPage()
createRoot(document.getElementById('root')!).render(<App />)
