//! What is served: pages by their names, and what is wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::Bytes;

/// The front page.
const INDEX: &str = "index.html";

/// All that is served. Whatever changes, the whole of it is replaced at once.
#[derive(Clone, Debug, Default)]
pub struct Site {
    pages: BTreeMap<String, Page>,
    /// What is wrong with what the pages are made from, as markup; the pages are the last good
    /// ones then.
    pub problems: Option<String>,
    /// Beside the title of what is wrong: "2 errors".
    pub tally: String,
}

/// A file that is served.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it holds.
    pub(super) bytes: Bytes,
    /// Its type.
    pub(super) kind: &'static str,
    /// Another one where the content is another.
    version: String,
}

impl Page {
    /// A file as a build makes it. Pages get what keeps them up to date.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => "text/html; charset=utf-8",
            Some("json") => "application/json",
            Some("svg") => "image/svg+xml",
            Some("md") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let version = format!("{:016x}", hasher.finish());
        let bytes =
            if kind.starts_with("text/html") { live(name, &bytes, &version) } else { bytes };
        Self { bytes: bytes.into(), kind, version }
    }
}

/// A page with the script that replaces it when there is another one.
fn live(name: &str, bytes: &[u8], version: &str) -> Vec<u8> {
    let name = escaped(name);
    let script = format!(
        "<script src=\"/_kpi/live.js\" data-page=\"{name}\" data-version=\"{version}\" defer></script>\n"
    );
    let end = b"</body>";
    let at = bytes.windows(end.len()).rposition(|w| w.eq_ignore_ascii_case(end));
    let at = at.unwrap_or(bytes.len());
    [&bytes[..at], script.as_bytes(), &bytes[at..]].concat()
}

fn is_page(name: &str) -> bool {
    name.strip_suffix(".html").is_some()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

impl Site {
    /// A site of these pages.
    pub fn new(pages: impl IntoIterator<Item = (String, Page)>) -> Self {
        Self { pages: pages.into_iter().collect(), ..Self::default() }
    }

    /// The same with other pages beside its own, or in their places.
    #[must_use]
    pub fn with(mut self, pages: impl IntoIterator<Item = (String, Page)>) -> Self {
        self.pages.extend(pages);
        self
    }

    /// The same pages, while something is wrong.
    #[must_use]
    pub fn but(&self, problems: String, tally: String) -> Self {
        Self { pages: self.pages.clone(), problems: Some(problems), tally }
    }

    /// A page by its name; without a name the front page, else the first one.
    pub(super) fn page(&self, name: &str) -> Option<Page> {
        if !name.is_empty() {
            return self.pages.get(name).cloned();
        }
        let first = || self.pages.iter().find(|(name, _)| is_page(name)).map(|(_, page)| page);
        let page = self.pages.get(INDEX).or_else(first).cloned();
        Some(
            page.unwrap_or_else(|| {
                notice("No report yet", "It will be here as soon as there is one.")
            }),
        )
    }

    /// What is shown where there is no such page.
    pub(super) fn missing(&self) -> Page {
        let mut list = String::from("<a href=\"/\">All reports</a>");
        for name in self.pages.keys().filter(|n| is_page(n) && *n != INDEX).take(50) {
            let href =
                percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
            let _ = write!(list, "<br><a href=\"/{href}\"><bdi>{}</bdi></a>", escaped(name));
        }
        notice("There is no such page", &list)
    }

    /// What an open page is told, as JSON.
    pub(super) fn state(&self) -> String {
        let pages: BTreeMap<&str, &str> =
            self.pages.iter().map(|(name, page)| (name.as_str(), page.version.as_str())).collect();
        serde_json::json!({ "pages": pages, "problems": self.problems, "tally": self.tally })
            .to_string()
    }
}

/// A page of the server's own.
fn notice(title: &str, markup: &str) -> Page {
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>body{{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:20vh auto;padding:0 1.5rem}}\
         h1{{font-size:1.4rem}}a{{color:LinkText}}</style>\n<body>\n<main><h1>{title}</h1>\n<p>{markup}</p></main>\n</body>\n</html>\n"
    );
    Page::new("notice.html", text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_name_and_only_those() {
        let page =
            |name: &str, text: &str| (name.to_owned(), Page::new(name, text.as_bytes().to_vec()));
        let site = Site::new([page("monthly.html", "<body>x</body>"), page("a.json", "{}")]);
        let text =
            |name: &str| site.page(name).map(|p| String::from_utf8(p.bytes.to_vec()).unwrap());
        let monthly = text("monthly.html").unwrap();
        assert!(
            monthly.starts_with("<body>x<script src=\"/_kpi/live.js\" data-page=\"monthly.html\"")
        );
        assert!(monthly.ends_with("</body>"), "{monthly}");
        assert_eq!(text("a.json").as_deref(), Some("{}"));
        assert_eq!(text("").unwrap(), monthly);
        assert_eq!(text("../a.json"), None);
        assert_eq!(text("index.html"), None);
        let with = site.clone().with([page("index.html", "<p>front")]);
        assert!(with.page("").unwrap().bytes.starts_with(b"<p>front<script"));
        // The same content has the same version, whoever makes it.
        let state =
            |site: &Site| -> serde_json::Value { serde_json::from_str(&site.state()).unwrap() };
        let again = Site::new([page("monthly.html", "<body>x</body>")]);
        let version = |site: &Site| state(site)["pages"]["monthly.html"].clone();
        assert_eq!(version(&site), version(&again));
        let other = Site::new([page("monthly.html", "<body>y</body>")]);
        assert_ne!(version(&site), version(&other));
        let broken = site.but("<article>".to_owned(), "1 error".to_owned());
        assert_eq!(
            (&state(&broken)["problems"], version(&broken)),
            (&"<article>".into(), version(&site))
        );
    }
}
