"""Runs `kpi eval`, DuckDB and Polars in turn over generated data; see compare.sh."""

import csv
import io
import os
import shutil
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

RUNS = 5
HERE = Path(__file__).resolve().parent
ENGINES = {"duckdb": "DuckDB", "polars": "Polars"}
USERS = 'kpi users "Users" {\n  formula: count_distinct(web.visitor)\n}\n'


def run(command, env=None, quiet=False):
    """The output, stderr, and wall, CPU and peak memory of a process."""
    start = time.perf_counter()
    sink = subprocess.DEVNULL if quiet else subprocess.PIPE
    child = subprocess.Popen(command, stdout=sink, stderr=subprocess.PIPE, text=True, env=env)
    out, err = "" if quiet else child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command} failed:\n{err}")
    return out, err, (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def values_of_kpi(text):
    rows = csv.DictReader(io.StringIO(text))
    return {(r["kpi"], r["period"], r["channel"]): r["value"] for r in rows}


def values_of_side(text):
    rows = csv.reader(io.StringIO(text))
    return {(kpi, period, channel): value for kpi, period, channel, value in rows}


def check(ours, theirs, engine):
    """DuckDB's sums are equal to the last digit; what went through doubles, as far as they reach."""
    if ours.keys() != theirs.keys():
        sys.exit(f"not the same rows: {sorted(ours.keys() ^ theirs.keys())[:5]}")
    exact = {"conversions", "sessions", "users"}
    if engine == "duckdb":
        exact |= {"best_order", "revenue"}
    for key, own in ours.items():
        a, b = Decimal(own), Decimal(theirs[key])
        near = a == b if key[0] in exact else abs(a - b) <= abs(b) * Decimal("1e-9")
        if not near:
            sys.exit(f"{key}: {a} here, {b} in {engine}")
    return len(ours)


def medians(runs):
    return tuple(statistics.median(r[i] for r in runs) for i in range(len(runs[0])))


class Bench:
    def __init__(self, work, target):
        self.work, self.kpi, self.data = work, target / "kpi", target / "examples" / "bench-data"
        self.cache = work / "cache"
        self.env = {**os.environ, "KPI_CACHE": str(self.cache)}
        self.values = 0

    def folder(self, name, rows, shape, kpis=""):
        """A project over generated data: the folder, and the file or folder of its data."""
        folder = self.work / name
        many = shape in ("parts", "months")
        data = folder if many else folder / "web.csv"
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            subprocess.run([self.data, str(rows), data, shape], check=True)
            (folder / "done").touch()
        spec = (HERE / "project" / "web.kpi").read_text()
        if many:
            spec = spec.replace('"web.csv"', '"web-*.csv"')
        if "visitor" in kpis:
            spec = spec.replace("    channel: ", "    visitor:     text\n    channel: ")
        (folder / "web.kpi").write_text(spec + kpis)
        return folder, data

    def eval(self, folder, *more):
        out, _, took = run(
            [self.kpi, "eval", folder, "--by", "channel", "--format", "csv", *more], self.env
        )
        return out, took

    def side(self, engine, data, users):
        command = [sys.executable, HERE / "sides.py", engine, data, *(["users"] if users else [])]
        out, err, (wall, _, memory) = run(command)
        query, cpu = map(float, err.split()[-2:])
        return values_of_side(out), (query, cpu, memory, wall)

    def against(self, folder, data, users=False, engines=tuple(ENGINES)):
        """All of them in turn, RUNS times; medians by name."""
        took = {"kpi": [], **{engine: [] for engine in engines}}
        for _ in range(RUNS):
            out, ours = self.eval(folder, "--no-cache")
            took["kpi"].append((*ours, ours[0]))
            own = values_of_kpi(out)
            for engine in engines:
                theirs, times = self.side(engine, data, users)
                took[engine].append(times)
                self.values += check(own, theirs, engine)
        return {name: medians(runs) for name, runs in took.items()}

    def alone(self, folder, *more):
        return medians([self.eval(folder, *more)[1] for _ in range(RUNS)])


def size_of(data):
    files = [data] if data.is_file() else data.glob("web-*.csv")
    return sum(f.stat().st_size for f in files)


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GB of memory"


def comparison(title, size, took):
    """The rows of the table for one case."""
    lines = []
    for name, (wall, cpu, memory, process) in took.items():
        shown = {"kpi": "kpi eval"}.get(name) or ENGINES[name]
        whole = "" if name == "kpi" else f" ({process:.2f} s)"
        lines.append(
            f"| {title} | {size / 1e6:,.0f} MB | {shown} | {wall:.3f} s{whole} | {cpu:.3f} s |"
            f" {memory:.0f} MB | |"
        )
        title = ""
        if name != "kpi":
            own = took["kpi"]
            ratio = f"{wall / own[0]:.1f}, {cpu / own[1]:.1f}, {memory / own[2]:.1f}"
            lines[-1] = lines[-1][:-1] + f"{ratio} |"
            lines[-1] = lines[-1].replace("| |", "|")
    return lines


def many_kpis():
    """88 more KPIs: sums and ratios of six columns under fourteen conditions."""
    columns = ["sessions", "engaged", "views", "conversions", "revenue", "cost"]
    devices, countries = ["mobile", "desktop", "tablet"], "DE GB FR IR TR US NL SE IT ES".split()
    conditions = [f'device == "{d}"' for d in devices] + [f'country == "{c}"' for c in countries]
    conditions.append("conversions > 0")
    formulas = [f"sum(web.{c} where {w})" for c in columns for w in conditions]
    formulas += [
        f"sum(web.revenue where {w}) / sum(web.sessions where {w})" for w in conditions
    ][: 88 - len(formulas)]
    return "".join(
        f'kpi more_{at} "More {at}" {{\n  formula: {formula}\n}}\n'
        for at, formula in enumerate(formulas)
    )


def kept(bench, rows):
    """What is read again after a change, over months of files and over one file."""
    lines = []
    folder, data = bench.folder(f"months-{rows}", rows, "months")
    spec = folder / "web.kpi"

    def row(what, took):
        lines.append(f"| {what} | {took[0]:.3f} s | {took[1]:.3f} s | {took[2]:.0f} MB |")

    row("everything, nothing kept", bench.alone(folder, "--no-cache"))
    last = folder / "web-2027-12.csv"
    aside = bench.work / "last.csv"
    title, month, first = [], [], []
    for _ in range(RUNS):
        shutil.rmtree(bench.cache, ignore_errors=True)
        last.rename(aside)
        first.append(bench.eval(folder)[1])
        # Files that were written a moment ago are not trusted by their times.
        shutil.copy(aside, last)
        month.append(bench.eval(folder)[1])
        time.sleep(4)
        bench.eval(folder)
        spec.write_text(spec.read_text().replace('kpi sessions "', 'kpi sessions "Z'))
        title.append(bench.eval(folder)[1])
        aside.unlink()
    row("everything, and keeping it", medians(first))
    row("one new month of thirty-six", medians(month))
    row("a changed title", medians(title))
    folder, data = bench.folder(f"plain-{rows}", rows, "plain")
    grown = []
    whole = data.stat().st_size
    with data.open("rb") as file:
        file.seek(max(0, whole - (1 << 20)))
        file.readline()
        tail = file.read()
    for _ in range(RUNS):
        bench.eval(folder)
        with data.open("ab") as file:
            file.write(tail)
        out, took = bench.eval(folder)
        grown.append(took)
        if out != bench.eval(folder, "--no-cache")[0]:
            sys.exit("a file that grew gives other numbers when it is read whole")
        os.truncate(data, whole)
    row("one megabyte more in one file", medians(grown))
    return lines


def main():
    work, target = Path(sys.argv[1]), Path(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
    bench = Bench(work, target)
    tables = {"compared": [], "growth": [], "kept": []}

    def compare(title, name, rows, shape, kpis="", users=False):
        folder, data = bench.folder(name, rows, shape, kpis)
        took = bench.against(folder, data, users)
        tables["compared"] += comparison(title, size_of(data), took)
        print(title, took, flush=True)

    small = most // 10
    for rows in sorted({10_000, small, most}):
        compare(f"{rows:,} rows", f"plain-{rows}", rows, "plain")
    compare(f"{most:,} rows, and users counted exactly", f"plain-{most}", most, "plain", USERS, True)
    compare(f"{most:,} rows in 1,000 files", f"parts-{most}", most, "parts")
    compare(f"{small:,} rows, all cells in quotes", f"quoted-{small}", small, "quoted")
    compare(f"{small:,} rows of 60 columns", f"wide-{small}", small, "wide")
    folder, data = bench.folder(f"plain-{most}", most, "plain")
    cases = [
        ("12 KPIs by channel", "", ("channel",)),
        ("100 KPIs by channel", many_kpis(), ("channel",)),
        ("12 KPIs by country and device: 30 members", "", ("country", "device")),
        ("12 KPIs by campaign: 1,200 members", "", ("campaign",)),
        ("12 KPIs by landing page: 2,000 members", "", ("landing_page",)),
    ]
    for title, kpis, by in cases:
        folder, data = bench.folder(f"plain-{most}", most, "plain", kpis)
        flags = [flag for dimension in by for flag in ("--by", dimension)]
        command = [bench.kpi, "eval", folder, *flags, "--format", "csv", "--no-cache"]
        wall, cpu, memory = medians([run(command, bench.env, quiet=True)[2] for _ in range(RUNS)])
        tables["growth"].append(f"| {title} | {wall:.3f} s | {cpu:.3f} s | {memory:.0f} MB |")
        print(tables["growth"][-1], flush=True)
    bench.folder(f"plain-{most}", most, "plain")
    tables["kept"] = kept(bench, most)
    print("\n".join(tables["kept"]))
    report(tables, bench.values, most)


def report(tables, values, most):
    import duckdb
    import polars

    text = (HERE / "report.md").read_text()
    for name, lines in tables.items():
        text = text.replace(f"{{{name}}}", "\n".join(lines))
    facts = {
        "duckdb": duckdb.__version__,
        "polars": polars.__version__,
        "machine": machine(),
        "runs": str(RUNS),
        "values": f"{values:,}",
        "most": f"{most:,}",
    }
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact)
    (HERE.parent / "docs" / "benchmarks.md").write_text(text)


if __name__ == "__main__":
    main()
