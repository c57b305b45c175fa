#!/bin/sh
# Compares `kpi eval` with DuckDB and Polars over the same files: the same values, then time and memory.
#
#   bash benches/compare.sh [ROWS]      (the most rows; unset: 10000000)
#
# Generates the data, takes both from PyPI into a virtual environment, runs all in turn and
# writes docs/benchmarks.md. Data and environment are kept in $SANJEH_BENCH (unset: a folder
# under the system's temporary one); they take about 6 GB.
set -eu
cd "$(dirname "$0")/.."
work="${SANJEH_BENCH:-${TMPDIR:-/tmp}/sanjeh-bench}"
mkdir -p "$work"
cargo build --release --quiet --bin kpi --example bench-data
if ! "$work/venv/bin/python" -c "import duckdb, polars" 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet "duckdb==2.0.0" "polars==2.1.0"
fi
target="${CARGO_TARGET_DIR:-target}/release"
exec "$work/venv/bin/python" benches/compare.py "$work" "$target" "$@"
