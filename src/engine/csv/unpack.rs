//! Packed files, unpacked as they are read: what they hold is never held whole.

use std::io::{self, BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::broken::Broken;
use super::meter::Meter;
use super::records::count_lines;

/// How a file is packed: its name says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// By the ending of a path, whatever its case.
    pub(super) fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "gz" => Some(Self::Gzip),
            "zst" => Some(Self::Zstd),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What a packed file holds; `meter` is that of the file itself.
    pub(super) fn unpack(self, packed: Box<dyn Read + Send>, meter: Meter) -> Unpacked {
        let inner: Box<dyn Read + Send> = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(Zstd::new(packed)),
        };
        Unpacked { inner, packing: self, meter, lines: 0, bytes: 0 }
    }
}

/// The text of a packed file. What is wrong with the packing is the file's fault.
pub(super) struct Unpacked {
    inner: Box<dyn Read + Send>,
    packing: Packing,
    meter: Meter,
    lines: u64,
    bytes: u64,
}

/// Past so many bytes a packed file may not hold more than so many times its own.
const LARGE: u64 = 256 << 20;
const SWELLS: u64 = 500;

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(count) => {
                self.lines += count_lines(&buffer[..count]);
                self.bytes += count as u64;
                let packed = self.meter.bytes();
                if self.bytes > LARGE && self.bytes / SWELLS > packed {
                    let (packing, unpacked) = (self.packing.name(), self.bytes);
                    return Err(Broken::Swollen { packing, packed, unpacked }.into());
                }
                Ok(count)
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted || self.meter.has_failed() => Err(e),
            Err(e) => {
                let why = match e.kind() {
                    io::ErrorKind::UnexpectedEof => "it breaks off".to_owned(),
                    _ => e.to_string().to_lowercase(),
                };
                let packing = self.packing.name();
                Err(Broken::Damaged { packing, lines: self.lines, why }.into())
            }
        }
    }
}

/// All frames of a zstd file, one after the other, each held to its checksum.
struct Zstd {
    source: BufReader<Box<dyn Read + Send>>,
    decoder: FrameDecoder,
    /// A frame has begun and is not read to its end.
    open: bool,
}

impl Zstd {
    fn new(packed: Box<dyn Read + Send>) -> Self {
        Self { source: BufReader::new(packed), decoder: FrameDecoder::new(), open: false }
    }

    /// Goes to the next frame; false at the end of the file.
    fn next_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let skipped = match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => u64::from(length),
                Err(e) => return Err(io::Error::other(e.to_string())),
            };
            let read = io::copy(&mut self.source.by_ref().take(skipped), &mut io::sink())?;
            if read < skipped {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn check(&self) -> io::Result<()> {
        match self.decoder.get_checksum_from_data() {
            told @ Some(_) if told != self.decoder.get_calculated_checksum() => {
                Err(io::Error::other("its checksum is another one"))
            }
            _ => Ok(()),
        }
    }
}

impl Read for Zstd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if buffer.is_empty() || !self.open && !self.next_frame()? {
                return Ok(0);
            }
            self.open = true;
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                let decoded = self.decoder.decode_blocks(&mut self.source, one);
                decoded.map_err(|e| io::Error::other(e.to_string()))?;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            self.check()?;
            self.open = false;
        }
    }
}
