import { existsSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'

// Comparisons with bytecode need packages of their own; test/all.sh installs them.
const isInstalled = existsSync(new URL('test/differential/node_modules/viem', import.meta.url))
if (!isInstalled)
  console.log('test/differential is not installed: comparisons with bytecode are left out')

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'lab/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isInstalled ? [] : ['test/differential/**'])],
    // One would be left free by default; on two cores that is half of the machine.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
