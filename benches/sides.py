"""The same KPIs in DuckDB and in Polars, each in a process of its own: `sides.py ENGINE PATH [users]`.

Prints `kpi,period,channel,value` lines, then on stderr what the query alone took: wall and CPU.
"""

import os
import sys
import time

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
  from read_csv('{path}', header = true, delim = ',', quote = '"', columns = {{{columns}}})
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
  {users}
  sum("Page views")::double / sum(Sessions) as views_per_session
from web group by all order by all
"""
TEXTS = ("Source", "Medium", "Campaign", "Device", "Country", "Landing page", "Visitor")
COLUMNS = {
    "Date": "DATE",
    **{name: "VARCHAR" for name in TEXTS},
    "Sessions": "BIGINT",
    "Engaged sessions": "BIGINT",
    "Page views": "BIGINT",
    "Duration": "DECIMAL(12, 3)",
    "Conversions": "BIGINT",
    "Revenue": "DECIMAL(12, 2)",
    "Cost micros": "BIGINT",
}


def files(path):
    return f"{path}/web-*.csv" if os.path.isdir(path) else path


def more(path):
    """The columns that nobody asks for, where the file has some."""
    if os.path.isdir(path):
        return []
    with open(path) as file:
        return [name for name in file.readline().strip().split(",") if name.startswith("Extra")]


def duckdb_side(path, users):
    import duckdb

    columns = {**COLUMNS, **{name: "BIGINT" for name in more(path)}}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    users = "count(distinct Visitor) as users," if users else ""
    query = SQL.format(path=files(path), columns=columns, users=users)
    yield
    found = duckdb.connect().execute(query)
    names = [d[0] for d in found.description]
    rows = found.fetchall()
    yield
    for row in rows:
        for name, value in zip(names[2:], row[2:]):
            print(f"{name},{row[0]},{row[1]},{value!s}")


def polars_side(path, users):
    import polars as pl

    kinds = {"DATE": pl.Date, "VARCHAR": pl.String, "BIGINT": pl.Int64}
    schema = {name: kinds.get(kind, pl.Float64) for name, kind in COLUMNS.items()}
    schema.update({name: pl.Int64 for name in more(path)})
    col, sessions = pl.col, pl.col("Sessions")
    medium, source = col("Medium"), col("Source")
    paid = medium.str.contains("(?i)^(.*cp.*|ppc|paid.*)$")
    engines = source.str.to_lowercase().is_in(["google", "bing", "duckduckgo"])
    mails = medium.str.contains("(?i)^e-?mail$") | source.str.contains("(?i)newsletter")
    channel = (
        pl.when(paid & engines)
        .then(pl.lit("paid_search"))
        .when(paid)
        .then(pl.lit("paid_other"))
        .when(col("Campaign").str.contains("(?i)^black_friday"))
        .then(pl.lit("black_friday"))
        .when(medium.str.to_lowercase() == "organic")
        .then(pl.lit("seo"))
        .when(mails)
        .then(pl.lit("email"))
        .when(medium.str.contains("(?i)social"))
        .then(pl.lit("social"))
        .when(medium.str.to_lowercase() == "referral")
        .then(pl.lit("referral"))
        .otherwise(pl.lit("other"))
    )
    cost, revenue = col("Cost micros").sum() / 1e6, col("Revenue").sum()
    measures = {
        "best_order": col("Revenue").max(),
        "bounce_rate": 1 - col("Engaged sessions").sum() / sessions.sum(),
        "conversion_rate": col("Conversions").sum() / sessions.sum(),
        "conversions": col("Conversions").sum(),
        "cost": cost,
        "duration": (col("Duration") * sessions).sum() / sessions.sum(),
        "mobile_share": sessions.filter(col("Device") == "mobile").sum() / sessions.sum(),
        "order_value": revenue / (col("Conversions") > 0).sum(),
        "revenue": revenue,
        "roas": revenue / cost,
        "sessions": sessions.sum(),
        "views_per_session": col("Page views").sum() / sessions.sum(),
    }
    if users:
        measures["users"] = col("Visitor").n_unique()
    yield
    rows = pl.scan_csv(files(path), schema=schema).with_columns(
        channel=channel, period=col("Date").dt.truncate("1mo")
    )
    # Its streaming engine is the faster one of the two.
    found = rows.group_by("period", "channel").agg(**measures).collect(engine="streaming")
    yield
    for row in found.iter_rows(named=True):
        for name in measures:
            print(f"{name},{row['period']:%Y-%m},{row['channel']},{row[name]!s}")


def main():
    sides = {"duckdb": duckdb_side, "polars": polars_side}
    side = sides[sys.argv[1]](sys.argv[2], "users" in sys.argv[3:])
    next(side)
    start, busy = time.perf_counter(), time.process_time()
    next(side)
    wall, cpu = time.perf_counter() - start, time.process_time() - busy
    next(side, None)
    print(f"{wall} {cpu}", file=sys.stderr)


if __name__ == "__main__":
    main()
