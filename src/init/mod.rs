//! A project to begin with: a small one that is whole, or one made for a table.
//!
//! What is guessed here is written down in the spec, where it can be read and mended; no build
//! ever guesses.

mod ci;
mod columns;
mod dates;
mod spec;
mod table;

pub use ci::{Ci, ci};
pub use spec::from_table;

use crate::host::OutputFile;

/// The language that a project is begun in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, the Gregorian calendar, weeks from Monday.
    English,
    /// Persian, the Solar Hijri calendar, weeks from Saturday.
    Persian,
}

/// Why no project can be made for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// The files of a small project, relative to its folder.
///
/// ```
/// use sanjeh::init::{Language, starter};
/// let paths: Vec<String> = starter(Language::English).into_iter().map(|f| f.path).collect();
/// assert_eq!(paths, ["shop.kpi", "data/shop.csv"]);
/// ```
pub fn starter(language: Language) -> Vec<OutputFile> {
    let files: [(&str, &str); 2] = match language {
        Language::English => [
            ("shop.kpi", include_str!("../../templates/init/en/shop.kpi")),
            ("data/shop.csv", include_str!("../../templates/init/en/data/shop.csv")),
        ],
        Language::Persian => [
            ("shop.kpi", include_str!("../../templates/init/fa/shop.kpi")),
            ("data/فروش.csv", include_str!("../../templates/init/fa/data/فروش.csv")),
        ],
    };
    let file = |(path, text): (&str, &str)| OutputFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    files.into_iter().map(file).collect()
}
