//! Parquet files.

use std::io;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use crate::engine::csv::Broken;
use crate::host::ReadAt;

use super::Wanted;
use super::chunks::Chunks;
use super::rows::{RowText, leaves, roots};

/// So many rows are decoded at a time.
const BATCH: usize = 1024;

/// The text of a Parquet file of this length in bytes.
pub(in crate::engine) fn text(
    file: Box<dyn ReadAt>,
    length: u64,
    wanted: &Wanted,
) -> io::Result<Box<dyn io::Read + Send>> {
    // What the writer noted about types of its own is left aside: the file's types say it all.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder =
        ParquetRecordBatchReaderBuilder::try_new_with_options(Chunks::new(file, length), options)
            .map_err(broken)?;
    let leaves = leaves(builder.schema(), wanted).map_err(Broken::unsuited)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots(&leaves));
    let reader = builder.with_projection(mask).with_batch_size(BATCH).build().map_err(broken)?;
    let batches = reader.map(|batch| {
        batch.map_err(|e| match e {
            arrow_schema::ArrowError::ExternalError(inner) => match inner.downcast() {
                Ok(parquet) => broken(*parquet),
                Err(other) => Broken::columns(other.to_string()).into(),
            },
            other => Broken::columns(other.to_string()).into(),
        })
    });
    Ok(Box::new(RowText::new(Box::new(batches), leaves, wanted)))
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
