//! The embedded engine: runs a plan over CSV files, with nothing but this program.
//!
//! ```text
//! file ─blocks→ bytes ─records→ rows ─cells→ vectors ─batch→ filter, values ─groups→ totals
//! ```
//!
//! A file is read once, in blocks of whole records, and never held. Threads take block after
//! block and add up for themselves; at the end their parts are merged. Numbers are exact decimals
//! and texts meet by their canonical form, so neither the order of rows, nor the number of threads,
//! nor the size of blocks, nor the split into files changes a digit.

mod arithmetic;
mod auto;
mod batch;
mod blocks;
mod broken;
mod cell_index;
mod cells;
mod classes;
mod decode;
mod dictionary;
mod digits;
mod distinct;
mod extremes;
mod faults;
mod feed;
mod files;
mod firsts;
mod functions;
mod groups;
mod hash;
mod header;
mod json;
mod kept;
mod keyed;
mod keys;
mod layout;
mod memo;
mod meter;
mod part;
mod picks;
mod range;
mod ranks;
mod records;
mod room;
mod rows;
mod sections;
mod shape;
mod slots;
mod sniff;
mod strides;
mod table;
mod text;
mod totals;
mod unmatched;
mod unpack;
mod vector;
mod worker;

pub use header::headers;
pub use sniff::{Cut, Guess, Known, Sniffed, SniffedColumn, sniff};

#[cfg(any(feature = "parquet", feature = "engines"))]
pub(super) use broken::Broken;
#[cfg(feature = "engines")]
pub(super) use broken::of as broken_of;
pub use text::canonical;

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, codes};
use crate::engine::columns::Wanted;
use crate::engine::{Aggregates, Engine, ScanFacts, ScanResult};
use crate::host::{Host, HostError};
use crate::plan::{self, Plan, Repeated, Scan};

use feed::{Feed, MOST_FAULTS, Places};
use files::Source;
use keys::{Keys, Losers};
use part::Part;
use ranks::Ranks;
use records::Marks;
use shape::{Shape, kinds_of};
use table::{Collected, Table};
use worker::{Task, Worker};

/// About so many bytes are worked on at a time: with what is made of them they fit a core's cache.
const BLOCK: usize = 128 << 10;

/// So many blocks are worth a thread.
const SHARE: u64 = 8;

/// The embedded engine.
#[derive(Clone, Copy, Debug)]
pub struct CsvEngine {
    threads: NonZeroUsize,
    block: NonZeroUsize,
    sizes: kept::Sizes,
    most: Option<u64>,
}

impl Default for CsvEngine {
    fn default() -> Self {
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            threads,
            block: NonZeroUsize::MIN.saturating_add(BLOCK - 1),
            sizes: kept::Sizes::default(),
            most: None,
        }
    }
}

impl CsvEngine {
    /// With so many threads at most.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// With blocks of about so many bytes, for tests: no result depends on it.
    #[must_use]
    pub fn with_block(self, block: NonZeroUsize) -> Self {
        Self { block, ..self }
    }

    /// Taking so many bytes at most for what is exact only in memory: distinct values, medians,
    /// keys. Else 4 GB, or what `$KPI_MEMORY_MB` says.
    #[must_use]
    pub fn with_memory(self, bytes: u64) -> Self {
        Self { most: Some(bytes), ..self }
    }

    /// Keeping something of so many bytes of files, and of each file from as many on, for tests.
    #[must_use]
    pub fn with_entries_of(self, bytes: u64) -> Self {
        Self { sizes: kept::Sizes { least: bytes, near: bytes, unit: bytes }, ..self }
    }
}

impl Engine for CsvEngine {
    fn run(
        &self,
        plan: &Plan,
        host: &dyn Host,
        out: &mut Diagnostics,
    ) -> Result<Aggregates, HostError> {
        let (mut tables, mut facts) = (Vec::new(), Vec::new());
        for table in &plan.tables {
            let world = World { plan, host, tables: &tables, facts: &facts };
            let (result, rows) = self.scan(&table.scan, Some(table), world, out)?;
            facts.push(result.facts);
            tables.push(rows);
        }
        let world = World { plan, host, tables: &tables, facts: &facts };
        let scans = plan.scans.iter().map(|scan| Ok(self.scan(scan, None, world, out)?.0));
        Ok(Aggregates { scans: scans.collect::<Result<_, _>>()?, tables: facts })
    }
}

/// What all scans share.
#[derive(Clone, Copy)]
struct World<'w> {
    plan: &'w Plan,
    host: &'w dyn Host,
    tables: &'w [Table],
    /// What was read of each table.
    facts: &'w [ScanFacts],
}

/// What was found wrong while some files were read.
#[derive(Debug, Default)]
struct Found {
    between_rows: Vec<Diagnostic>,
    while_reading: Vec<Diagnostic>,
}

impl Found {
    fn is_nothing(&self) -> bool {
        self.between_rows.is_empty() && self.while_reading.is_empty()
    }
}

/// What the passes over one source share.
struct Pass<'p> {
    scan: &'p Scan,
    shape: &'p Shape,
    marks: &'p Marks,
    sources: &'p [Source],
    world: World<'p>,
}

impl CsvEngine {
    fn scan(
        &self,
        scan: &Scan,
        held: Option<&plan::Table>,
        world: World<'_>,
        out: &mut Diagnostics,
    ) -> Result<(ScanResult, Table), HostError> {
        let wanted = Wanted::of(scan);
        let sources = files::sources(world.host, &scan.input, &wanted, out)?;
        let settled;
        let (scan, sources) = match scan.dialect.auto.as_ref().filter(|_| !sources.is_empty()) {
            None => (scan, sources),
            Some(auto) => {
                match auto::settle(world.host, &scan.input, &sources, &scan.dialect, auto)? {
                    Ok((dialect, told)) => {
                        out.push(told);
                        settled = Scan { dialect, ..scan.clone() };
                        (&settled, sources)
                    }
                    // Files that nobody can read for sure are not read.
                    Err(why) => {
                        out.push(why);
                        (scan, Vec::new())
                    }
                }
            }
        };
        let cached = match held {
            None => kept::part(self, scan, &sources, world)?,
            Some(_) => None,
        };
        let (part, table, found) = match cached {
            Some((part, found)) => (part, Table::default(), found),
            None => self.read(scan, held, &sources, world)?,
        };
        out.extend(found.between_rows);
        out.extend(range::overlaps(scan, &part.facts.files));
        out.extend(found.while_reading);
        Ok((part.result(scan, out), table))
    }

    /// Reads all of these files.
    fn read(
        &self,
        scan: &Scan,
        held: Option<&plan::Table>,
        sources: &[Source],
        world: World<'_>,
    ) -> Result<(Part, Table, Found), HostError> {
        let (shape, marks) = (Shape::new(scan), Marks::new(&scan.dialect));
        let pass = Pass { scan, shape: &shape, marks: &marks, sources, world };
        let repeated = scan.key.as_ref().map(|k| k.repeated);
        let mut between_rows = Vec::new();
        let mut losers = Losers::default();
        if repeated == Some(Repeated::KeepLast) {
            let (workers, feed) = self.pass(&pass, |w| w.collecting_keys(Task::Keys));
            // Whatever is wrong with the files, the pass below finds it again; what took too much
            // memory here does not take it there.
            let found = feed.finish()?.diagnostics;
            between_rows.extend(found.iter().filter(|d| is_full(d)).cloned());
            if found.iter().all(|d| d.severity != Severity::Error) {
                losers = Keys::sorted(workers.into_iter().filter_map(|w| w.keys)).losers();
            }
        }
        let mut ranks = Ranks::default();
        if !shape.ranked.is_empty() {
            let (workers, feed) = self.pass(&pass, |w| w.without(&losers).collecting_ranks());
            between_rows.extend(feed.finish()?.diagnostics.into_iter().filter(is_full));
            ranks = Ranks::new(scan, &shape, workers);
        }
        let kinds = held.map(|_| kinds_of(scan)).unwrap_or_default();
        let (mut workers, feed) = self.pass(&pass, |w| {
            let w = w.knowing(&ranks).holding(held.map(|table| Collected::new(table, &kinds)));
            match repeated {
                Some(Repeated::Error) => w.collecting_keys(Task::AddUp),
                _ => w.without(&losers),
            }
        });
        if repeated == Some(Repeated::Error) {
            let keys = workers.iter_mut().filter_map(|w| w.keys.take());
            between_rows.extend(repeated_keys(scan, &Keys::sorted(keys), &feed.places()));
        }
        let parts = workers.iter_mut().filter_map(|w| w.collected.take()).collect();
        let table = Table::new(held, parts, &feed.places(), &mut between_rows);
        let (part, while_reading) = Part::new(scan, &shape, workers, feed.finish()?);
        Ok((part, table, Found { between_rows, while_reading }))
    }

    /// One pass over all files of a scan.
    fn pass<'p>(
        &self,
        pass: &'p Pass<'p>,
        prepare: impl Fn(Worker<'p>) -> Worker<'p> + Sync,
    ) -> (Vec<Worker<'p>>, Feed<'p>) {
        let Pass { scan, shape, marks, sources, world } = *pass;
        let World { plan, host, tables, .. } = world;
        let calendar = plan.calendar;
        let feed = Feed::new(host, scan, calendar, marks, sources, self.block.get());
        let bytes: u64 = sources.iter().map(Source::content).sum();
        // A thread that has less than a few blocks to itself costs more than it brings.
        let shares = bytes / (self.block.get() as u64).saturating_mul(SHARE);
        let shares = usize::try_from(shares).unwrap_or(usize::MAX);
        let threads = self.threads.get().min(shares.saturating_add(1));
        let most = self.most.or_else(|| {
            let said = host.variable(room::VARIABLE)?;
            Some(said.trim().parse::<u64>().ok()?.saturating_mul(1 << 20))
        });
        let feed = feed.with_room(threads, most.unwrap_or(room::MOST));
        let feed = Mutex::new(feed);
        let work = |thread: usize| {
            let mut worker = prepare(Worker::new(scan, shape, plan, sources.len(), tables));
            let (mut block, mut report) = (Vec::new(), None);
            loop {
                let mut feed = feed.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(job) = feed.next(thread, report.take(), &mut block) else { return worker };
                drop(feed);
                report = Some(worker.work(&block, &job));
            }
        };
        let workers = thread::scope(|scope| {
            let work = &work;
            let others: Vec<_> =
                (1..threads).map(|thread| scope.spawn(move || work(thread))).collect();
            let mut workers = vec![work(0)];
            for other in others {
                match other.join() {
                    Ok(worker) => workers.push(worker),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            workers
        });
        (workers, feed.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a pass was ended because it took too much memory.
fn is_full(found: &Diagnostic) -> bool {
    *found.code == codes::TOO_MUCH_MEMORY
}

fn repeated_keys(scan: &Scan, keys: &keys::Sorted, places: &Places<'_>) -> Vec<Diagnostic> {
    let Some(key) = &scan.key else { return Vec::new() };
    let names: Vec<String> =
        key.columns.iter().map(|c| format!("`{}`", scan.columns[c.0 as usize].name)).collect();
    let repeated = keys.repeated();
    let more = repeated.len().saturating_sub(MOST_FAULTS);
    let pairs = repeated.into_iter().take(MOST_FAULTS);
    let mut all: Vec<Diagnostic> = pairs
        .map(|(later_place, earlier)| {
            let (path, line) = places.of(earlier.block as usize, u64::from(earlier.line));
            let message =
                format!("the key {} of {path}, line {line}, is there again", names.join(", "));
            let (path, line) = places.of(later_place.block as usize, u64::from(later_place.line));
            Diagnostic::new(&codes::REPEATED_KEY, message)
                .at(key.span, "declared as the key here")
                .in_data(crate::diagnostic::DataPlace {
                    path: path.to_owned(),
                    line,
                    column: u64::from(later_place.column),
                    excerpt: String::new(),
                    mark: None,
                })
                .help("if the later row is to win, say so: `keep last` behind the key")
        })
        .collect();
    if let Some(last) = all.last().filter(|_| more > 0) {
        let message = format!("and {more} more rows of source `{}` repeat a key", scan.source);
        let last = Diagnostic { message, ..last.clone() };
        all.push(last);
    }
    all
}
