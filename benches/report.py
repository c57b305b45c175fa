"""How long a report of 50 KPIs with 24 months of history takes, from reading the data to the page.

    cargo build --release && python3 benches/report.py

Prints the least of ten runs of `kpi build`, as the program itself counts them, for each form.
"""

import datetime
import pathlib
import re
import subprocess
import tempfile

FORMULAS = [
    ("sum(web.revenue)", "money", "2000 EUR"),
    ("sum(web.orders) / sum(web.visits)", "percent", "5%"),
    ("sum(web.visits)", "count", "2000"),
    ("count(web)", "count", "90"),
]
SOURCE = """project "Fifty" {
  currency: EUR
}

source web {
  csv:  "web.csv"
  date: day
  rows: events
  columns {
    channel: text
    visits:  count
    orders:  count
    revenue: money
  }
}
"""


def spec():
    text = SOURCE
    for i in range(50):
        formula, unit, target = FORMULAS[i % 4]
        text += f'\nkpi k{i} "KPI {i}" {{\n  formula: {formula}\n  unit: {unit}\n'
        text += f"  target: {target}\n  cadence: monthly\n  by: channel\n}}\n"
    names = ", ".join(f"k{i}" for i in range(50))
    return text + f'\nreport monthly "M" {{\n  history: 24 months\n  section "All" {{\n    kpis: {names}\n  }}\n}}\n'


def rows():
    day, text = datetime.date(2024, 1, 1), "day,channel,visits,orders,revenue\n"
    while day < datetime.date(2026, 7, 1):
        for channel in ("search", "email", "direct", "social"):
            visits = (day.day * 7 + len(channel)) % 60 + 10
            text += f"{day},{channel},{visits},{day.day % 5},{day.day * 3.5}\n"
        day += datetime.timedelta(1)
    return text


root = pathlib.Path(__file__).resolve().parent.parent
with tempfile.TemporaryDirectory() as folder:
    project = pathlib.Path(folder)
    (project / "p.kpi").write_text(spec())
    (project / "web.csv").write_text(rows())
    for form in ("html", "markdown", "json"):
        command = [root / "target/release/kpi", "build", project, "--format", form]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(10)]
        times = [int(re.search(r"built in (\d+) ms", run.stderr)[1]) for run in runs]
        size = sum(f.stat().st_size for f in (project / "out").rglob("*") if f.is_file())
        print(f"{form:9} {min(times)} ms, {size / 1000:.0f} kB in the folder")
