#!/usr/bin/env bash
# Reports as messages and workbooks, opened by other programs than the one that wrote them: the
# readers of Python's standard library. Needs python3.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
kpi() { cargo run --quiet --locked --all-features -- "$@"; }
for example in shop pamchal-fa; do
  kpi build "examples/$example" --format json,email,xlsx --out "$out/$example" >/dev/null
  TZ=Asia/Tehran kpi build "examples/$example" --format json,email,xlsx --out "$out/again" >/dev/null
  for file in "$out/$example"/*; do cmp "$file" "$out/again/$(basename "$file")"; done
done
exec python3 tests/forms/check.py "$out/shop" "$out/pamchal-fa"
