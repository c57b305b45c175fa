"""Runs `kpi eval` and DuckDB in turn over generated data; see compare.sh."""

import csv
import io
import os
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

RUNS = 5
HERE = Path(__file__).resolve().parent

# The twelve KPIs of project/web.kpi in SQL, one column each, sorted by name.
SQL = """
with web as (
  select *,
    case
      when regexp_matches(Medium, '^(.*cp.*|ppc|paid.*)$', 'i')
        and lower(Source) in ('google', 'bing', 'duckduckgo') then 'paid_search'
      when regexp_matches(Medium, '^(.*cp.*|ppc|paid.*)$', 'i') then 'paid_other'
      when regexp_matches(Campaign, '^black_friday', 'i') then 'black_friday'
      when lower(Medium) = 'organic' then 'seo'
      when regexp_matches(Medium, '^e-?mail$', 'i')
        or regexp_matches(Source, 'newsletter', 'i') then 'email'
      when regexp_matches(Medium, 'social', 'i') then 'social'
      when lower(Medium) = 'referral' then 'referral'
      else 'other'
    end as channel
  from read_csv('{path}', header = true, delim = ',', quote = '"', columns = {{
    'Date': 'DATE', 'Source': 'VARCHAR', 'Medium': 'VARCHAR', 'Campaign': 'VARCHAR',
    'Device': 'VARCHAR', 'Country': 'VARCHAR', 'Landing page': 'VARCHAR', 'Visitor': 'VARCHAR',
    'Sessions': 'BIGINT', 'Engaged sessions': 'BIGINT', 'Page views': 'BIGINT',
    'Duration': 'DECIMAL(12, 3)', 'Conversions': 'BIGINT', 'Revenue': 'DECIMAL(12, 2)',
    'Cost micros': 'BIGINT'
  }})
)
select strftime(date_trunc('month', Date), '%Y-%m') as period, channel,
  max(Revenue) as best_order,
  1 - sum("Engaged sessions")::double / sum(Sessions) as bounce_rate,
  sum(Conversions)::double / sum(Sessions) as conversion_rate,
  sum(Conversions) as conversions,
  sum("Cost micros")::decimal(38, 6) / 1000000 as cost,
  sum(Duration * Sessions)::double / sum(Sessions) as duration,
  sum(Sessions) filter (where Device = 'mobile')::double / sum(Sessions) as mobile_share,
  sum(Revenue)::double / count(*) filter (where Conversions > 0) as order_value,
  sum(Revenue) as revenue,
  sum(Revenue)::double / (sum("Cost micros")::double / 1000000) as roas,
  sum(Sessions) as sessions,
  sum("Page views")::double / sum(Sessions) as views_per_session
from web group by all order by all
"""
EXACT = {"best_order", "conversions", "revenue", "sessions"}


def duckdb_side(path):
    """Runs in a process of its own and prints the values, then what it took."""
    import duckdb

    start, busy = time.perf_counter(), time.process_time()
    found = duckdb.connect().execute(SQL.format(path=path))
    names = [d[0] for d in found.description]
    rows = found.fetchall()
    wall, cpu = time.perf_counter() - start, time.process_time() - busy
    for row in rows:
        for name, value in zip(names[2:], row[2:]):
            print(f"{name},{row[0]},{row[1]},{value!s}")
    print(f"{wall} {cpu}", file=sys.stderr)


def run(command):
    """The output, the last line of stderr, and wall, CPU and peak memory of a process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command} failed:\n{err}")
    return out, err, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def values_of_kpi(text):
    rows = csv.DictReader(io.StringIO(text))
    return {(r["kpi"], r["period"], r["channel"]): r["value"] for r in rows}


def values_of_duckdb(text):
    rows = csv.reader(io.StringIO(text))
    return {(kpi, period, channel): value for kpi, period, channel, value in rows}


def check(ours, theirs):
    """Sums must be equal to the last digit, quotients as far as a double reaches."""
    if ours.keys() != theirs.keys():
        sys.exit(f"not the same rows: {sorted(ours.keys() ^ theirs.keys())[:5]}")
    for key, own in ours.items():
        a, b = Decimal(own), Decimal(theirs[key])
        near = a == b if key[0] in EXACT else abs(a - b) <= abs(b) * Decimal("1e-12")
        if not near:
            sys.exit(f"{key}: {a} here, {b} in DuckDB")
    return len(ours)


def measure(work, target, rows):
    folder = work / str(rows)
    folder.mkdir(exist_ok=True)
    data = folder / "web.csv"
    if not data.exists():
        part = folder / "web.part"
        subprocess.run([target / "examples" / "bench-data", str(rows), part], check=True)
        part.rename(data)
    shutil.copy(HERE / "project" / "web.kpi", folder / "web.kpi")
    kpi = [target / "kpi", "eval", folder, "--by", "channel", "--format", "csv"]
    duck = [sys.executable, __file__, "duckdb", data]
    ours, theirs, count = [], [], 0
    for _ in range(RUNS):
        out, _, wall, cpu, memory = run(kpi)
        ours.append((wall, cpu, memory))
        own = values_of_kpi(out)
        out, err, _, _, memory = run(duck)
        wall, cpu = map(float, err.split()[-2:])
        theirs.append((wall, cpu, memory))
        count = check(own, values_of_duckdb(out))
    best = lambda runs: tuple(min(r[i] for r in runs) for i in range(3))
    return data.stat().st_size, best(ours), best(theirs), count


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GB of memory"


def report(results):
    import duckdb

    lines = [
        "# Benchmarks",
        "",
        "Twelve KPIs by month and channel (`benches/project/web.kpi`: sums, ratios, a weighted",
        "mean, a maximum, conditions, and channels by eight rules with patterns) over one CSV file",
        "of 15 columns, read from its beginning each time. The values of both programs are",
        "compared in each run: sums are equal to the last digit, quotients as far as a double",
        "reaches.",
        "",
        f"DuckDB {duckdb.__version__} reads the file with declared types and runs one SQL query;",
        "its time is that of the query alone, ours is that of the whole process, from reading the",
        f"spec to printing. Machine: {machine()}. The least of {RUNS} runs in turn, files in the",
        "page cache.",
        "",
        "| rows | file | | wall | CPU | peak memory |",
        "|---:|---:|---|---:|---:|---:|",
    ]
    for rows, (size, ours, theirs, count) in results.items():
        for name, (wall, cpu, memory) in (("kpi eval", ours), ("DuckDB", theirs)):
            lines.append(
                f"| {rows:,} | {size / 1e6:,.1f} MB | {name} | {wall:.3f} s | {cpu:.3f} s"
                f" | {memory:.0f} MB |"
            )
        lines.append(
            f"| | | DuckDB / kpi | {theirs[0] / ours[0]:.1f} | {theirs[1] / ours[1]:.1f}"
            f" | {theirs[2] / ours[2]:.1f} |"
        )
    lines += [
        "",
        f"Each run compares {count:,} values. Run it yourself: `bash benches/compare.sh`.",
        "",
        "Memory does not grow with the file, but for what is asked for exactly: `count_distinct`",
        "keeps each distinct value once and eight bytes for each day and group that it occurs in,",
        "`median` and `percentile` keep all values, and a `key` keeps 24 bytes a row.",
        "",
    ]
    (HERE.parent / "docs" / "benchmarks.md").write_text("\n".join(lines))


def main():
    if sys.argv[1] == "duckdb":
        return duckdb_side(sys.argv[2])
    work, target = Path(sys.argv[1]), Path(sys.argv[2])
    sizes = [int(n) for n in sys.argv[3:]] or [10_000, 1_000_000, 10_000_000]
    results = {}
    for rows in sizes:
        results[rows] = measure(work, target, rows)
        size, ours, theirs, count = results[rows]
        print(f"{rows:>10} rows: kpi {ours}, duckdb {theirs}, {count} values agree", flush=True)
    report(results)


main()
