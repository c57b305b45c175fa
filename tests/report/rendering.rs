//! Rendering alone, over a document made by hand.

use std::collections::BTreeSet;

use sanjeh::diagnostic::Diagnostic;
use sanjeh::host::OutputFile;
use sanjeh::host::memory::MemoryHost;
use sanjeh::render::{Format, Limits, Templates, render, render_index, render_within};
use sanjeh::report::tree::{Document, Index};

use super::{fixture, keep, pictures, rendered, text_of};

/// Tags of a text of markup, each with its name; panics where it is not well formed.
fn tags(text: &str) -> Vec<(String, String)> {
    const EMPTY: [&str; 5] = ["meta", "br", "link", "img", "!doctype"];
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        assert!(!before.contains('\0'), "a NUL in the text");
        if let Some(comment) = behind.strip_prefix("!--") {
            rest = comment.split_once("-->").unwrap().1;
            continue;
        }
        let mut quoted = false;
        let end = behind.find(|c: char| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let (tag, after) = behind.split_at(end.expect("a tag that does not end"));
        rest = &after[1..];
        let name: String =
            tag.chars().take_while(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        let name = name.trim_end_matches('/').to_owned();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "near {rest:.80}");
        } else {
            if name == "style" {
                rest = &rest[rest.find("</style>").unwrap()..];
            }
            if !tag.ends_with('/') && !EMPTY.contains(&name.as_str()) {
                open.push(name.clone());
            }
            found.push((name, tag.to_owned()));
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    found
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, behind) = tag.split_once(&format!(" {name}=\""))?;
    Some(behind.split_once('"')?.0)
}

/// What must hold of every page, whatever the texts in it.
fn check_page(html: &str) {
    let tags = tags(html);
    let named = |name: &str| tags.iter().filter(|t| t.0 == name).count();
    assert_eq!(named("h1"), 1);
    assert_eq!((named("script"), named("iframe"), named("img"), named("link")), (0, 0, 0, 0));
    for address in
        html.split("http").skip(1).filter(|a| a.starts_with("://") || a.starts_with("s://"))
    {
        assert!(address.starts_with("://www.w3.org/2000/svg\""), "an address: http{address:.60}");
    }
    let mut level = 0;
    let mut ids = BTreeSet::new();
    for (name, tag) in &tags {
        if let Some(h) = name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok()) {
            assert!(h <= level + 1, "h{h} under h{level}");
            level = h;
        }
        // Outside of quotes.
        let bare: String = tag.split('"').step_by(2).collect();
        for part in bare.split(" on").skip(1) {
            let name = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            assert!(!name.starts_with('='), "a handler: {tag}");
        }
        if name == "th" {
            assert!(attribute(tag, "scope").is_some(), "{tag}");
        }
        if let Some(id) = attribute(tag, "id") {
            assert!(ids.insert(id.to_owned()), "twice: {id}");
        }
    }
    for (_, tag) in &tags {
        if let Some(link) = attribute(tag, "href") {
            let id = link.strip_prefix('#').expect("links lead into the page");
            assert!(ids.contains(id), "no {id}");
        }
        for id in attribute(tag, "aria-labelledby").unwrap_or("").split_whitespace() {
            assert!(ids.contains(id), "no {id}");
        }
    }
}

fn check_picture(svg: &OutputFile) {
    let text = std::str::from_utf8(&svg.bytes).unwrap();
    assert!(text.len() < 20_000, "{}: {} bytes", svg.path, text.len());
    let tags = tags(text);
    let root = &tags.iter().find(|t| t.0 == "svg").unwrap().1;
    assert!(attribute(root, "viewBox").is_some() && attribute(root, "role") == Some("img"));
    assert!(tags.iter().any(|t| t.0 == "title") && tags.iter().any(|t| t.0 == "desc"));
    assert!(!tags.iter().any(|t| t.0 == "script" || t.0 == "foreignobject"));
    assert!(!text.contains("NaN") && !text.contains("inf"), "{}", svg.path);
}

#[test]
fn the_page_is_whole_and_needs_nothing() {
    let files = rendered(&fixture::shop());
    keep("report-fixture", &files);
    check_page(&text_of(&files, ".html"));
    pictures(&files).for_each(check_picture);
    let text = text_of(&files, ".md");
    for picture in text.split("](").skip(1).filter_map(|p| p.split_once(')')) {
        assert!(files.iter().any(|f| f.path == picture.0), "no {}", picture.0);
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(rendered(&fixture::shop()), rendered(&fixture::shop()));
}

#[test]
fn json_is_the_tree() {
    let text = text_of(&rendered(&fixture::shop()), ".json");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["sections"][0]["rows"][0]["value"]["raw"], "366581");
    assert_eq!(value["sections"][0]["rows"][0]["value"]["text"], "$366,581");
    assert!(text.find("\"version\"").unwrap() < text.find("\"sections\"").unwrap());
}

/// A document whose every text is hostile.
fn hostile(text: &str) -> Document {
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    let mut facts = fixture::plain(text);
    facts.improve = text;
    facts.formula = text;
    facts.owner = text;
    let mut document = fixture::document(vec![fixture::section(text, text, &[facts])]);
    document.title = text.into();
    document.purpose = Some(text.to_owned());
    document.takeaway = text.into();
    document.questions = vec![text.to_owned()];
    document.sources[0].rejections[0].cell = text.into();
    document.sources[0].name = text.into();
    document
}

/// Markdown without its spans of code, in which everything is text.
fn without_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find('`') {
        let escaped = rest[..at].ends_with('\\');
        let run = rest[at..].chars().take_while(|c| *c == '`').count();
        out.push_str(&rest[..at]);
        let (fence, behind) = rest[at..].split_at(if escaped { 1 } else { run });
        rest = behind;
        if escaped {
            continue;
        }
        let mut from = 0;
        let end = loop {
            let Some(found) = behind[from..].find(fence).map(|f| from + f) else { break None };
            let longer = behind[found..].chars().take_while(|c| *c == '`').count();
            if longer == run {
                break Some(found);
            }
            from = found + longer;
        };
        rest = &behind[end.expect("a span of code that does not end") + run..];
    }
    out + rest
}

const HOSTILE: [&str; 8] = [
    "\u{fdd1}what parts are \u{fdd0}marked with <b>inside",
    "<script>alert(1)</script></title></style><img src=x onerror=alert(1)>",
    "a | b * c _ d ` e ``` f [x](javascript:alert(1)) <b> & ~~s~~",
    "javascript:alert(1) https://evil.example/x www.evil.example @someone :tada:",
    "\u{202e}evil\u{2066} left open",
    "</svg>]]>--><!-- {{ report.title }} {% raw %}",
    "# heading\n\n- item\n1. one\n\n| a | b |\n|---|---|\n",
    "quote \" apostrophe ' nul \u{0} bell \u{7} \u{ffff}",
];

#[test]
fn hostile_texts_harm_nothing() {
    let long = "x".repeat(10_000);
    for text in HOSTILE.into_iter().chain([long.as_str()]) {
        let files = rendered(&hostile(text));
        let html = text_of(&files, ".html");
        check_page(&html.replace("https://evil", "evil").replace("www.evil", "evil"));
        pictures(&files).for_each(check_picture);
        let markdown = text_of(&files, ".md");
        for raw in
            ["<script", "<img", "<b>", "</style", "](javascript", "https://", "www.evil", "@some"]
        {
            assert!(
                !without_code(&markdown).replace("\\]", "").contains(raw),
                "{raw} from {text:?}"
            );
        }
        for output in [&html, &markdown] {
            let control =
                |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0');
            assert!(!output.contains(control), "a raw mark of direction from {text:?}");
            let count = |mark: &str| output.matches(mark).count();
            assert_eq!(count("<bdi"), count("</bdi>"), "parts of {text:?}");
            assert_eq!(count("&#x2068;"), count("&#x2069;"), "parts of {text:?}");
            assert!(!output.contains(['\u{fdd0}', '\u{fdd1}']), "a mark of ours from {text:?}");
            for mark in ["&#x202E;", "&#x2066;"] {
                assert!(!output.contains(mark), "{mark} from {text:?}");
            }
        }
        // A cell stays a cell: all rows of a table have as many bars that are not escaped.
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<&str> = markdown.lines().collect();
        for pair in lines.windows(2).filter(|p| p.iter().all(|l| l.starts_with('|'))) {
            assert_eq!(bars(pair[0]), bars(pair[1]), "{pair:?}");
        }
    }
}

/// The front page, the message and the workbook of such a document.
#[test]
fn hostile_texts_harm_no_other_form() {
    let long = "x".repeat(10_000);
    for text in HOSTILE.into_iter().chain([long.as_str()]) {
        let document = hostile(text);
        let index = Index::of(text, document.language.clone(), &[vec![&document]]).unwrap();
        let front = render_index(&index, &Templates::none()).unwrap();
        let front = String::from_utf8(front.bytes).unwrap();
        let mut pages = vec![front];
        if cfg!(feature = "email") {
            let files = render(&document, &[Format::Email], &Templates::none()).unwrap();
            pages.push(html_of(&files[0].bytes));
        }
        if cfg!(feature = "xlsx") {
            let files = render(&document, &[Format::Xlsx], &Templates::none()).unwrap();
            assert!(files[0].bytes.starts_with(b"PK"), "no workbook of {text:?}");
        }
        for page in pages {
            for raw in
                ["<script>alert", "<img src=x", "</svg>]]", "<b>inside", "\u{202e}", "\u{fdd0}"]
            {
                assert!(!page.contains(raw), "{raw} from {text:?}");
            }
        }
    }
}

/// The page inside a message.
fn html_of(message: &[u8]) -> String {
    use base64::Engine as _;
    let text = std::str::from_utf8(message).unwrap();
    assert!(text.lines().all(|line| line.len() <= 998), "a line is too long");
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(head.lines().all(|l| l.starts_with(' ') || l.contains(": ")), "{head}");
    let part = text.split("text/html").nth(1).unwrap().split("\r\n\r\n").nth(1).unwrap();
    let body: String = part.split("--=_").next().unwrap().split("\r\n").collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn fails(name: &str, text: &str, limits: &Limits) -> Diagnostic {
    let templates = Templates::of("templates", [(name, text)]);
    let document = fixture::small();
    let mut wrong = render_within(&document, &Format::ALL, &templates, limits).unwrap_err();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    wrong.remove(0)
}

#[test]
fn a_projects_template_takes_the_place_of_ours() {
    let template = "<h1>{{ report.title }}</h1>{% include 'mine.html.j2' %}";
    let texts = [("report.html.j2", template), ("mine.html.j2", "<p>{{ words.target }}</p>")];
    let templates = Templates::of("templates", texts);
    assert!(templates.warnings().is_empty());
    let mut document = fixture::small();
    document.title = "A & B".to_owned();
    let files = render(&document, &[Format::Html], &templates).unwrap();
    assert_eq!(text_of(&files, ".html"), "<h1>A &amp; B</h1><p>Target</p>\n");
}

#[test]
fn a_projects_block_extends_our_page() {
    let text = "{% extends 'base/report.html.j2' %}{% block state %}<p>mine</p>{% endblock %}";
    let templates = Templates::of("templates", [("report.html.j2", text)]);
    let files = render(&fixture::small(), &[Format::Html], &templates).unwrap();
    let html = text_of(&files, ".html");
    assert!(html.contains("<p>mine</p>") && html.contains("id=\"scorecard\""));
}

#[test]
fn templates_are_read_from_the_project() {
    let host = MemoryHost::new([
        ("shop/templates/report.html.j2", "<h1>{{ report.name }}</h1>"),
        ("shop/templates/chart/line.svg.j2", "<svg/>"),
        ("shop/templates/raport.md.j2", "unused"),
        ("shop/templates/readme.txt", "no template"),
    ]);
    let templates = Templates::load(&host, "shop").unwrap();
    let files = render(&fixture::small(), &[Format::Html], &templates).unwrap();
    assert_eq!(text_of(&files, ".html"), "<h1>monthly</h1>\n");
    let warnings = templates.warnings();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code.id, "K6002");
    assert_eq!(warnings[0].help.as_deref(), Some("did you mean `report.md.j2`?"));
}

#[test]
fn what_is_undefined_is_an_error_with_its_place() {
    let text = "<p>\n  {{ report.titel }}\n</p>";
    let found = fails("report.html.j2", text, &Limits::default());
    let place = found.data.unwrap();
    assert_eq!((found.code.id, &*place.path), ("K6001", "templates/report.html.j2"));
    assert_eq!((place.line, place.excerpt.trim()), (2, "{{ report.titel }}"));
    assert!(found.message.contains("titel"), "{}", found.message);
}

#[test]
fn a_syntax_error_has_its_place_in_the_file_that_has_it() {
    let found = fails("html/kpi.html.j2", "<p>\n\n{% if %}</p>", &Limits::default());
    let place = found.data.unwrap();
    assert_eq!((&*place.path, place.line), ("templates/html/kpi.html.j2", 3));
}

#[test]
fn a_template_that_does_not_end_is_stopped() {
    let text = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    let found = fails("report.html.j2", text, &Limits { fuel: 100_000, ..Limits::default() });
    assert_eq!(found.message, "the template takes too many steps");
}

#[test]
fn a_template_that_writes_too_much_is_stopped() {
    let text = "{% for a in range(9999) %}xxxxxxxxxx{% endfor %}";
    let found = fails("report.html.j2", text, &Limits { bytes: 50_000, ..Limits::default() });
    assert_eq!(found.message, "the template writes more than 50000 bytes");
}

#[test]
fn a_large_report_stays_far_within_the_limits() {
    // Sixteen KPIs; hundreds must still be rendered.
    let limits = Limits { fuel: 1_000_000, ..Limits::default() };
    let none = Templates::none();
    render_within(&fixture::shop(), &Format::ALL, &none, &limits).unwrap();
}

#[test]
fn texts_that_turn_lines_turn_nothing() {
    let files = rendered(&hostile("\u{202e}fix\u{2067}ed می\u{200c}روم"));
    for ending in [".html", ".md", ".json"] {
        let text = text_of(&files, ending);
        let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(turns), "{ending}");
        assert!(text.contains("fixed می\u{200c}روم"), "{ending}: joiners stay");
    }
    let html = text_of(&files, ".html");
    assert!(html.contains("<h1><bdi>fixed"), "names stand apart from what is beside them");
}

#[test]
fn rows_that_were_left_out_are_told_in_markdown() {
    let mut document = fixture::shop();
    let heads = |document: &Document| {
        let text = text_of(&rendered(document), ".md");
        let sources = text.split("## Where the numbers come from").nth(1).unwrap().to_owned();
        sources.lines().find(|l| l.starts_with('|')).unwrap().to_owned()
    };
    let columns = |document: &Document| heads(document).matches('|').count();
    for source in &mut document.sources {
        (source.later.raw, source.replaced.raw, source.nulled.raw) = (0, 0, 0);
    }
    let few = columns(&document);
    let source = &mut document.sources[0];
    (source.later.raw, source.replaced.raw, source.nulled.raw) = (1, 2, 3);
    assert_eq!(columns(&document), few + 3, "{}", heads(&document));
}

#[test]
fn scorecards_stay_tables_where_they_are_stacked() {
    let html = text_of(&rendered(&fixture::shop()), ".html");
    let (_, behind) = html.split_once("<table class=\"score\" role=\"table\">").unwrap();
    let (table, _) = behind.split_once("</table>").unwrap();
    let all = tags(table);
    let cells = all.iter().filter(|t| t.0 == "td");
    for (_, tag) in cells.clone() {
        assert_eq!(attribute(tag, "role"), Some("cell"), "{tag}");
        assert!(attribute(tag, "data-label").is_some_and(|l| !l.is_empty()), "{tag}");
    }
    assert!(cells.count() > 7);
    for (_, tag) in all.iter().filter(|t| matches!(&*t.0, "tr" | "th" | "thead" | "tbody")) {
        assert!(attribute(tag, "role").is_some(), "{tag}");
    }
    assert!(html.contains("caption,th,td:not(.num){overflow-wrap:anywhere}"), "names wrap");
}
