//! The feed: hands out the blocks of a scan's files, one after the other, to whoever asks.

use std::sync::Arc;

use regex::bytes::Regex;

use crate::diagnostic::Diagnostic;
use crate::engine::FileFacts;
use crate::engine::columns::Wanted;
use crate::host::{Failure, Host, HostError, failed};
use crate::plan::{Dialect, Footer, Records, Scan};
use crate::time::Calendar;

use super::blocks::{ReadFrom, Stream};
use super::faults::{self, Fault, span_of};
use super::files::{Opened, Resume, Source, open};
use super::header::{Layout, lay_out, read_head};
use super::range;
use super::records::Marks;
use super::room::{Room, too_much};

/// So many faults of a scan are told; one more ends its run.
pub(super) const MOST_FAULTS: usize = 1000;
/// So many cells that were skipped or made null are listed.
pub(super) const MOST_REJECTIONS: usize = 50;

impl Marks {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let footer = match &dialect.footer {
            Footer::Matching(pattern) => match Regex::new(pattern) {
                Ok(regex) => Some(regex),
                Err(e) => panic!("the model let a bad pattern through: {e}"),
            },
            _ => None,
        };
        Self {
            records: dialect.records,
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            comment: dialect.comment,
            footer,
        }
    }
}

/// A block's place and layout.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// The block's number in the scan.
    pub(super) block: usize,
    pub(super) layout: Arc<Layout>,
}

/// What working through a block found.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) block: usize,
    /// Physical lines in it.
    pub(super) lines: u64,
    pub(super) faults: Vec<Fault>,
    pub(super) rejections: Vec<Fault>,
    /// What the thread takes by now.
    pub(super) room: Room,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    file: usize,
    lines: u64,
}

/// A file that is being read, and where its columns are.
type Open = (Box<Stream>, Arc<Layout>);

/// The files of a scan, how far they are read, and what was found.
pub(super) struct Feed<'f> {
    host: &'f dyn Host,
    scan: &'f Scan,
    calendar: Calendar,
    marks: &'f Marks,
    sources: &'f [Source],
    size: usize,
    next: usize,
    open: Option<Open>,
    blocks: Vec<Block>,
    /// Of each file: the physical lines before its first row.
    heads: Vec<u64>,
    pub(super) facts: Vec<FileFacts>,
    pub(super) diagnostics: Vec<Diagnostic>,
    faults: Vec<Fault>,
    rejections: Vec<Fault>,
    error: Option<HostError>,
    /// What each thread takes, and all together may take.
    rooms: Vec<Room>,
    most: u64,
    full: bool,
}

impl<'f> Feed<'f> {
    pub(super) fn new(
        host: &'f dyn Host,
        scan: &'f Scan,
        calendar: Calendar,
        marks: &'f Marks,
        sources: &'f [Source],
        size: usize,
    ) -> Self {
        let fact = |s: &Source| FileFacts { path: s.path.clone(), ..FileFacts::default() };
        Self {
            host,
            scan,
            calendar,
            marks,
            sources,
            size,
            next: 0,
            open: None,
            blocks: Vec::new(),
            heads: vec![0; sources.len()],
            facts: sources.iter().map(fact).collect(),
            diagnostics: Vec::new(),
            faults: Vec::new(),
            rejections: Vec::new(),
            error: None,
            rooms: Vec::new(),
            most: u64::MAX,
            full: false,
        }
    }

    /// With so many threads that take so many bytes at most.
    pub(super) fn with_room(mut self, threads: usize, most: u64) -> Self {
        self.rooms = vec![Room::default(); threads];
        self.most = most;
        self
    }

    /// Takes a report in and puts the next block into `block`; none when all is read, or enough
    /// has gone wrong.
    pub(super) fn next(
        &mut self,
        thread: usize,
        done: Option<Report>,
        block: &mut Vec<u8>,
    ) -> Option<Job> {
        if let Some(report) = done {
            self.rooms[thread] = report.room;
            self.take(report);
            let mut room = Room::default();
            self.rooms.iter().for_each(|own| room += *own);
            if room.total() > self.most && !self.full {
                self.full = true;
                self.diagnostics.push(too_much(self.scan, room, self.most));
            }
        }
        if self.full || self.error.is_some() || self.faults.len() > MOST_FAULTS {
            return None;
        }
        match self.advance(block) {
            Ok(job) => job,
            Err(e) => {
                self.error = Some(e);
                None
            }
        }
    }

    fn take(&mut self, report: Report) {
        self.blocks[report.block].lines = report.lines;
        self.faults.extend(report.faults);
        if !report.rejections.is_empty() {
            self.rejections.extend(report.rejections);
            self.rejections.sort_unstable();
            self.rejections.truncate(MOST_REJECTIONS);
        }
    }

    fn advance(&mut self, block: &mut Vec<u8>) -> Result<Option<Job>, HostError> {
        loop {
            if self.open.is_none() {
                if self.next == self.sources.len() {
                    return Ok(None);
                }
                self.next += 1;
                self.open = self.open_file(self.next - 1)?;
            }
            let Some((stream, layout)) = &mut self.open else { continue };
            let file = layout.file;
            let path = &self.sources[file].path;
            let more = match stream.next_block(block, self.size, &layout.marks) {
                Ok(more) => more,
                Err(e) => {
                    let source = &self.sources[file];
                    let Some(found) = faults::broken(&self.scan.input, source, &e) else {
                        return Err(failed(path, &e));
                    };
                    self.diagnostics.push(found);
                    self.open = None;
                    continue;
                }
            };
            if more {
                let job = Job { block: self.blocks.len(), layout: layout.clone() };
                self.blocks.push(Block { file, lines: 0 });
                return Ok(Some(job));
            }
            self.close()?;
        }
    }

    /// Opens a file and finds the columns; none (and a diagnostic) where that fails.
    fn open_file(&mut self, file: usize) -> Result<Option<Open>, HostError> {
        let source = &self.sources[file];
        let wanted = Wanted::of(self.scan);
        let mut stream = match open(self.host, source, &self.scan.dialect, &wanted)? {
            Opened::File(stream) => stream,
            Opened::Unreadable(why) => {
                let found = faults::no_file(&self.scan.input, &source.path, &why);
                self.diagnostics.push(found);
                return Ok(None);
            }
            Opened::Broken(e) => {
                self.diagnostics.extend(faults::broken(&self.scan.input, source, &e));
                return Ok(None);
            }
            Opened::NotBuiltIn(feature) => {
                self.diagnostics.push(faults::not_built_in(span_of(&self.scan.input), feature));
                return Ok(None);
            }
        };
        let mut head = match read_head(&mut stream, &self.scan.dialect, self.marks) {
            Ok(Ok(head)) => head,
            Ok(Err(why)) => {
                self.diagnostics.push(faults::no_head(&self.scan.input, source, &why));
                return Ok(None);
            }
            Err(e) => {
                let found = faults::broken(&self.scan.input, source, &e);
                self.diagnostics.push(found.ok_or_else(|| failed(&source.path, &e))?);
                return Ok(None);
            }
        };
        self.heads[file] = source.offset + head.lines;
        head.line += source.offset;
        if let Some(rule) = &self.scan.range {
            match range::range(self.scan, rule, self.calendar, &head, &source.path) {
                Ok(days) => self.facts[file].range = Some(days),
                Err(found) => {
                    self.diagnostics.push(*found);
                    return Ok(None);
                }
            }
        }
        let range = self.facts[file].range;
        if self.scan.dialect.records == Records::JsonLines {
            return Ok(Some((stream, Arc::new(Layout::of_lines(self.scan, file, range)))));
        }
        if head.names.is_empty() {
            // No header is declared, and there is no row to count the cells of.
            self.facts[file].bytes = stream.bytes();
            self.facts[file].hash = stream.hash();
            return Ok(None);
        }
        if let Some(Resume { from, lines }) = source.resume {
            self.heads[file] = lines;
            stream.go_on(Box::new(ReadFrom::new(self.host.open_at(&source.path)?, from)), from);
        }
        let layout = lay_out(self.scan, &head, file, &source.path, &mut self.diagnostics);
        Ok(layout.map(|layout| (stream, Arc::new(Layout { range, ..layout }))))
    }

    fn close(&mut self) -> Result<(), HostError> {
        let Some((stream, layout)) = self.open.take() else { return Ok(()) };
        let source = &self.sources[layout.file];
        let facts = &mut self.facts[layout.file];
        facts.bytes = stream.bytes();
        facts.hash = stream.hash();
        if stream.has_long_footer() {
            self.diagnostics.push(faults::long_footer(&self.scan.input, &source.path));
        }
        if let Some(line) = stream.next_table() {
            self.diagnostics.push(faults::further_table(&self.scan.input, &source.path, line));
        }
        if stream.is_given_up() || stream.bytes() == source.size {
            return Ok(());
        }
        Err(HostError {
            path: source.path.clone(),
            kind: Failure::Other,
            message: "the file changed while it was read".to_owned(),
        })
    }

    /// The physical lines before each block.
    fn lines_before(&self) -> Vec<u64> {
        let mut before = self.heads.clone();
        let mut all = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            all.push(before[block.file]);
            before[block.file] += block.lines;
        }
        all
    }

    /// Where a line of a block is: the file's path and the physical line.
    pub(super) fn places(&self) -> Places<'_> {
        Places { feed: self, before: self.lines_before() }
    }

    /// Says, where the last fault is, that there are more.
    fn and_more(&self) -> Option<Diagnostic> {
        let last = self.faults.last()?;
        let places = self.places();
        let (path, line) = places.of(last.block, last.spot.line);
        let mut found = last.diagnostic(self.scan, path, line);
        found.message =
            format!("and more faults in source `{}`: the first 1,000 are told", self.scan.source);
        Some(found.help("correct what is told first"))
    }

    /// Everything that was found, in order of place.
    pub(super) fn finish(mut self) -> Result<Finished, HostError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.faults.sort_unstable();
        let more = self.faults.get(MOST_FAULTS).is_some();
        self.faults.truncate(MOST_FAULTS);
        let places = Places { before: self.lines_before(), feed: &self };
        let mut diagnostics = Vec::new();
        for fault in &self.faults {
            let (path, line) = places.of(fault.block, fault.spot.line);
            diagnostics.push(fault.diagnostic(self.scan, path, line));
        }
        diagnostics.extend(more.then(|| self.and_more()).flatten());
        let rejections = self.rejections.iter().filter_map(|fault| {
            let (path, line) = places.of(fault.block, fault.spot.line);
            fault.rejection(self.scan, path, line)
        });
        let rejections = rejections.collect();
        let mut lines = self.heads.clone();
        for block in &self.blocks {
            lines[block.file] += block.lines;
        }
        self.diagnostics.extend(diagnostics);
        Ok(Finished { diagnostics: self.diagnostics, rejections, facts: self.facts, lines })
    }
}

/// What is left of a feed.
pub(super) struct Finished {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) rejections: Vec<crate::engine::Rejection>,
    pub(super) facts: Vec<FileFacts>,
    /// The physical lines of each file.
    pub(super) lines: Vec<u64>,
}

/// From lines of blocks to lines of files.
pub(super) struct Places<'p> {
    feed: &'p Feed<'p>,
    before: Vec<u64>,
}

impl Places<'_> {
    pub(super) fn of(&self, block: usize, line: u64) -> (&str, u64) {
        let file = self.feed.blocks[block].file;
        (&self.feed.sources[file].path, self.before[block] + line + 1)
    }
}
