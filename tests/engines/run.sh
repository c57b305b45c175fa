#!/usr/bin/env bash
# Reads tables of real databases, DuckDB and PostgreSQL, and holds them against the same rows in CSV.
#
#   tests/engines/run.sh
#
# Needs npm and python3 for the drivers, which are installed under target/; PostgreSQL is installed
# where it is missing, and a server of its own runs on a socket while the tests do.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=$PWD/target/engines
mkdir -p "$home"

if [ ! -f "$home/package/libduckdb.so" ]; then
  (cd "$home" && npm pack --silent @duckdb/node-bindings-linux-x64@1.5.6-r.1 >/dev/null && tar xzf duckdb-node-bindings-*.tgz)
fi
if [ ! -d "$home/python" ]; then
  python3 -m venv "$home/python"
  "$home/python/bin/pip" --quiet install adbc-driver-postgresql==1.13.0
fi
postgres=$(ls "$home"/python/lib/python3*/site-packages/adbc_driver_postgresql/libadbc_driver_postgresql.so)

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1 || true)
if [ -z "$bin" ]; then
  root=$([ "$(id -u)" = 0 ] || echo sudo)
  $root apt-get update -qq
  $root apt-get install -qq -y postgresql >/dev/null
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
fi
# The server refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
data=$(mktemp -d)
chmod 755 "$data"
[ "$(id -u)" = 0 ] && chown postgres "$data"
trap 'as "$bin/pg_ctl" -D "$data/db" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$data"' EXIT
(cd "$data" && as "$bin/initdb" -D "$data/db" -U tester -A trust >/dev/null)
(cd "$data" && as "$bin/pg_ctl" -w -D "$data/db" -l "$data/log" -o "-c listen_addresses= -k $data -c fsync=off" start >/dev/null)

cat > "$data/connections.toml" <<TOML
[duckdb]
driver = "$home/package/libduckdb.so"
entrypoint = "duckdb_adbc_init"

[duckdb.options]
path = "$data/test.duckdb"

[postgres]
driver = "$postgres"
uri = "postgresql://tester@/postgres?host=$data"
TOML
KPI_CONNECTIONS_UNDER_TEST="$data/connections.toml" \
  cargo test --locked --features engines,parquet --test tests -- --ignored csv::table
