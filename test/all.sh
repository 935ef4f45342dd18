#!/usr/bin/env bash
# Runs every check and test, and ends with "N passed, N failed, N skipped" alone on a line.
# Finds or installs what the tests use besides npm packages: Chromium, a second Node, numpy for the
# bench's own test, Redis for sweeps over a queue, and the packages that hold the protocols' own bytecode.
set -u
cd "$(dirname "$0")/.."

need() { # need COMMAND-THAT-PROVES-IT PACKAGE...
  local proof=$1
  shift
  if eval "$proof" >/dev/null 2>&1; then return 0; fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: $* (not root or no apt-get, so not installed; tests that need it are skipped)"
    return 0
  fi
  echo "installing: $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    echo "could not install $*; tests that need it are skipped"
}

need 'command -v chromium' chromium fonts-dejavu-core
need '/usr/bin/python3 -c "import numpy"' python3-numpy
need 'command -v gcc' gcc libc6-dev
need 'command -v redis-server' redis-server

[ -d node_modules ] || npm ci || exit 1
node24=.cache/node24/node_modules/node/bin/node
if [ ! -x "$node24" ]; then
  echo "installing: node 24 into .cache/node24"
  npm install --silent --prefix .cache/node24 node@24 >/dev/null 2>&1 ||
    echo "could not install node 24; tests that need it are skipped"
fi
if [ ! -d test/differential/node_modules/viem ]; then
  echo "installing: what the comparisons with bytecode need into test/differential"
  npm ci --silent --prefix test/differential --no-audit --no-fund >/dev/null 2>&1 ||
    echo "could not install it; comparisons with bytecode are left out"
fi
npm run --silent build || exit 1
[ -n "${FIREBREAK_DATA:-}" ] ||
  echo "FIREBREAK_DATA is not set: tests that read recordings are skipped"

mkdir -p .cache
rm -rf .cache/comparisons
failed=0
npx tsc -p tsconfig.json || failed=$((failed + 1))
npx tsc -p lab/tsconfig.json || failed=$((failed + 1))
[ ! -d test/differential/node_modules/viem ] ||
  npx tsc -p test/differential/tsconfig.json || failed=$((failed + 1))
npx biome ci . --max-diagnostics=30 --colors=off || failed=$((failed + 1))
npx vitest run --reporter=default --reporter=json --outputFile.json=.cache/tests.json || true
node test/comparisons.js --check || failed=$((failed + 1))
exec node test/count.js "$failed"
