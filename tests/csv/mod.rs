//! The embedded engine over CSV: against a plain second implementation, over malformed files, and
//! over real exports.

mod build;
mod cardinality;
mod entities;
mod exports;
mod malformed;
mod random;
mod reference;
mod settings;
mod spectrum;
