//! The embedded engine over CSV: against a plain second implementation, over malformed files, and
//! over real exports.

mod build;
mod cardinality;
mod encodings;
mod entities;
mod exports;
mod json;
mod malformed;
mod presets;
mod random;
mod reference;
mod settings;
mod spectrum;
