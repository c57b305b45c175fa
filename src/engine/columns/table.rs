//! Tables of databases, through the drivers of ADBC that the user has.

use std::io;

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection, Database, Driver, LOAD_FLAG_DEFAULT, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use arrow_array::RecordBatchReader;
use arrow_schema::DataType;

use crate::diagnostic::nearest;
use crate::engine::csv::Broken;
use crate::host::{Host, HostError, failed};
use crate::plan::SqlDialect;

use super::rows::{RowText, leaves, roots};
use super::settings::{self, NoSettings, Settings};
use super::spool::Spool;
use super::{NoTable, Place, Wanted};

/// The rows of a table, and their size in bytes.
pub(in crate::engine) fn fetch(
    host: &dyn Host,
    place: Place<'_>,
    wanted: &Wanted,
) -> Result<Result<(Spool, u64), NoTable>, HostError> {
    let settings = match settings_of(host, place.connection)? {
        Ok(settings) => settings,
        Err(why) => return Ok(Err(why)),
    };
    let mut connection = match connect(&settings) {
        Ok(connection) => connection,
        Err(why) => return Ok(Err(why)),
    };
    match query(&mut connection, place, wanted) {
        Ok(mut rows) => match Spool::fill(host.scratch()?, &mut rows) {
            Ok(filled) => Ok(Ok(filled)),
            Err(e) => match crate::engine::csv::broken_of(&e) {
                Some(Broken::Columns { why, .. }) => Ok(Err(NoTable::Failed {
                    why: why.clone(),
                    help: "the database stopped in the midst of its answer; ask again".to_owned(),
                })),
                _ => Err(failed("the folder of temporary files", &e)),
            },
        },
        Err(why) => Ok(Err(why)),
    }
}

fn settings_of(host: &dyn Host, name: &str) -> Result<Result<Settings, NoTable>, HostError> {
    let file = host.connections()?;
    let entry =
        format!("[{name}]\ndriver = \"adbc_driver_postgresql\"\nuri = \"postgresql://...\"");
    let Some(text) = &file.text else {
        let why = format!("nothing says how `{name}` is reached: there is no {}", file.path);
        let help = format!("write that file, for you alone and outside the repository:\n{entry}");
        return Ok(Err(NoTable::Failed { why, help }));
    };
    Ok(match settings::find(text, name, host) {
        Ok(Ok(settings)) => Ok(settings),
        Ok(Err(NoSettings { others })) => {
            let near = nearest(name, others.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("it has `{near}`: name both alike"),
                None => format!("add it:\n{entry}"),
            };
            Err(NoTable::Failed { why: format!("{} has no connection `{name}`", file.path), help })
        }
        Err(why) => Err(NoTable::Failed {
            why: format!("{}: {why}", file.path),
            help: "a connection has `driver`, `entrypoint`, `uri`, `username`, `password` and a \
                   table of `options`"
                .to_owned(),
        }),
    })
}

fn connect(settings: &Settings) -> Result<ManagedConnection, NoTable> {
    let entry = settings.entrypoint.as_ref().map(String::as_bytes);
    let driver = ManagedDriver::load_from_name(
        &settings.driver,
        entry,
        AdbcVersion::V110,
        LOAD_FLAG_DEFAULT,
        None,
    );
    let mut driver = driver.map_err(|e| NoTable::Failed {
        why: format!("the driver `{}` cannot be loaded: {}", settings.driver, e.message),
        help: "`driver` is the name of an installed ADBC driver or the absolute path of its \
               library; some libraries need their `entrypoint`, too"
            .to_owned(),
    })?;
    let text = |text: &String| OptionValue::String(text.clone());
    let known = [
        (OptionDatabase::Uri, &settings.uri),
        (OptionDatabase::Username, &settings.username),
        (OptionDatabase::Password, &settings.password),
    ];
    let known = known.into_iter().filter_map(|(key, value)| Some((key, text(value.as_ref()?))));
    let others = settings
        .options
        .iter()
        .map(|(key, value)| (OptionDatabase::Other(key.clone()), text(value)));
    let unreachable = |e: adbc_core::error::Error| NoTable::Failed {
        why: format!("the database cannot be reached: {}", e.message.trim_end()),
        help: "look at `uri`, `username`, `password` and `options` of the connection".to_owned(),
    };
    let database = driver.new_database_with_opts(known.chain(others)).map_err(unreachable)?;
    database.new_connection().map_err(unreachable)
}

/// Asks for the columns that are read, in an order that depends on the rows alone.
fn query(
    connection: &mut ManagedConnection,
    place: Place<'_>,
    wanted: &Wanted,
) -> Result<RowText, NoTable> {
    let names: Vec<String> = place.path.iter().map(|n| quoted(n, place.dialect)).collect();
    let table = names.join(".");
    let refused = |sql: &str, e: &adbc_core::error::Error| NoTable::Failed {
        why: format!("the database refuses: {}", e.message.trim_end()),
        help: format!("it was asked: {sql}"),
    };
    let nothing = format!("SELECT * FROM {table} WHERE 1 = 0");
    let mut ask = |sql: &str| -> adbc_core::error::Result<_> {
        let mut statement = connection.new_statement()?;
        statement.set_sql_query(sql)?;
        // Rows are there as long as the statement that asked for them.
        let rows = statement.execute()?;
        Ok((statement, rows))
    };
    let schema = ask(&nothing).map_err(|e| refused(&nothing, &e))?.1.schema();
    let odd = |why: String| NoTable::Failed {
        why: format!("the table is not readable as one: {why}"),
        help: "make a view of it that has plain columns".to_owned(),
    };
    let leaves = leaves(&schema, wanted).map_err(odd)?;
    let roots = roots(&leaves);
    let column = |at: &usize| quoted(schema.field(*at).name(), place.dialect);
    let columns: Vec<String> = roots.iter().map(column).collect();
    let plain = |at: &&usize| !matches!(schema.field(**at).data_type(), DataType::Struct(_));
    let order: Vec<String> = roots.iter().filter(plain).map(column).collect();
    // Rows are counted even where no column is read.
    let what = if columns.is_empty() { "1".to_owned() } else { columns.join(", ") };
    let mut sql = format!("SELECT {what} FROM {table}");
    if !order.is_empty() {
        sql.extend([" ORDER BY ", &order.join(", ")]);
    }
    let (statement, rows) = ask(&sql).map_err(|e| refused(&sql, &e))?;
    let batches = rows.map(move |batch| {
        let _asked = &statement;
        batch.map_err(|e| io::Error::from(Broken::columns(e.to_string())))
    });
    Ok(RowText::new(Box::new(batches), leaves, wanted))
}

/// A name as the database reads it, whatever stands in it.
fn quoted(name: &str, dialect: SqlDialect) -> String {
    match dialect {
        SqlDialect::DuckDb | SqlDialect::Postgres => {
            format!("\"{}\"", name.replace('"', "\"\""))
        }
        SqlDialect::Spark => format!("`{}`", name.replace('`', "``")),
        SqlDialect::ClickHouse => {
            format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
        }
    }
}
