#!/bin/sh
# Compares `kpi eval` with DuckDB over the same files: the same values, then time and memory.
#
#   bash benches/compare.sh [ROWS...]      (unset: 10000 1000000 10000000)
#
# Generates the data, takes DuckDB from PyPI into a virtual environment, runs both in turn and
# writes docs/benchmarks.md. Data and environment are kept in $SANJEH_BENCH (unset: a folder
# under the system's temporary one); they take about 1.3 GB.
set -eu
cd "$(dirname "$0")/.."
work="${SANJEH_BENCH:-${TMPDIR:-/tmp}/sanjeh-bench}"
mkdir -p "$work"
cargo build --release --quiet --bin kpi --example bench-data
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet "duckdb==2.0.0"
fi
target="${CARGO_TARGET_DIR:-target}/release"
exec "$work/venv/bin/python" benches/compare.py "$work" "$target" "$@"
