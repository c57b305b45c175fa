//! Parquet files.

use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use arrow_schema::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;

use crate::engine::csv::Broken;
use crate::host::ReadAt;

use super::Wanted;
use super::chunks::Chunks;
use super::rows::{RowText, leaves, roots};

/// Whoever prints panics has been told to leave out the expected ones.
static HUSHED: Once = Once::new();

thread_local! {
    /// Whether this thread reads a file that may break the reader.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// So many rows are decoded at a time.
const BATCH: usize = 1024;

/// The text of a Parquet file of this length in bytes.
pub(in crate::engine) fn text(
    file: Box<dyn ReadAt>,
    length: u64,
    wanted: &Wanted,
) -> io::Result<Box<dyn io::Read + Send>> {
    let chunks = Chunks::new(file, length);
    let open = || ParquetRecordBatchReaderBuilder::try_new(chunks);
    let builder = caught(open)?.map_err(broken)?;
    let leaves = leaves(builder.schema(), wanted).map_err(Broken::unsuited)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots(&leaves));
    let build = || builder.with_projection(mask).with_batch_size(BATCH).build();
    let mut reader = Some(caught(build)?.map_err(broken)?);
    let batches = std::iter::from_fn(move || {
        let found = caught(|| reader.as_mut()?.next()).transpose()?;
        // Nothing can be said of what comes behind a failure.
        if !matches!(found, Ok(Ok(_))) {
            reader = None;
        }
        Some(found.and_then(|batch| batch.map_err(arrow_broken)))
    });
    Ok(Box::new(RowText::new(Box::new(batches), leaves, wanted)))
}

/// What the reader of Parquet gives; its panics at broken files are errors of the files.
fn caught<T>(run: impl FnOnce() -> T) -> io::Result<T> {
    HUSHED.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXPECTED.get() {
                usual(info);
            }
        }));
    });
    EXPECTED.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(run));
    EXPECTED.set(false);
    done.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Broken::columns(text.unwrap_or("its parts contradict each other").to_owned()).into()
    })
}

fn arrow_broken(error: ArrowError) -> io::Error {
    match error {
        ArrowError::ExternalError(inner) => match inner.downcast() {
            Ok(parquet) => broken(*parquet),
            Err(other) => Broken::columns(other.to_string()).into(),
        },
        ArrowError::ParquetError(why) => Broken::columns(why).into(),
        other => Broken::columns(other.to_string()).into(),
    }
}

/// A failure of the world stays one; all others are the file's.
fn broken(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(world) => *world,
            Err(other) => Broken::columns(other.to_string()).into(),
        },
        // The reader names the kind of its error first; its reader wants to know what it is.
        ParquetError::General(why) | ParquetError::EOF(why) | ParquetError::NYI(why) => {
            Broken::columns(why).into()
        }
        other => Broken::columns(other.to_string()).into(),
    }
}
