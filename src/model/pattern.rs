//! Regular expressions, each built once.
//!
//! The same one is built to see whether it is valid, to see which rows a rule leaves to the next
//! one, and to be run. Building is what a small project spends a tenth of its time on.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

/// The most that a built expression may need, in bytes; beyond it a repetition is a mistake.
const SIZE: usize = 1 << 20;
/// So many are remembered.
const MOST: usize = 4096;

static BUILT: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);

/// An expression, flags included; an error where it is none, or too large.
pub(crate) fn built(pattern: &str) -> Result<Regex, regex::Error> {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = built.get(pattern) {
        return Ok(known.clone());
    }
    let regex = RegexBuilder::new(pattern).size_limit(SIZE).build()?;
    if built.len() < MOST {
        built.insert(pattern.to_owned(), regex.clone());
    }
    Ok(regex)
}
