//! Tables of databases: what is told where they cannot be reached, and, where databases are there
//! (see `tests/engines/run.sh`), that they give what CSV gives.

use std::fmt::Write;

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection, Database, Driver, LOAD_FLAG_DEFAULT, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};

use sanjeh::host::memory::MemoryHost;
use sanjeh::plan::{Dialect, Input, Records, Scan, SqlDialect};

use super::build::{engine, print, run_on, span};
use super::random::Dice;
use super::typed::{Rows, everything};

fn of_table(scan: Scan, connection: &str, dialect: SqlDialect, path: &[&str]) -> Scan {
    let path = path.iter().map(|name| (*name).to_owned()).collect();
    let input = Input::Table { connection: connection.to_owned(), dialect, path, span: span(2) };
    let dialect = Dialect { records: Records::Table, ..scan.dialect };
    Scan { input, dialect, ..scan }
}

fn told(host: &MemoryHost) -> String {
    let asked = of_table(everything(), "house", SqlDialect::DuckDb, &["orders"]);
    let (_, out) = run_on(host, &asked, engine(1, 100));
    let all: Vec<String> = out
        .iter()
        .map(|d| format!("{} {} [{}]", d.code.id, d.message, d.help.as_deref().unwrap_or_default()))
        .collect();
    all.join("\n")
}

#[test]
fn what_is_missing_is_named() {
    let empty = || MemoryHost::default();
    let first = "K4064 cannot read the table `house.orders`: ";
    let cases = [
        (empty(), "nothing says how `house` is reached: there is no connections.toml"),
        (empty().connected(""), "connections.toml has no connection `house` [add it:"),
        (
            empty().connected("[hose]\ndriver = \"x\""),
            "connections.toml has no connection `house` [it has `hose`: name both alike]",
        ),
        (empty().connected("[house]\nuri = \"x\""), "connections.toml: TOML parse error"),
        (
            empty().connected("[house]\ndriver = \"x\"\ndrivr = \"y\""),
            "connections.toml: TOML parse error",
        ),
        (
            empty().connected("[house]\ndriver = \"x\"\npassword = \"${PW}\""),
            "connections.toml: the environment has no variable `PW`",
        ),
        (
            empty().connected("[house]\ndriver = \"x\"\npassword = \"${PW\""),
            "connections.toml: `${` is not closed by `}`",
        ),
        (
            empty().connected("[house]\ndriver = \"${DRIVER}\"").with_variable("DRIVER", "no_such"),
            "the driver `no_such` cannot be loaded: ",
        ),
    ];
    for (host, expected) in cases {
        let found = told(&host);
        assert!(found.starts_with(&format!("{first}{expected}")), "{expected}\n{found}");
    }
}

/// The databases that are there, by dialect: `KPI_CONNECTIONS_UNDER_TEST` holds a text of
/// connections that are named like their dialects.
fn databases() -> (String, Vec<(&'static str, SqlDialect)>) {
    let path = std::env::var("KPI_CONNECTIONS_UNDER_TEST").expect("run tests/engines/run.sh");
    let text = std::fs::read_to_string(path).unwrap();
    let all = [
        ("duckdb", SqlDialect::DuckDb),
        ("postgres", SqlDialect::Postgres),
        ("spark", SqlDialect::Spark),
        ("clickhouse", SqlDialect::ClickHouse),
    ];
    let there: Vec<_> =
        all.into_iter().filter(|(name, _)| text.contains(&format!("[{name}]"))).collect();
    assert!(!there.is_empty(), "no database to test with");
    (text, there)
}

/// A connection beside the program's own.
fn connect(text: &str, name: &str) -> ManagedConnection {
    let all: toml::Table = toml::from_str(text).unwrap();
    let entry = all[name].as_table().unwrap();
    let word = |key: &str| entry.get(key).and_then(|v| v.as_str()).map(ToOwned::to_owned);
    let mut driver = ManagedDriver::load_from_name(
        word("driver").unwrap(),
        word("entrypoint").as_ref().map(String::as_bytes),
        AdbcVersion::V110,
        LOAD_FLAG_DEFAULT,
        None,
    )
    .unwrap();
    let uri = word("uri").map(|uri| (OptionDatabase::Uri, OptionValue::String(uri)));
    let others = entry.get("options").and_then(|o| o.as_table()).into_iter().flatten();
    let others = others.map(|(key, value)| {
        let value = value.as_str().unwrap().to_owned();
        (OptionDatabase::Other(key.clone()), OptionValue::String(value))
    });
    let database = driver.new_database_with_opts(uri.into_iter().chain(others)).unwrap();
    database.new_connection().unwrap()
}

fn carry_out(connection: &mut ManagedConnection, sql: &str) {
    let mut statement = connection.new_statement().unwrap();
    statement.set_sql_query(sql).unwrap();
    statement.execute_update().unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// Statements that fill a table with the rows of a CSV text whose texts have no line feeds. The
/// table's name and the first column's have what must be quoted.
fn fill(csv: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut out = vec![
        "CREATE SCHEMA \"odd \"\"schema\"".to_owned(),
        "CREATE TABLE \"odd \"\"schema\".\"Orders of Q1\" (day DATE, moment TIMESTAMP, \
         amount DECIMAL(20,3), rate DOUBLE PRECISION, \"user.name\" VARCHAR, \"user.kind\" VARCHAR, \
         count BIGINT, truth BOOLEAN, span VARCHAR)"
            .to_owned(),
    ];
    let mut values = String::new();
    for record in reader.records() {
        let record = record.unwrap();
        let cells = record.iter().enumerate().map(|(at, cell)| match (at, cell) {
            (_, "") => "NULL".to_owned(),
            (2 | 3 | 6 | 7, number) => number.to_owned(),
            (_, text) => format!("'{}'", text.replace('\'', "''")),
        });
        let cells: Vec<String> = cells.collect();
        write!(values, "{}({})", if values.is_empty() { "" } else { "," }, cells.join(","))
            .unwrap();
    }
    out.push(format!("INSERT INTO \"odd \"\"schema\".\"Orders of Q1\" VALUES {values}"));
    out
}

#[test]
#[ignore = "needs databases: tests/engines/run.sh"]
fn what_csv_gives_databases_give() {
    let (text, all) = databases();
    for (name, dialect) in all {
        // What writes is closed before the program reads: a file has one owner at a time.
        let carry_out = |statements: &[String]| {
            let mut connection = connect(&text, name);
            for sql in statements {
                carry_out(&mut connection, sql);
            }
        };
        let clear = "DROP SCHEMA IF EXISTS \"odd \"\"schema\" CASCADE";
        let mut dice = Dice::new(31);
        for round in 0..6 {
            // A database cannot tell the empty text from none as CSV does with its quotes.
            let csv = Rows::random(&mut dice, 300).csv('.').replace(",\"\",", ",,");
            carry_out(&[vec![clear.to_owned()], fill(&csv)].concat());
            let plain = everything();
            let answer = |scan: &Scan, host: &MemoryHost| {
                let (found, out) = run_on(host, scan, engine(1 + round % 2, 500));
                assert!(out.iter().all(|d| d.code.id == "K5005"), "{name}: {out:?}");
                let result = &found.scans[0];
                print(&result.groupings[0], &result.distinct)
            };
            let expected =
                answer(&plain, &MemoryHost::new([("data/a.csv", csv.clone().into_bytes())]));
            let asked = of_table(plain, name, dialect, &["odd \"schema", "Orders of Q1"]);
            let host = MemoryHost::default().connected(text.clone());
            assert_eq!(answer(&asked, &host), expected, "{name}\n{csv}");
        }
        let missing = of_table(everything(), name, dialect, &["no such table"]);
        let host = MemoryHost::default().connected(text.clone());
        let (_, out) = run_on(&host, &missing, engine(1, 500));
        let found: Vec<_> =
            out.iter().map(|d| (d.code.id, d.help.clone().unwrap_or_default())).collect();
        assert_eq!(found[0].0, "K4064");
        assert!(found[0].1.contains("it was asked: SELECT * FROM \"no such table\""), "{found:?}");
        carry_out(&[clear.to_owned()]);
    }
}
