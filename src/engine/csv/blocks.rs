//! Blocks: a file as a stream of byte blocks that hold whole records, never the whole file.

use std::io::{self, Read};

use crate::host::ReadAt;

use super::hash::Xxh64;
use super::meter::Meter;
use super::records::{LONGEST_FIELD, Marks, Reach, before_matching, count_lines, last_border};
use super::sections::{Rest, end_of_table};
use crate::plan::Records;

/// The longest record, in bytes: what a block may grow to before the file is given up.
const LONGEST_RECORD: usize = 4 * LONGEST_FIELD;

/// The longest run of lines that match a footer, in bytes: it is held until a row follows.
pub(super) const LONGEST_FOOTER: usize = 1 << 20;

/// How much is read at a time of what is not used.
const PIECE: usize = 64 << 10;

/// A file from some byte on.
pub(super) struct ReadFrom {
    file: Box<dyn ReadAt>,
    at: u64,
}

impl ReadFrom {
    pub(super) fn new(file: Box<dyn ReadAt>, at: u64) -> Self {
        Self { file, at }
    }
}

impl Read for ReadFrom {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// One file being read.
pub(super) struct Stream {
    reader: Box<dyn Read + Send>,
    /// Read and not handed out yet.
    pub(super) carry: Vec<u8>,
    reach: Reach,
    hash: Xxh64,
    bytes: u64,
    /// What counts the file itself, where it is not read as it is.
    meter: Option<Meter>,
    /// Lines at the end that are left out, blank ones aside.
    footer: u64,
    /// Blank lines at the end are no rows.
    pub(super) drops_blank_end: bool,
    given_up: bool,
    long_footer: bool,
    /// Where the table may end before the file: what is known of what follows it.
    rest: Option<Rest>,
}

impl Stream {
    pub(super) fn new(reader: Box<dyn Read + Send>, footer: u64) -> Self {
        Self {
            reader,
            carry: Vec::new(),
            reach: Reach::More,
            hash: Xxh64::new(0),
            bytes: 0,
            meter: None,
            footer,
            drops_blank_end: false,
            given_up: false,
            long_footer: false,
            rest: None,
        }
    }

    /// Whether the file has been read to its end.
    pub(super) fn reach(&self) -> Reach {
        self.reach
    }

    /// Whether a field or record without an end made it stop before the end of the file.
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up
    }

    /// Whether that was the footer.
    pub(super) fn has_long_footer(&self) -> bool {
        self.long_footer
    }

    /// The table may end before the file does.
    pub(super) fn ends_early(&mut self, rest: Rest) {
        self.rest = Some(rest);
    }

    /// The line of the header of a further table of the kind, from 1.
    pub(super) fn next_table(&self) -> Option<u64> {
        self.rest.as_ref()?.next
    }

    /// Cuts the block where the table ends; what follows is read, but only for its headers.
    fn end_table(&mut self, block: &mut Vec<u8>, marks: &Marks) -> io::Result<()> {
        let Some(mut rest) = self.rest.take() else { return Ok(()) };
        let Some(end) = end_of_table(block, marks) else {
            rest.pass(count_lines(block));
            self.rest = Some(rest);
            return Ok(());
        };
        rest.pass(count_lines(&block[..end]));
        rest.look(&block[end..]);
        block.truncate(end);
        let mut piece = std::mem::take(&mut self.carry);
        rest.look(&piece);
        while self.reach == Reach::More {
            piece.clear();
            self.read_into(&mut piece, PIECE)?;
            rest.look(&piece);
        }
        rest.close();
        self.rest = Some(rest);
        Ok(())
    }

    /// Lets another one count the file's bytes, before they are unpacked or decoded.
    pub(super) fn metered(mut self, meter: Meter) -> Self {
        self.meter = Some(meter);
        self
    }

    /// Bytes of the file read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.meter.as_ref().map_or(self.bytes, Meter::bytes)
    }

    /// The hash of what was read, in hexadecimal.
    pub(super) fn hash(&self) -> String {
        self.meter.as_ref().map_or_else(|| format!("{:016x}", self.hash.finish()), Meter::hash)
    }

    /// Goes on in another place of the file, of which all before is known: behind a whole record.
    pub(super) fn go_on(&mut self, reader: Box<dyn Read + Send>, from: u64) {
        self.reader = reader;
        self.bytes = from;
        self.reach = Reach::More;
        self.carry.clear();
    }

    /// Reads up to `size` more bytes behind the ones that are held.
    pub(super) fn read_more(&mut self, size: usize) -> io::Result<()> {
        let mut held = std::mem::take(&mut self.carry);
        let read = self.read_into(&mut held, size);
        self.carry = held;
        read
    }

    /// The next block of whole records, of about `size` bytes; false at the end of the file.
    pub(super) fn next_block(
        &mut self,
        block: &mut Vec<u8>,
        size: usize,
        marks: &Marks,
    ) -> io::Result<bool> {
        block.clear();
        block.append(&mut self.carry);
        let mut wanted = size;
        loop {
            if self.reach == Reach::More {
                let missing = wanted.saturating_sub(block.len()).max(1);
                self.read_into(block, missing)?;
            }
            let cut = self.cut(block, marks);
            if cut > 0 || self.reach == Reach::End {
                self.carry.extend_from_slice(&block[cut..]);
                block.truncate(cut);
                if self.reach == Reach::End && self.rest.is_none() {
                    self.carry.clear();
                }
                self.end_table(block, marks)?;
                if self.reach == Reach::End {
                    self.carry.clear();
                }
                return Ok(!block.is_empty());
            }
            wanted = (block.len() * 2).max(size);
        }
    }

    /// Where the block is to end: behind a whole record, before what may be the footer.
    fn cut(&mut self, block: &[u8], marks: &Marks) -> usize {
        if self.reach == Reach::End {
            let kept = &block[..before_footer(block, self.footer)];
            let rows = before_pattern(kept, marks);
            self.long_footer |= kept.len() - rows > LONGEST_FOOTER;
            let kept = &kept[..rows];
            return if self.drops_blank_end { before_blank_lines(kept) } else { kept.len() };
        }
        let limit = before_footer(block, self.footer);
        let (border, open) = match marks.records {
            Records::Csv | Records::Parquet | Records::Table => {
                last_border(&block[..limit], marks, Reach::More)
            }
            // No JSON text holds a line feed as it is.
            Records::JsonLines => (memchr::memrchr(b'\n', block).map_or(0, |i| i + 1), None),
        };
        let too_long = open.is_some_and(|at| block.len() - at > LONGEST_FIELD)
            || border == 0 && block.len() > LONGEST_RECORD;
        if too_long {
            // The strict pass finds the field that never ends, and says so.
            self.reach = Reach::End;
            self.given_up = true;
            return block.len();
        }
        let rows = before_pattern(&block[..border], marks);
        if border - rows > LONGEST_FOOTER {
            self.reach = Reach::End;
            (self.given_up, self.long_footer) = (true, true);
            return rows;
        }
        before_blank_lines(&block[..rows])
    }

    fn read_into(&mut self, block: &mut Vec<u8>, size: usize) -> io::Result<()> {
        let start = block.len();
        let read = self.reader.by_ref().take(size as u64).read_to_end(block)?;
        if self.meter.is_none() {
            self.hash.update(&block[start..]);
        }
        self.bytes += read as u64;
        if read < size {
            self.reach = Reach::End;
        }
        Ok(())
    }
}

fn before_pattern(bytes: &[u8], marks: &Marks) -> usize {
    marks.footer.as_ref().map_or(bytes.len(), |footer| before_matching(bytes, marks, footer))
}

/// The place before the last `lines` lines. Blank ones count between the others, as somebody counts
/// who looks at the file; those at its very end nobody sees, and they do not.
fn before_footer(bytes: &[u8], lines: u64) -> usize {
    if lines == 0 {
        return bytes.len();
    }
    let mut end = before_blank_lines(bytes);
    for _ in 0..lines {
        let line = &bytes[..end];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        end = memchr::memrchr2(b'\n', b'\r', line).map_or(0, |i| i + 1);
    }
    end
}

/// The place before the blank lines at the end, behind the line end of the last row.
fn before_blank_lines(bytes: &[u8]) -> usize {
    let text = bytes.iter().rposition(|b| !matches!(b, b'\n' | b'\r'));
    let Some(last) = text else { return 0 };
    let rest = &bytes[last + 1..];
    last + 1 + usize::from(rest.starts_with(b"\r\n")) + usize::from(!rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str, size: usize, footer: u64) -> Vec<String> {
        read(text, size, footer, None).0
    }

    /// The blocks, and whether the footer was too long.
    fn read(text: &str, size: usize, footer: u64, pattern: Option<&str>) -> (Vec<String>, bool) {
        let reader = io::Cursor::new(text.as_bytes().to_vec());
        let mut stream = Stream::new(Box::new(reader), footer);
        stream.drops_blank_end = true;
        let marks = Marks {
            records: Records::Csv,
            delimiter: b',',
            quote: b'"',
            comment: Some(b'#'),
            footer: None,
        };
        let marks =
            Marks { footer: pattern.map(|p| regex::bytes::Regex::new(p).unwrap()), ..marks };
        let mut block = Vec::new();
        let mut all = Vec::new();
        while stream.next_block(&mut block, size, &marks).unwrap() {
            all.push(String::from_utf8(block.clone()).unwrap());
        }
        (all, stream.has_long_footer())
    }

    #[test]
    fn lines_that_match_are_a_footer_at_the_end_only() {
        for size in 1..60 {
            let of = |text: &str| read(text, size, 0, Some("^Total")).0.concat();
            let kept = "a\nTotal recall\n\nTotal\nb\n";
            assert_eq!(of(&format!("{kept}Total: x\n\nTotal\n\n")), kept, "size {size}");
            let kept = "a\n\"1\nTotal 2\"\n";
            assert_eq!(of(&format!("{kept}\nTotal,\"3\n4\"")), kept, "size {size}");
        }
    }

    #[test]
    fn a_footer_does_not_fill_the_memory() {
        let text = format!("a\n{}", "Total\n".repeat(LONGEST_FOOTER / 3));
        for size in [1 << 16, 4 << 20] {
            let (blocks, long) = read(&text, size, 0, Some("^Total"));
            assert!(blocks.concat() == "a\n" && long, "size {size}");
        }
    }

    #[test]
    fn cuts_behind_whole_records() {
        let text = "a,b\n\"1\n,\"\"2\",3\r\n# it's \"\n5\" x,6\n";
        for size in 1..40 {
            let all = blocks(text, size, 0);
            assert_eq!(all.concat(), text, "size {size}");
            assert!(all.iter().all(|b| b.ends_with('\n')), "size {size}: {all:?}");
            assert!(all.iter().all(|b| b.matches('"').count() % 4 != 3), "size {size}: {all:?}");
        }
    }

    #[test]
    fn footers_and_blank_lines_at_the_end_are_left_out() {
        for size in 1..40 {
            assert_eq!(blocks("a\nb\n\n\n", size, 0).concat(), "a\nb\n", "size {size}");
            assert_eq!(blocks("a\nb\nTotal\n", size, 1).concat(), "a\nb\n", "size {size}");
            assert_eq!(blocks("a\r\nb\r\nx\r\nTotal", size, 2).concat(), "a\r\nb\r\n", "{size}");
            assert_eq!(blocks("a\n\nb", size, 0).concat(), "a\n\nb", "size {size}");
            assert_eq!(blocks("a\nb\n\nTotal\n\r\n\n", size, 1).concat(), "a\nb\n", "size {size}");
            assert_eq!(blocks("a\n", size, 3).concat(), "", "size {size}");
        }
    }
}
