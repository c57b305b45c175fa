//! How the bytes of a file become characters.

/// An encoding of text files.
///
/// ```
/// use sanjeh::model::source::Encoding;
/// assert_eq!(Encoding::named("UTF8"), Some(Encoding::Utf8));
/// assert_eq!(Encoding::named("latin1").unwrap().name(), "windows-1252");
/// assert_eq!(Encoding::named("klingon"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without. A file that is marked as UTF-16 is refused.
    #[default]
    Utf8,
    /// What the byte order mark says, UTF-8 where there is none: presets of tools that write both.
    Marked,
    /// UTF-16; the byte order mark says which of the two.
    Utf16,
    /// One of the encodings of the WHATWG's standard.
    Of(&'static encoding_rs::Encoding),
}

/// The names to propose for a misspelt one.
const NAMES: [&str; 37] = [
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-9",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "ibm866",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "big5",
];

impl Encoding {
    /// The encoding of a label, whatever its case: those of the WHATWG's standard, `utf-16`, and
    /// `cp1256` and its like.
    pub fn named(label: &str) -> Option<Self> {
        let label = label.trim().to_ascii_lowercase();
        if label == "utf-16" || label == "utf16" {
            return Some(Self::Utf16);
        }
        let found = encoding_rs::Encoding::for_label(label.as_bytes())?;
        match found.name() {
            "UTF-8" => Some(Self::Utf8),
            // These two stand for no text at all.
            "replacement" | "x-user-defined" => None,
            _ => Some(Self::Of(found)),
        }
    }

    /// The names to propose for a misspelt one.
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// As messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Marked => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Of(other) => other.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_proposed_name_is_one() {
        for name in NAMES {
            assert!(Encoding::named(name).is_some(), "{name}");
        }
        assert_eq!(Encoding::named(" CP1256 "), Encoding::named("windows-1256"));
        assert_eq!(Encoding::named("x-user-defined"), None);
    }
}
