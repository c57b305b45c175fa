//! The form of messages: RFC 5322 and MIME (RFC 2045 to 2047, 2387). The libraries that make it put
//! the clock and chance into boundaries and dates; here the same report has the same bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A message that nobody has addressed yet.
pub(super) struct Message<'a> {
    pub(super) subject: &'a str,
    pub(super) language: &'a str,
    pub(super) text: &'a str,
    pub(super) html: &'a str,
    pub(super) parts: &'a [Part],
}

/// A picture that the page refers to by its id.
pub(super) struct Part {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) png: Vec<u8>,
}

impl Message<'_> {
    /// The file. Lines end as messages' do.
    pub(super) fn bytes(&self) -> Vec<u8> {
        // Base64 has no `=_`, so that no line of a part is a boundary.
        let (outer, inner) = ("=_sanjeh_related", "=_sanjeh_alternative");
        let mut lines = vec![
            format!("Subject: {}", header(self.subject)),
            "MIME-Version: 1.0".to_owned(),
            // Mail programs open it as a draft.
            "X-Unsent: 1".to_owned(),
            format!("Content-Language: {}", self.language),
            format!(
                "Content-Type: multipart/related; boundary=\"{outer}\"; type=\"multipart/alternative\""
            ),
            String::new(),
            format!("--{outer}"),
            format!("Content-Type: multipart/alternative; boundary=\"{inner}\""),
            String::new(),
        ];
        for (kind, text) in [("text/plain", self.text), ("text/html", self.html)] {
            lines.push(format!("--{inner}"));
            lines.push(format!("Content-Type: {kind}; charset=utf-8"));
            lines.push("Content-Transfer-Encoding: base64".to_owned());
            lines.push(String::new());
            lines.extend(folded(text.as_bytes()));
        }
        lines.push(format!("--{inner}--"));
        for part in self.parts {
            lines.push(format!("--{outer}"));
            lines.push(format!("Content-Type: image/png; name=\"{}\"", part.name));
            lines.push("Content-Transfer-Encoding: base64".to_owned());
            lines.push(format!("Content-ID: <{}>", part.id));
            lines.push(format!("Content-Disposition: inline; filename=\"{}\"", part.name));
            lines.push(String::new());
            lines.extend(folded(&part.png));
        }
        lines.push(format!("--{outer}--"));
        lines.push(String::new());
        lines.join("\r\n").into_bytes()
    }
}

/// Base64 in lines of 76.
fn folded(bytes: &[u8]) -> Vec<String> {
    let text = STANDARD.encode(bytes);
    text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}

/// A header's text as encoded words of 75 characters at most, each of whole letters.
fn header(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut words: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in clean.chars() {
        if piece.len() + c.len_utf8() > 45 {
            words.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    words.push(piece);
    let word = |piece: &String| format!("=?utf-8?B?{}?=", STANDARD.encode(piece));
    words.iter().map(word).collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_folded_between_letters() {
        let found = header(&"گزارش ماهانه ".repeat(8));
        for word in found.split("\r\n ") {
            assert!(word.len() <= 75, "{word}");
            let body = word.strip_prefix("=?utf-8?B?").unwrap().strip_suffix("?=").unwrap();
            assert!(String::from_utf8(STANDARD.decode(body).unwrap()).is_ok());
        }
        assert!(!header("a\r\nBcc: b").contains("Bcc"));
    }

    #[test]
    fn a_message_has_its_parts() {
        let part = Part { id: "1@report".to_owned(), name: "1.png".to_owned(), png: vec![1, 2, 3] };
        let message = Message {
            subject: "S",
            language: "en",
            text: "text",
            html: "<p>html</p>",
            parts: &[part],
        };
        let text = String::from_utf8(message.bytes()).unwrap();
        for line in ["Content-ID: <1@report>", "AQID", "--=_sanjeh_related--", "PHA+aHRtbDwvcD4="] {
            assert!(text.split("\r\n").any(|l| l == line), "{line} is not in\n{text}");
        }
        assert!(text.split("\r\n").all(|l| l.len() <= 998));
    }
}
