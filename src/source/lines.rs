//! Byte offsets to lines and columns, in the three ways that outputs count columns.

/// A position as people count it: both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters (Unicode scalar values), from 1.
    pub column: u32,
}

/// Where each line of a text begins.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i as u32 + 1));
        Self { starts }
    }

    /// How many lines there are; a final line feed opens one more, empty.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that holds a byte, from 0.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|&s| s <= offset) - 1
    }

    /// The bytes of a line (from 0) without its line break.
    pub fn range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let start = self.starts[line] as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |&s| s as usize);
        let body = text[start..end].trim_end_matches(['\n', '\r']);
        start..start + body.len()
    }

    /// Line and column in characters, from 1.
    pub fn place(&self, text: &str, offset: u32) -> Place {
        let line = self.line_of(offset);
        let column = self.before(text, line, offset).chars().count() as u32 + 1;
        Place { line: line as u32 + 1, column }
    }

    /// The column in UTF-16 units from 0, as editors count by default.
    pub fn utf16(&self, text: &str, offset: u32) -> u32 {
        let line = self.line_of(offset);
        self.before(text, line, offset).encode_utf16().count() as u32
    }

    /// The column in terminal cells, from 1.
    pub fn display(&self, text: &str, offset: u32) -> u32 {
        let line = self.line_of(offset);
        unicode_width::UnicodeWidthStr::width(self.before(text, line, offset)) as u32 + 1
    }

    fn before<'t>(&self, text: &'t str, line: usize, offset: u32) -> &'t str {
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        &text[self.starts[line] as usize..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_to_count_a_column() {
        let text = "نرخ: x\r\n😀é中z\n";
        let index = LineIndex::new(text);
        let z = text.find('z').unwrap() as u32;
        assert_eq!(index.place(text, z), Place { line: 2, column: 4 });
        assert_eq!(index.utf16(text, z), 4);
        assert_eq!(index.display(text, z), 6);
        assert_eq!(&text[index.range(text, 0)], "نرخ: x");
        assert_eq!(index.count(), 3);
    }
}
