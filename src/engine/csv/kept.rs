//! What is kept of files from one run to the next, so that nothing is worked out twice.
//!
//! An entry is what some files gave under a plan, and its key is the content of both: whoever finds
//! it has the same as whoever reads the files again. Only what was read without a word of complaint
//! is kept, so that complaints are never old ones.
//!
//! - A file whose [`Stamp`] is the one that was noted beside its hash is not even opened.
//! - A file that was touched, or copied back, is hashed and found again.
//! - A file that only grew is hashed, and read from where it ended.
//! - Where files do not change what another's rows come to, each large one (and each handful of
//!   small ones) has an entry of its own: a new month costs a month.

use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde::{Deserialize, Serialize};

use super::files::{Resume, Source};
use super::hash::{Xxh64, xxh64};
use super::part::Part;
use super::unpack::Packing;
use super::{CsvEngine, Found, World};
use crate::host::{HostError, Shelf, Stamp, failed};
use crate::plan::{Encoding, Footer, Input, Records, Scan};
use crate::time::Date;

/// From how many bytes on something is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Of fewer bytes nothing is kept: reading them costs less than looking for what is kept.
    pub(super) least: u64,
    /// The same where what is kept is at hand.
    pub(super) near: u64,
    /// A file of so many bytes has an entry of its own; smaller ones share one up to as many.
    pub(super) unit: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { least: 2 << 20, near: 64 << 10, unit: 16 << 20 }
    }
}

/// Files of so many bytes are read by all threads together, smaller ones by one each.
const LARGE: u64 = 32 << 20;
/// An entry is kept that is smaller than its files by this factor.
const SHARE: u64 = 4;
/// How entries are written: goes up with every change of what they hold.
const FORMAT: &str = "1";

/// A file whose content is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    path: String,
    stamp: Stamp,
    hash: String,
    /// When that was noted, in seconds since 1970-01-01.
    noted: i64,
}

/// What these files give, from what is kept and from reading the rest, and what was found while
/// reading; none where they are to be read as if there were nothing kept.
pub(super) fn part(
    engine: &CsvEngine,
    scan: &Scan,
    sources: &[Source],
    world: World<'_>,
) -> Result<Option<(Part, Found)>, HostError> {
    let Some(shelf) = world.host.shelf() else { return Ok(None) };
    let is_kept = scan.dialect.records != Records::Table && sources.iter().all(Source::is_file);
    let least = if shelf.is_near() { engine.sizes.near } else { engine.sizes.least };
    if !is_kept || sources.iter().map(|s| s.size).sum::<u64>() < least {
        return Ok(None);
    }
    let Some(stamps) = stamps(world, sources) else { return Ok(None) };
    Run { engine, scan, sources, world, shelf, stamps, now: world.host.now() }.part()
}

/// The stamps of all files; none where one has none.
fn stamps(world: World<'_>, sources: &[Source]) -> Option<Vec<Stamp>> {
    let stamp = |s: &Source| world.host.stamp(&s.path).filter(|stamp| stamp.size == s.size);
    sources.iter().map(stamp).collect()
}

struct Run<'r> {
    engine: &'r CsvEngine,
    scan: &'r Scan,
    sources: &'r [Source],
    world: World<'r>,
    shelf: &'r dyn Shelf,
    stamps: Vec<Stamp>,
    now: i64,
}

/// What became of one unit of files.
enum Unit {
    Done(Part),
    /// Its files are to be read; the beginning of its only one may be known.
    Open(Option<Grown>),
}

/// A file that only grew: what its beginning gave, and where that ended.
struct Grown {
    part: Part,
    resume: Resume,
}

impl Run<'_> {
    fn part(&self) -> Result<Option<(Part, Found)>, HostError> {
        let noted = self.noted();
        let earlier: Vec<Option<&Known>> = self
            .sources
            .iter()
            .map(|source| Some(&noted[noted.binary_search_by(|k| k.path.cmp(&source.path)).ok()?]))
            .collect();
        // Files that have not been touched since their hash was noted.
        let mut hashes: Vec<Option<String>> = earlier
            .iter()
            .zip(&self.stamps)
            .map(|(known, stamp)| {
                let known = known.filter(|k| k.stamp == *stamp && stamp.is_older_than(k.noted))?;
                Some(known.hash.clone())
            })
            .collect();
        let all = 0..self.sources.len();
        if let Some(part) = self.entry_of(&hashes, all.clone()) {
            return Ok(Some((part, Found::default())));
        }
        let units = if Part::make_the_whole(self.scan) { self.units() } else { vec![all.clone()] };
        let mut found = Vec::with_capacity(units.len());
        let mut found_alone = None;
        for unit in &units {
            let mut grown = None;
            for at in unit.clone() {
                if let (None, Some(known)) = (&hashes[at], earlier[at])
                    && self.may_be_known(known, at)
                {
                    let (hash, begins) = self.hash(at, known)?;
                    hashes[at] = Some(hash);
                    grown = Some(known).filter(|_| begins && unit.len() == 1);
                }
            }
            found.push(match self.entry_of(&hashes, unit.clone()) {
                Some(part) => Unit::Done(part),
                None => Unit::Open(grown.and_then(|known| self.grown(known, unit.start))),
            });
        }
        let is_kept: Vec<bool> = found.iter().map(|unit| matches!(unit, Unit::Done(_))).collect();
        if let [Unit::Open(None)] = found.as_slice() {
            let (part, _, found) = self.engine.read(self.scan, None, self.sources, self.world)?;
            if !found.is_nothing() {
                return Ok(Some((part, found)));
            }
            found_alone = Some(part);
        }
        // Where one of them is complained of, all are read again in their order, as ever.
        let parts = match found_alone {
            Some(part) => Some(vec![part]),
            None => self.read_open(&units, found)?,
        };
        let Some(mut parts) = parts else { return Ok(None) };
        for (file, hash) in parts.iter_mut().flat_map(|p| &mut p.facts.files).zip(&mut hashes) {
            // Of a file that only grew, its end alone was read just now.
            file.hash.clone_from(hash.get_or_insert_with(|| file.hash.clone()));
        }
        if stamps(self.world, self.sources).is_none_or(|now| now != self.stamps) {
            // One of them was written while it was looked at: nothing that is known of it holds.
            return Ok(None);
        }
        self.note(&hashes, &earlier);
        if units.len() > 1 {
            let fresh = units.iter().zip(&parts).zip(is_kept).filter(|(_, is_kept)| !is_kept);
            for ((unit, part), _) in fresh {
                self.keep(&hashes, unit.clone(), part);
            }
        }
        let whole = Part::merged(self.scan, parts);
        self.keep(&hashes, all, &whole);
        Ok(Some((whole, Found::default())))
    }

    /// Consecutive files that share an entry. Where a run of small files ends depends on their
    /// names, so that a new file changes the entry that it comes into, and few others.
    fn units(&self) -> Vec<std::ops::Range<usize>> {
        let mut units = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        let unit = self.engine.sizes.unit;
        for (at, source) in self.sources.iter().enumerate() {
            if source.size >= unit && start < at {
                units.push(start..at);
                (start, bytes) = (at, 0);
            }
            bytes += source.size;
            let ends = xxh64(0, source.path.as_bytes()).is_multiple_of(4);
            if bytes >= 4 * unit || bytes >= unit && (ends || source.size >= unit) {
                units.push(start..at + 1);
                (start, bytes) = (at + 1, 0);
            }
        }
        if start < self.sources.len() {
            units.push(start..self.sources.len());
        }
        units
    }

    /// Reads what is open; none where anything is found wrong with it.
    fn read_open(
        &self,
        units: &[std::ops::Range<usize>],
        found: Vec<Unit>,
    ) -> Result<Option<Vec<Part>>, HostError> {
        let mut parts: Vec<Option<Part>> = Vec::with_capacity(found.len());
        let mut grown: Vec<Option<Grown>> = Vec::with_capacity(found.len());
        for unit in found {
            let (part, known) = match unit {
                Unit::Done(part) => (Some(part), None),
                Unit::Open(known) => (None, known),
            };
            parts.push(part);
            grown.push(known);
        }
        let bytes = |at: usize| -> u64 {
            self.sources[units[at].clone()].iter().map(Source::content).sum()
        };
        let open: Vec<usize> = (0..units.len()).filter(|at| parts[*at].is_none()).collect();
        let is_large = |at: &usize| bytes(*at) >= LARGE || open.len() == 1;
        let (large, small): (Vec<usize>, Vec<usize>) = open.iter().partition(|at| is_large(at));
        for at in large {
            match self.read_unit(self.engine, &units[at], grown[at].take())? {
                Some(part) => parts[at] = Some(part),
                None => return Ok(None),
            }
        }
        let alone = self.engine.with_threads(std::num::NonZeroUsize::MIN);
        let next = AtomicUsize::new(0);
        let grown = Mutex::new(grown);
        let work = || {
            let mut done = Vec::new();
            while let Some(&at) = small.get(next.fetch_add(1, Ordering::Relaxed)) {
                let known = grown.lock().unwrap_or_else(PoisonError::into_inner)[at].take();
                let read = self.read_unit(&alone, &units[at], known);
                if !matches!(read, Ok(Some(_))) {
                    // Nobody needs the rest.
                    next.store(small.len(), Ordering::Relaxed);
                }
                done.push((at, read));
            }
            done
        };
        let threads = self.engine.threads.get().min(small.len());
        let done = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut done = work();
            for other in others {
                match other.join() {
                    Ok(others) => done.extend(others),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            done
        });
        for (at, read) in done {
            parts[at] = read?;
        }
        Ok(parts.into_iter().collect())
    }

    /// Reads the files of a unit, or the end of its only one; none where anything is found.
    fn read_unit(
        &self,
        engine: &CsvEngine,
        unit: &std::ops::Range<usize>,
        grown: Option<Grown>,
    ) -> Result<Option<Part>, HostError> {
        let mut sources = self.sources[unit.clone()].to_vec();
        if let (Some(grown), [source]) = (&grown, sources.as_mut_slice()) {
            source.resume = Some(grown.resume);
        }
        let (part, _, found) = engine.read(self.scan, None, &sources, self.world)?;
        if !found.is_nothing() {
            return Ok(None);
        }
        Ok(Some(match grown {
            Some(grown) => Part::merged(self.scan, vec![grown.part, part]),
            None => part,
        }))
    }

    /// Whether hashing a file can spare reading it: by its size it may be the same, or have grown.
    fn may_be_known(&self, known: &Known, at: usize) -> bool {
        let size = self.sources[at].size;
        size == known.stamp.size || size > known.stamp.size && self.can_go_on(&known.path)
    }

    /// Whether the end of a file can be read without its beginning.
    fn can_go_on(&self, path: &str) -> bool {
        let dialect = &self.scan.dialect;
        // A later row may replace an earlier one, or be the second of an id: then its end alone
        // tells nothing.
        Part::make_the_whole(self.scan)
            && dialect.records == Records::Csv
            && dialect.encoding == Encoding::Utf8
            && matches!(dialect.footer, Footer::None)
            && dialect.preset.is_none()
            && Packing::of(path).is_none()
    }

    /// What the beginning of a file gave that only grew, where its end can be read alone.
    fn grown(&self, known: &Known, at: usize) -> Option<Grown> {
        let size = self.sources[at].size;
        if !self.can_go_on(&known.path) || size <= known.stamp.size {
            return None;
        }
        let key = self.key(self.scan.until, &[(&known.path, known.stamp.size, &known.hash)]);
        let open = self.key(None, &[(&known.path, known.stamp.size, &known.hash)]);
        let part = self.found(&key).or_else(|| self.found_until(&open))?;
        let resume = Resume { from: known.stamp.size, lines: *part.lines.first()? };
        Some(Grown { part, resume })
    }

    /// The hash of a file, and whether it begins with what is known of it and a whole record.
    fn hash(&self, at: usize, known: &Known) -> Result<(String, bool), HostError> {
        let path = &self.sources[at].path;
        let mut reader = self.world.host.open(path)?;
        let mut hash = Xxh64::new(0);
        let mut buffer = vec![0u8; 256 << 10];
        let (mut bytes, mut begins, mut last) = (0u64, false, [0u8; 3]);
        loop {
            let missing = known.stamp.size.checked_sub(bytes).filter(|missing| *missing > 0);
            let most = missing.unwrap_or(u64::MAX).min(buffer.len() as u64) as usize;
            let read = match reader.read(&mut buffer[..most]) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(failed(path, &e)),
            };
            hash.update(&buffer[..read]);
            bytes += read as u64;
            for byte in &buffer[read.saturating_sub(3)..read] {
                last = [last[1], last[2], *byte];
            }
            if bytes == known.stamp.size {
                // A blank line at the end is nothing there, and a mistake between rows.
                let ends = matches!(last, [a, b, b'\n']
                    if !matches!(b, b'\n' | b'\r') || b == b'\r' && a != b'\n');
                begins = ends && format!("{:016x}", hash.finish()) == known.hash;
            }
        }
        Ok((format!("{:016x}", hash.finish()), begins))
    }

    /// What is kept of these files; none where a hash is missing.
    fn entry_of(&self, hashes: &[Option<String>], unit: std::ops::Range<usize>) -> Option<Part> {
        let files = self.files(hashes, unit)?;
        let exact = self.scan.until.and_then(|until| self.found(&self.key(Some(until), &files)));
        exact.or_else(|| self.found_until(&self.key(None, &files)))
    }

    /// An entry without an as-of date, where that date would change nothing.
    fn found_until(&self, key: &str) -> Option<Part> {
        let part = self.found(key)?;
        let ends = self.scan.until.zip(part.last_day());
        ends.is_none_or(|(until, last)| last <= until).then_some(part)
    }

    fn found(&self, key: &str) -> Option<Part> {
        unsealed(&self.shelf.get(key)?)
    }

    fn keep(&self, hashes: &[Option<String>], unit: std::ops::Range<usize>, part: &Part) {
        let bytes: u64 = self.sources[unit.clone()].iter().map(|s| s.size).sum();
        let Some(files) = self.files(hashes, unit) else { return };
        let until = self.until_of(part);
        if let Some(sealed) = sealed(part).filter(|s| s.len() as u64 <= bytes / SHARE + 65_536) {
            self.shelf.put(&self.key(until, &files), &sealed);
        }
    }

    /// The as-of date of an entry's key: none where it left out nothing.
    fn until_of(&self, part: &Part) -> Option<Date> {
        let same = |g: &crate::plan::Grouping| Some(g.date) == self.scan.date;
        let left_out = part.facts.later > 0 || !self.scan.groupings.iter().all(same);
        self.scan.until.filter(|_| left_out)
    }

    fn files<'f>(
        &'f self,
        hashes: &'f [Option<String>],
        unit: std::ops::Range<usize>,
    ) -> Option<Vec<(&'f str, u64, &'f str)>> {
        let one = |at: usize| {
            let source = &self.sources[at];
            Some((source.path.as_str(), source.size, hashes[at].as_deref()?))
        };
        unit.map(one).collect()
    }

    /// The key of some files under the plan: all that their part depends on.
    fn key(&self, until: Option<Date>, files: &[(&str, u64, &str)]) -> String {
        let World { plan, facts, .. } = self.world;
        let scan = Scan { until, ..self.scan.without_places() };
        let joined: Vec<_> = self
            .scan
            .joins
            .iter()
            .map(|join| {
                let files = facts[join.table].files.iter().map(|f| (&f.path, f.bytes, &f.hash));
                (plan.tables[join.table].scan.without_places(), files.collect::<Vec<_>>())
            })
            .collect();
        named(&format!(
            "part {FORMAT}\n{}\n{:?} {}\n{scan:?}\n{joined:?}\n{files:?}",
            self.shelf.owner(),
            plan.calendar,
            plan.zone.name(),
        ))
    }

    /// The key of what is noted of the files of this source.
    fn notes(&self) -> String {
        let Input::Csv { pattern, .. } = &self.scan.input else { return String::new() };
        named(&format!("files {FORMAT}\n{}\n{pattern}", self.shelf.owner()))
    }

    fn noted(&self) -> Vec<Known> {
        let mut noted: Vec<Known> =
            self.shelf.get(&self.notes()).and_then(|bytes| unsealed(&bytes)).unwrap_or_default();
        noted.sort_by(|a, b| a.path.cmp(&b.path));
        noted
    }

    fn note(&self, hashes: &[Option<String>], earlier: &[Option<&Known>]) {
        let known = |at: usize| {
            let stamp = self.stamps[at];
            let hash = hashes[at].clone()?;
            // A note that is trusted already stays; any other is as old as this run.
            let noted = earlier[at].filter(|k| k.stamp == stamp && k.hash == hash);
            let trusted = noted.filter(|k| stamp.is_older_than(k.noted));
            let noted = trusted.map_or(self.now, |k| k.noted);
            Some(Known { path: self.sources[at].path.clone(), stamp, hash, noted })
        };
        let all: Vec<Known> = (0..self.sources.len()).filter_map(known).collect();
        let same = all.len() == earlier.len()
            && all.iter().zip(earlier).all(|(now, earlier)| Some(now) == *earlier);
        if let Some(sealed) = sealed(&all).filter(|_| !same) {
            self.shelf.put(&self.notes(), &sealed);
        }
    }
}

/// A name for a text, as good as the text: 128 bits of it.
fn named(text: &str) -> String {
    format!("{:016x}{:016x}", xxh64(0, text.as_bytes()), xxh64(1, text.as_bytes()))
}

/// Bytes with their hash before them.
fn sealed<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    let bytes = postcard::to_extend(value, vec![0; 8]).ok()?;
    let hash = xxh64(0, &bytes[8..]);
    let mut sealed = bytes;
    sealed[..8].copy_from_slice(&hash.to_le_bytes());
    Some(sealed)
}

/// What was sealed; none where a byte of it has changed since.
fn unsealed<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<T> {
    let (hash, bytes) = bytes.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*hash) != xxh64(0, bytes) {
        return None;
    }
    postcard::from_bytes(bytes).ok()
}
