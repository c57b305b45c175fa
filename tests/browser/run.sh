#!/usr/bin/env bash
# Opens reports in a browser: no message on the console, no request, no finding of axe in light and
# dark, no sideways scroll at 320 pixels, nothing lost without JavaScript.
#
#   tests/browser/run.sh PAGE.html[=SHEETS]... [REPORT.json]...
#
# SHEETS is how many pages it has when it is printed. Reports as JSON are held to the published
# schema.
#
# Needs node; Chromium (CHROMIUM names another one than `chromium`) and the npm packages are
# installed where they are missing.
set -euo pipefail
pages=() reports=()
for page in "$@"; do
  if [[ $page == *.json ]]; then
    reports+=("$(realpath "$page")")
    continue
  fi
  file=${page%=*}
  pages+=("$(realpath "$file")${page#"$file"}")
done
cd "$(dirname "$0")"
source ./install.sh
if [ "${#reports[@]}" -gt 0 ]; then
  node schema.mjs ../../docs/report.schema.json "${reports[@]}"
fi
exec node check.mjs "${pages[@]}"
