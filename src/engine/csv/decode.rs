//! Other encodings than UTF-8, decoded as they are read.

use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE};
use memchr::memchr2_iter;

use super::broken::Broken;
use crate::plan::Encoding;

/// How many bytes are decoded at a time.
const PIECE: usize = 32 << 10;

/// The longest beginning of a line that is kept for messages, in characters.
const KEPT: u64 = 200;

/// The encoding that the first bytes of a file are the mark of, and how long the mark is.
pub(super) fn mark(bytes: &[u8]) -> Option<(&'static encoding_rs::Encoding, usize)> {
    encoding_rs::Encoding::for_bom(bytes)
}

/// The file as UTF-8. A file that is in UTF-8 already goes through as it is.
pub(super) fn decoded(
    mut reader: Box<dyn Read + Send>,
    encoding: Encoding,
) -> io::Result<Box<dyn Read + Send>> {
    if encoding == Encoding::Utf8 {
        return Ok(reader);
    }
    let mut first = Vec::with_capacity(3);
    reader.by_ref().take(3).read_to_end(&mut first)?;
    let found = mark(&first);
    let length = found.map_or(0, |(_, length)| length);
    let whole = |from: usize| Box::new(Cursor::new(first[from..].to_vec()).chain(reader));
    let other = |marked: &'static encoding_rs::Encoding| Broken::OtherMark {
        marked: marked.name(),
        declared: encoding.name(),
    };
    let of = match (encoding, found.map(|(marked, _)| marked)) {
        (Encoding::Utf16, None) if first.is_empty() => return Ok(whole(0)),
        (Encoding::Utf16, None) => return Err(Broken::NoMark.into()),
        (Encoding::Utf16 | Encoding::Marked, Some(marked))
            if marked == UTF_16LE || marked == UTF_16BE =>
        {
            marked
        }
        (Encoding::Utf8 | Encoding::Marked, _) => return Ok(whole(0)),
        (Encoding::Of(declared), None) => declared,
        (Encoding::Of(declared), Some(marked)) if marked == declared => declared,
        (_, Some(marked)) => return Err(other(marked).into()),
    };
    Ok(Box::new(Decoded {
        inner: whole(length),
        decoder: of.new_decoder_without_bom_handling(),
        strict: of.is_single_byte(),
        encoding: of.name(),
        input: vec![0; PIECE],
        unread: 0..0,
        output: vec![0; 3 * PIECE + 16],
        ready: 0..0,
        place: Place::default(),
        failure: None,
        ended: false,
    }))
}

/// How far the text has come.
#[derive(Debug, Default)]
struct Place {
    /// Line ends before it.
    lines: u64,
    /// Characters since the last one.
    characters: u64,
    /// The line so far, not too much of it.
    begun: String,
    returned: bool,
}

impl Place {
    fn pass(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut from = 0;
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            let pair = bytes[at] == b'\n'
                && (if at == 0 { self.returned } else { bytes[at - 1] == b'\r' });
            self.lines += u64::from(!pair);
            from = at + 1;
        }
        if from > 0 {
            self.characters = 0;
            self.begun.clear();
        }
        if let Some(last) = bytes.last() {
            self.returned = *last == b'\r';
        }
        let rest = &text[from..];
        let room = KEPT.saturating_sub(self.characters) as usize;
        self.begun.extend(rest.chars().take(room));
        self.characters += rest.chars().count() as u64;
    }
}

/// A file in another encoding.
struct Decoded {
    inner: Box<dyn Read + Send>,
    decoder: Decoder,
    /// Control characters from 80 to 9F count as undecodable: in these encodings they stand for
    /// bytes that nobody has given a meaning, and mean that the file is in another one.
    strict: bool,
    encoding: &'static str,
    input: Vec<u8>,
    unread: std::ops::Range<usize>,
    output: Vec<u8>,
    ready: std::ops::Range<usize>,
    place: Place,
    failure: Option<Vec<u8>>,
    ended: bool,
}

impl Decoded {
    /// Decodes some more.
    fn advance(&mut self) -> io::Result<()> {
        if self.unread.is_empty() && !self.ended {
            let count = self.inner.read(&mut self.input)?;
            self.unread = 0..count;
            self.ended = count == 0;
        }
        let source = &self.input[self.unread.clone()];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(source, &mut self.output, self.ended);
        if let DecoderResult::Malformed(length, behind) = result {
            let end = read.saturating_sub(usize::from(behind));
            let start = end.saturating_sub(usize::from(length));
            self.failure = Some(source[start..end].to_vec());
        }
        self.unread.start += read;
        self.ready = 0..written;
        if self.strict {
            self.refuse_controls();
        }
        let text = std::str::from_utf8(&self.output[self.ready.clone()]);
        self.place.pass(text.map_err(io::Error::other)?);
        Ok(())
    }

    fn refuse_controls(&mut self) {
        let text = &self.output[self.ready.clone()];
        let control = text.windows(2).position(|w| w[0] == 0xC2 && w[1] < 0xA0);
        if let Some(at) = control {
            // In single-byte encodings such a control character has the number of its byte.
            self.failure = Some(vec![text[at + 1]]);
            self.ready.end = at;
        }
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            if let Some(bytes) = &self.failure {
                return Err(Broken::Undecodable {
                    encoding: self.encoding,
                    line: self.place.lines + 1,
                    column: self.place.characters + 1,
                    bytes: bytes.clone(),
                    before: self.place.begun.clone(),
                }
                .into());
            }
            if self.ended {
                return Ok(0);
            }
            self.advance()?;
        }
        let count = self.ready.len().min(buffer.len());
        let from = self.ready.start;
        buffer[..count].copy_from_slice(&self.output[from..from + count]);
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives so many bytes at a time.
    struct Slow(Vec<u8>, usize);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len()).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    fn read(bytes: &[u8], pace: usize, label: &str) -> io::Result<String> {
        let slow = Box::new(Slow(bytes.to_vec(), pace));
        let mut text = String::new();
        decoded(slow, Encoding::named(label).unwrap())?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn as_a_whole_file_is_decoded() {
        let text = "تاریخ,۱۲۳\r\nکلیک,ÄÖ\n\u{1F600},x";
        let mut marked = vec![0xFF, 0xFE];
        marked.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut big = vec![0xFE, 0xFF];
        big.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        for pace in [1, 2, 3, 7, 4096] {
            assert_eq!(read(&marked, pace, "utf-16").unwrap(), text);
            assert_eq!(read(&big, pace, "utf-16").unwrap(), text);
            assert_eq!(read(&marked, pace, "utf-16le").unwrap(), text);
            assert_eq!(read(&marked[2..], pace, "utf-16le").unwrap(), text);
            for label in ["windows-1250", "windows-1256", "koi8-r", "iso-8859-5", "ibm866"] {
                let of = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
                let bytes: Vec<u8> = (0x20..=0x7E).chain(0xC0..=0xFF).cycle().take(9000).collect();
                let whole = of.decode_without_bom_handling(&bytes).0;
                if !whole.contains('\u{FFFD}') {
                    assert_eq!(read(&bytes, pace, label).unwrap(), whole, "{label}");
                }
            }
            let (japanese, ..) = encoding_rs::SHIFT_JIS.encode("日付,売上\n東京,100");
            assert_eq!(read(&japanese, pace, "shift_jis").unwrap(), "日付,売上\n東京,100");
        }
    }

    #[test]
    fn what_means_nothing_is_told_where_it_is() {
        for pace in [1, 2, 5, 4096] {
            let failure = |bytes: &[u8], label: &str| {
                let error = read(bytes, pace, label).unwrap_err();
                match super::super::broken::of(&error) {
                    Some(Broken::Undecodable { line, column, bytes, before, .. }) => {
                        (*line, *column, bytes.clone(), before.clone())
                    }
                    other => panic!("{other:?}"),
                }
            };
            let found = failure(b"a\r\n\xE4\xF6\x81,x", "windows-1252");
            assert_eq!(found, (2, 3, vec![0x81], "äö".to_owned()));
            let found = failure(b"a\rb\n\xE4\x9F", "iso-8859-2");
            assert_eq!(found, (3, 2, vec![0x9F], "ä".to_owned()));
            let found = failure(b"\xFF\xFEa\0\n\0\x3D\xD8b\0", "utf-16");
            assert_eq!((found.0, found.1), (2, 1));
            let found = failure(b"\xFF\xFEa\0b", "utf-16");
            assert_eq!((found.0, found.1), (1, 2));
        }
    }

    #[test]
    fn marks_decide_or_contradict() {
        let error = |bytes: &[u8], label: &str| {
            super::super::broken::of(&read(bytes, 3, label).unwrap_err()).cloned().unwrap()
        };
        assert_eq!(error(b"abc", "utf-16"), Broken::NoMark);
        let marked = error(b"\xEF\xBB\xBFabc", "windows-1252");
        assert_eq!(marked, Broken::OtherMark { marked: "UTF-8", declared: "windows-1252" });
        let marked = error(b"\xFF\xFEa\0", "utf-16be");
        assert_eq!(marked, Broken::OtherMark { marked: "UTF-16LE", declared: "UTF-16BE" });
        assert_eq!(read(b"", 3, "utf-16").unwrap(), "");
    }
}
