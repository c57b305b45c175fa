#!/usr/bin/env bash
# Opens reports in a browser: no message on the console, no request, no finding of axe in light and
# dark, no sideways scroll at 320 pixels, nothing lost without JavaScript.
#
#   tests/browser/run.sh PAGE.html...
#
# Needs node and a Chromium (CHROMIUM names another one than `chromium`).
set -euo pipefail
pages=()
for page in "$@"; do pages+=("$(realpath "$page")"); done
cd "$(dirname "$0")"
[ -d node_modules ] || npm install --silent --no-audit --no-fund --no-package-lock
exec node check.mjs "${pages[@]}"
