//! The embedded engine over CSV: against a plain second implementation, over malformed files, and
//! over real exports.

mod build;
mod cardinality;
mod encodings;
mod entities;
mod exports;
mod hostile;
mod json;
mod kept;
mod malformed;
#[cfg(feature = "parquet")]
mod parquet;
mod presets;
mod random;
mod reference;
mod settings;
mod spectrum;
#[cfg(feature = "engines")]
mod table;
#[cfg(any(feature = "parquet", feature = "engines"))]
mod typed;
