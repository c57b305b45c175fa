//! Room: how much memory what is kept exactly takes, and when it is too much.
//!
//! Sums need room by day and member alone. Distinct values, medians and keys need room by row:
//! they are exact or they are refused, and a machine is never exhausted.

use std::ops::AddAssign;

use crate::diagnostic::{Diagnostic, codes};
use crate::plan::Scan;

/// What one run may take, in bytes, unless the user says otherwise.
pub(super) const MOST: u64 = 4 << 30;
/// The variable by which the user says otherwise, in megabytes.
pub(super) const VARIABLE: &str = "KPI_MEMORY_MB";

/// About how many bytes are taken, by what for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    /// Distinct values: their texts, and which of them each day and member has.
    pub(super) distinct: u64,
    /// The values of medians and percentiles.
    pub(super) values: u64,
    /// What is added up by a key of rows: first and last values, rows and sums of each.
    pub(super) keyed: u64,
    /// Keys of rows, and the rows of ids.
    pub(super) keys: u64,
}

impl Room {
    pub(super) fn total(self) -> u64 {
        self.distinct + self.values + self.keyed + self.keys
    }
}

impl AddAssign for Room {
    fn add_assign(&mut self, other: Self) {
        self.distinct += other.distinct;
        self.values += other.values;
        self.keyed += other.keyed;
        self.keys += other.keys;
    }
}

/// Says what takes how much, where that is more than may be taken.
pub(super) fn too_much(scan: &Scan, room: Room, most: u64) -> Diagnostic {
    let mb = |bytes: u64| bytes.div_ceil(1 << 20);
    let parts = [
        (room.distinct, "distinct values"),
        (room.values, "medians and percentiles"),
        (room.keyed, "what is kept by key"),
        (room.keys, "keys of rows"),
    ];
    let taken = parts.iter().filter(|(bytes, _)| *bytes > 0);
    let taken: Vec<&str> = taken.map(|(_, what)| *what).collect();
    // How much of each has come together by then hangs on the threads; what it is, hardly.
    let message = format!(
        "source `{}` needs more than {} MB of memory to be exact, for {}",
        scan.source,
        mb(most),
        taken.join(", ")
    );
    Diagnostic::new(&codes::TOO_MUCH_MEMORY, message)
        .at(scan.span, "what is asked of this source")
        .help(format!("ask for fewer days or members, or allow more: {VARIABLE}={}", mb(most) * 2))
}
