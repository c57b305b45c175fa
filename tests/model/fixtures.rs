//! Mistakes, one a case, each with exactly what is said about it.

use super::support::one;

/// A source with a column of every type, on lines 1 to 21.
const DATA: &str = r#"source web {
  inline: """
    date,visits,ctr,cost,spent,wait,device,ok,at,id,free
    2026-06-01,100,0.03,12,12,30,mobile,true,2026-06-01 10:00,a1,x
  """
  date: date
  columns {
    date:    date
    visits:  count
    users:   count from `visits`, not additive over date, device
    ctr:     percent
    cost:    money GBP
    spent:   money EUR
    wait:    duration
    device:  text
    ok:      bool
    at:      timestamp
    id:      id
  }
}
source bare { inline: "id,country\n1,GB" }
"#;

/// What is said of some lines behind [`DATA`]; the first of them is line 1.
fn told(lines: &str) -> Vec<String> {
    let before = DATA.lines().count();
    let told = one(&format!("{DATA}{lines}\n")).told();
    let shift = |line: String| match line.split_once(' ') {
        Some((number, rest)) => {
            let number: usize = number.parse().unwrap();
            format!("{} {rest}", number - before)
        }
        None => line,
    };
    told.into_iter().map(shift).collect()
}

/// What is said after all fixes are carried out.
fn after_fixes(lines: &str) -> Vec<String> {
    let checked = one(&format!("{DATA}{lines}\n"));
    if checked.out.iter().any(|d| d.fix.is_none()) {
        return Vec::new();
    }
    one(&checked.repaired()).told()
}

macro_rules! cases {
    ($($name:ident: $($lines:literal => [$($told:literal),*];)*)*) => {$(
        #[test]
        fn $name() {
            let mut wrong = Vec::new();
            $(
                let found = told($lines);
                let expected: Vec<&str> = vec![$($told),*];
                if found != expected {
                    wrong.push(format!("{}\n  found    {found:#?}\n  expected {expected:#?}", $lines));
                }
                let left = after_fixes($lines);
                if !left.is_empty() {
                    wrong.push(format!("{}\n  after its fixes {left:#?}", $lines));
                }
            )*
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    )*};
}

cases! {
sound_lines:
    "metric m = sum(web.visits) / count(web)" => [];
    "metric m = sum(web.cost) ?? 0" => [];
    "metric m = sum(web.cost) - 0 + 5 GBP" => [];
    "metric m = sum(web.cost) / sum(web.visits) * 3" => [];
    "metric m = 1 - sum(web.visits) / count(web)" => [];
    "metric m = if(sum(web.cost) > 0, sum(web.cost), 3 GBP)" => [];
    "metric m = sum(web.cost * 2 where visits > 10 and not ok)" => [];
    "metric m = sum(web.visits where at >= 2026-06-01 and web.device in (\"a\", \"b\"))" => [];
    "metric m = avg(web.wait where wait < 90 s)" => [];
    "metric m = median(if(web.ok, web.visits, 0))" => [];
    "metric m = sum(web.visits, on: at)" => [];
    "metric m = sum(web.visits where free == \"x\")" => [];
    "metric m = count_distinct(web.id) + count(web.device)" => [];
    "metric m = avg(web.users) + max(web.users)" => [];
    "metric m = greatest(sum(web.visits), 3)" => [];
    "metric m = sum(web.users where device == \"a\")\nkpi k \"K\" {\n  formula: m\n  cadence: daily\n}" => [];
units:
    "metric m = sum(web.cost) + 3" => ["1 K3001 money and a bare number cannot be added [write `3 GBP`] {3 -> 3 GBP}"];
    "metric m = sum(web.cost) * sum(web.cost)" => ["1 K3001 money and money cannot be multiplied [one of the two should be a plain number]"];
    "metric m = sum(web.cost) / sum(web.spent)" => ["1 K3001 GBP and EUR cannot be divided [bring the second to the first by a rate: `convert(..., GBP, RATE)`]"];
    "metric m = if(avg(web.wait) > 3, 1, 2)" => ["1 K3001 a duration and a bare number cannot be compared [say of what: `3 days`, `3 h` or `3 s`]"];
    "metric m = sum(web.visits where ctr > 3)" => ["1 K3001 percent and a bare number cannot be compared [write `3%`] {3 -> 3%}"];
    "metric m = sum(web.visits where cost > wait)" => ["1 K3001 money and duration cannot be compared"];
    "kpi k \"K\" {\n  formula: sum(web.cost)\n  unit: count\n}" => ["3 K3001 the unit is count and the formula gives money [declare the unit that the formula gives, or change the formula]"];
    "kpi k \"K\" {\n  formula: sum(web.visits)\n  unit: money\n}" => ["3 K3001 the unit is money and the formula gives count [declare the unit that the formula gives, or change the formula]"];
    "kpi k \"K\" {\n  formula: sum(web.cost)\n  unit: \"pounds\"\n}" => ["3 K3001 \"pounds\" is a word for plain numbers, and the formula gives money [write `unit: money`]"];
    "kpi k \"K\" {\n  formula: sum(web.visits) / count(web)\n  unit: \"%\"\n}" => ["3 K3001 `%` is no word of one's own [write `percent`] {\"%\" -> percent}"];
types:
    "metric m = sum(web.device)" => ["1 K3002 `sum` takes a number, and this is a text"];
    "metric m = sum(web.ok)" => ["1 K3002 `sum` takes a number, and this is a condition [count the rows where it holds: `count(web where ok)`]"];
    "metric m = count(web.device == \"x\")" => ["1 K3002 `count` counts rows with a value, and a condition has one in each row [count the rows where it holds: `count(web where device == \"x\")`]"];
    "metric m = sum(web.visits where device == tablet)" => ["1 K2003 source `web` has no column `tablet` [a text stands in quotes: `\"tablet\"`] {tablet -> \"tablet\"}"];
    "metric m = sum(web.visits where visits)" => ["1 K3002 a condition is needed, and this is a number [compare it: `visits > 0`]"];
    "metric m = sum(web.visits where visits == \"3\")" => ["1 K3002 a number and a text cannot be compared [write `3`] {\"3\" -> 3}"];
    "metric m = sum(web.visits where device == 3)" => ["1 K3002 a text and a number cannot be compared [write `\"3\"`] {3 -> \"3\"}"];
    "metric m = sum(web.visits where date > \"2026-06-01\")" => ["1 K3002 a date and a text cannot be compared [write `2026-06-01`] {\"2026-06-01\" -> 2026-06-01}"];
    "metric m = sum(web.visits where date > 2026-06)" => ["1 K3002 a row has a day, not a period [compare with its first and last day: `day between 2026-06-01 and 2026-06-30`]"];
    "metric m = sum(web.visits where free > 3 and free == \"x\")" => ["1 K3002 a number and a text cannot be compared [declare its type: `free: ...` in `columns`]"];
    "metric m = sum(web.visits where hour(date) > 3)" => ["1 K3002 `hour` takes a timestamp, and this is a date"];
    "metric m = sum(web.visits where lower(visits) == \"x\")" => ["1 K3002 `lower` takes a text, and this is a number"];
    "metric m = sum(web.visits where device =~ /(/)" => ["1 K3013 not a regular expression: unclosed group [a character that has a meaning of its own needs a `\\` before it]"];
    "metric m = sum(web.visits where device + 1 > 2)" => ["1 K3002 arithmetic takes numbers, and this is a text"];
    "metric m = sum(web.visits where date - at > 1 s)" => ["1 K3002 a date and a timestamp have no difference [take the difference of two dates or of two timestamps; a number of days between any two gives `days_between(a, b)`]"];
    "metric m = sum(web.visits) > 3" => ["1 K3002 a formula gives a number, and this is a condition [conditions belong behind `where`, or into `if(condition, a, b)`]"];
    "metric m = \"x\"" => ["1 K3002 a formula gives a number, and this is a text [conditions belong behind `where`, or into `if(condition, a, b)`]"];
    "metric m: text" => ["1 K3002 a metric is a number [state it as `count`, `number`, `money`, `percent` or `duration`]"];
arguments:
    "metric m = sum(web.visits, web.cost)" => ["1 K3003 `sum` takes one argument, and here are 2"];
    "metric m = percentile(web.visits, 101)" => ["1 K3003 a percentile is a number from 0 to 100 [write `percentile(web.load_time, 90)`]"];
    "metric m = sum(web.visits, weight: cost)" => ["1 K3003 `sum` has no argument `weight`"];
    "metric m = avg(web.visits, weight: cost, weight: cost)" => ["1 K3003 `weight` stands twice"];
    "metric a = sum(web.visits)\nmetric m = avg(a)" => ["2 K3003 `avg` reads rows, and `a` is computed already [write `a`, or over sub-periods `avg(a, each: day)`]"];
    "metric m = sum(visits)" => ["1 K2003 `visits` of which source? [write `web.visits`] {visits -> web.visits}"];
    "metric m = sum(web)" => ["1 K3003 `sum` reads a column, and `web` is a source [name a column of it: `sum(web.date)`]"];
    "metric m = sum(3)" => ["1 K3003 `sum` reads a column, and here is none [name one with its source: `sum(web.visits)`]"];
    "metric m = sum(web.visits * bare.id)" => ["1 K3003 an aggregate reads one source: here are `web` and `bare` [aggregate each apart, and put the results together]"];
    "metric m = count(bare)" => ["1 K3015 the rows of `bare` have no date [name the column of the row's date: `date: day`]"];
    "metric m = web.visits" => ["1 K3014 `web.visits` has a value in every row [say what to make of them: `sum(web.visits)`] {web.visits -> sum(web.visits)}"];
    "metric m = web" => ["1 K2001 unknown name `web` [it is a source: its rows are counted by `count(web)`] {web -> count(web)}"];
    "metric m = attainment(n)\nmetric n = sum(web.visits)" => ["1 K3003 `attainment` takes the name of a KPI [only a KPI has a target to be held to]"];
    "metric m = sum(web.visits where sum(visits) > 3)" => ["1 K2004 `sum` works on many rows, and here is one [use it in a `formula`]"];
    "metric m = sum(web.visits where lowr(device) == \"x\")" => ["1 K2004 unknown function `lowr` [did you mean `lower`?] {lowr -> lower}"];
    "metric m = rolling(sum(web.visits), 3)" => ["1 K3003 a span of time is due [write it as `28 days`, `3 months` or `1 year`]"];
    "metric m = sum(sum(web.visits), each: fortnight)" => ["1 K3003 a part of the calendar is due [write `day`, `week`, `month`, `quarter` or `year`]"];
    "metric m = convert(sum(web.cost), EUR)" => ["1 K3003 GBP has no fixed rate to EUR [give the rate as the third argument, `convert(..., EUR, rates.rate)`: a column of the row, or one of a source of rates that the row looks up with `lookup: rates on ...`]"];
additivity:
    "metric m = sum(web.ctr)" => ["1 K3004 the sum of a rate: rates do not add up [weigh it by what it is a share of: `avg(web.ctr, weight: visits)`] {sum(web.ctr) -> avg(web.ctr, weight: visits)}"];
    "metric m = avg(web.ctr where ok)" => ["1 K3004 the mean of a rate without a weight: rows of one visit and of a thousand count alike [weigh it by what it is a share of: `avg(web.ctr, weight: visits)`]"];
    "metric m = sum(web.users where device == \"a\")" => ["1 K3005 `users` is not additive over date: people of two days are counted twice [take `avg(web.users where device == \"a\")` or a count of distinct ids] {sum(web.users where device == \"a\") -> avg(web.users where device == \"a\")}"];
    "metric m = sum(web.users)\nkpi k \"K\" {\n  formula: m\n  cadence: daily\n}" => ["1 K3005 `users` is not additive over device: people of two members of `device` are counted twice [take `avg(web.users)` or a count of distinct ids] {sum(web.users) -> avg(web.users)}"];
    "source s {\n  inline: \"day,u\"\n  date: day\n  columns {\n    u: count, not additive over date\n    twice: count = u * 2\n  }\n}\nmetric m = sum(s.twice)" => ["9 K3005 `u` is not additive over date: people of two days are counted twice [take `avg(s.twice)` or a count of distinct ids] {sum(s.twice) -> avg(s.twice)}"];
names:
    "kpi k \"K\" {\n  formula: 1 + sum(web.visits)\n  goal: grow\n}\ngoal grov \"G\" {\n}" => ["3 K2001 unknown goal `grow` [did you mean `grov`?] {grow -> grov}"];
    "kpi k \"K\" {\n  formula: count(web)\n  channels: emial\n}\nchannels areas {\n  email \"E\"\n}" => ["3 K2001 unknown channel `emial` [did you mean `email`?] {emial -> email}"];
    "kpi k \"K\" {\n  formula: count(web)\n  channels: areas.email, aeras.email\n}\nchannels areas {\n  email \"E\"\n}" => ["3 K2001 unknown block of channels `aeras` [did you mean `areas`?] {aeras -> areas}"];
    "metric m = sum(web.visits where device in enginse)\nlist engines = \"a\"" => ["1 K2001 unknown list `enginse` [did you mean `engines`?] {enginse -> engines}"];
    "list a = b\nlist b = a" => ["1 K2006 these lists form a cycle: `a`, `b`, `a` [let one of them be computed without the others]"];
    "metric m = m" => ["1 K2006 these formulas form a cycle: `m`, `m` [let one of them be computed without the others]"];
    "metric m = nope\nmetric n = m + m" => ["1 K2001 unknown name `nope`"];
    "project \"A\" {\n}\nproject \"B\" {\n}" => ["3 K2005 a project has one `project` block [keep one of them, or give the other a folder of its own]"];
    "metric m: count\nmetric m = count(web)\nmetric m: count" => [];
    "note k in 2026-06 \"x\"\nreview k on 2026-06-30 {\n}" => ["1 K2001 unknown metric or KPI `k`", "2 K2001 unknown KPI `k`"];
    "event 2026-06-01 \"Sale\"\nreport r \"R\" {\n  compare: 28 days around \"Sales\"\n}" => ["3 K2001 there is no event \"Sales\" [did you mean `Sale`?] {\"Sales\" -> \"Sale\"}"];
    "kpi k \"K\" {\n}" => ["1 K2008 `k` has no formula [say it: `formula: sum(web.visits)`]"];
    "source s {\n  date: day\n}" => ["1 K2008 source `s` says nowhere where its rows are [name its file: `csv: \"data/web.csv\"`]"];
    "metric m = sum(web.cost) + 3 GPB" => ["1 K2007 unknown currency `GPB` [did you mean `GBP`?] {GPB -> GBP}"];
lost_names:
    "goal \"G\" {\n}\nkpi k \"K\" {\n  formula: count(web)\n  goal: grow\n}" => ["1 K1023 the head of a goal cannot have `\"G\"` here"];
    "kip revenue \"R\" {\n  formula: count(web)\n}\nmetric m = revenue * 2" => ["1 K1024 no item begins with `kip` [did you mean `kpi`?] {kip -> kpi}"];
    "metric a = web.visits &&& 3\nmetric m = a * 2" => ["1 K1023 the formula cannot have `&` here"];
sources:
    "source s {\n  inline: \"a,b\"\n  columns {\n    a: number = b\n    b: number = a\n  }\n}" => ["4 K2006 these columns form a cycle: `a`, `b`, `a` [let one of them be computed without the others]"];
    "source s {\n  inline: \"a,b\"\n  columns {\n    a: number\n    a: text\n  }\n}" => ["5 K2005 column `a` is defined twice [choose another name]"];
    "source s {\n  inline: \"a,b\"\n  columns {\n    c: text = a + 1\n  }\n}" => ["4 K3002 the column is declared as text, and this is a number"];
    "source s {\n  inline: \"a,b\"\n  columns {\n    d: duration\n    c: number = d\n  }\n}" => ["5 K3002 the column is declared as number, and this is duration [make it a number: `hours(...)`, `days(...)`]"];
    "source s {\n  inline: \"a,b\"\n  columns {\n    a: money\n  }\n}" => ["4 K3017 money of which currency? [write `money EUR`, or `currency: EUR` in a `project` block]"];
    "source s {\n  inline: \"a,b\"\n  date: a as \"%Q\"\n}" => ["3 K3012 not a pattern of dates: `%Q` is not a known directive; there are %Y %y %m %d %e %j %b %B %a %A %H %I %p %M %S %f %z %F %T %R %% [write it like \"%d.%m.%Y\" or \"%Y-%m-%d %H:%M\"]"];
    "source s {\n  inline: \"a,b\"\n  date: a\n  columns {\n    a: text\n  }\n}" => ["3 K3002 the date of a row is a date, and `a` is text [declare the column as `date`]"];
    "source s {\n  inline: \"a,b\"\n  key: c\n}" => ["3 K2003 source `s` has no column `c` [its headers are `a`, `b`]"];
    "source s {\n  inline: \"a,b\"\n  columns {\n    a: count, not additive over dates\n  }\n}" => ["4 K2003 source `s` has no column `dates` [its headers are `a`, `b`]"];
    "source s {\n  inline: \"a,b\"\n  thousands: \".\"\n}" => ["3 K3016 `.` cannot part both thousands and decimals [declare the other one too: `decimal: \",\"`]"];
    "source s {\n  csv: \"/tmp/a.csv\"\n}" => ["2 K7003 the path does not start from the folder of this file [copy the data into the project, and name it from here: \"data/web.csv\"]"];
    "source s {\n  csv: \"../a.csv\"\n}" => ["2 K7003 the path leads out of the project [copy the data into the project, or build from a folder above both]"];
    "source s {\n  inline: \"a,b\"\n  covers: 2026-06-02 to 2026-06-01\n}" => ["3 K3011 the last day lies before the first [put the earlier day first]"];
    "source s {\n  inline: \"a,b\"\n  where: x.y == 1\n}" => ["3 K2002 unknown source `x`"];
    "source s {\n  inline: \"a,b\"\n  where: web.visits == 1\n}" => ["3 K2003 a row of `s` has no columns of `web` [join the two in `s`: `lookup: web on ...`]"];
channels:
    "channels c(medium) {\n  a \"A\" when midium == \"x\"\n}" => ["2 K2003 unknown parameter `midium` [did you mean `medium`?] {midium -> medium}"];
    "channels c(medium) {\n  a \"A\" when source == \"x\" or source == \"y\"\n}" => ["2 K2003 unknown parameter `source` [add it to the brackets behind `c`]"];
    "channels c(medium) {\n  a \"A\" when medium == \"x\"\n  a \"B\" when medium == \"y\"\n}" => ["3 K2005 channel `a` is defined twice [choose another name, or join the two conditions by `or`]"];
    "channels c(medium) {\n  a \"A\" when medium == \"x\"\n}\nsource s {\n  inline: \"a,b\"\n  columns {\n    ch: text = c(a, b)\n  }\n}" => ["7 K3003 `c` takes one argument, and here are 2"];
    "channels c {\n  a \"A\"\n}\nsource s {\n  inline: \"a,b\"\n  columns {\n    ch: text = c(a)\n  }\n}" => ["7 K3003 the channels `c` have no rules over rows"];
    "channels c(medium) {\n  a \"A\" when medium == \"x\"\n}\nsource s {\n  inline: \"a,b\"\n  columns {\n    n: count from `a`\n    ch: text = c(n)\n  }\n}" => ["8 K3002 the rules of `c` compare this with a text, and this is a number"];
dimensions:
    "kpi k \"K\" {\n  formula: count(web)\n  by: device, weekday, free\n}" => [];
    "kpi k \"K\" {\n  formula: count(web)\n  by: devise\n}" => ["3 K3007 source `web` has no column `devise` [did you mean `device`?] {devise -> device}"];
    "kpi k \"K\" {\n  formula: count(web)\n  by: visits\n}" => ["3 K3007 `visits` is count, and no dimension [break down by a text, or declare one: `size: text = if(...)`]"];
    "kpi k \"K\" {\n  formula: count(web)\n  by: hour\n}" => ["3 K3007 the rows of `web` have no hour [break down by `weekday`, or declare a `timestamp`]"];
    "kpi k \"K\" {\n  formula: count(web)\n}\nreport r \"R\" {\n  section \"S\" {\n    table: k by country\n  }\n}" => ["6 K3007 source `web` has no column `country` [remove it or add the column to `web`]"];
}

cases! {
refused:
    "project \"P\" {\n  locale: xx\n}" => ["2 K2090 unknown locale `xx` [reports are written in `en`, `de`, `fa`, `tr`]"];
    "connection w {\n  dialect: postgres\n}\nsource s {\n  table: w.sales.orders\n  date: day\n}" => [];
    "connection w {\n}\nsource s {\n  table: w.orders\n  date: day\n}" => ["1 K2008 connection `w` says nowhere what it speaks [say one of them: `dialect: duckdb`, `postgres`, `spark`, `clickhouse`]"];
    "connection house {\n  dialect: postgres\n}\nsource s {\n  table: hose.orders\n  date: day\n}" => ["5 K2001 unknown connection `hose` [did you mean `house`?] {hose -> house}"];
    "source s {\n  table: w.orders\n  date: day\n}" => ["2 K2001 unknown connection `w` [define it: `connection w { dialect: postgres }`]"];
    "connection w {\n  dialect: postgres\n}\nsource s {\n  table: w\n  date: day\n}" => ["5 K3003 `w` is a connection, and no table of it is named [write the table behind it: `table: w.orders`]"];
    "connection w {\n  dialect: postgres\n}\nconnection w {\n  dialect: spark\n}" => ["4 K2005 `w` is defined twice [choose another name]"];
    "source s {\n  parquet: \"o.parquet\"\n  preset: ga4\n  date: day\n  delimiter: \";\"\n  encoding: \"utf-16\"\n}" => ["3 K3016 `preset` says nothing of Parquet files [take it away: the file knows its columns by name]", "5 K3016 `delimiter` says nothing of Parquet files [take it away: the file knows its columns by name]", "6 K3016 `encoding` says nothing of Parquet files [take it away: the file knows its columns by name]"];
    "metric m = growth(sum(web.visits)) + nope" => ["1 K2001 unknown name `nope`"];
}
