//! A few seconds of damage: the fixtures and the example shop, broken at random but the same way
//! each time, go through checking and building. Whatever the text says, the program must not
//! panic, must come to an end, and must point to places that are there in letters that are seen.
//! `fuzz/` has the big brothers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use sanjeh::diagnostic::render::{Style, human};
use sanjeh::diagnostic::{Diagnostic, Diagnostics};
use sanjeh::driver;
use sanjeh::host::memory::MemoryHost;
use sanjeh::render::Format;
use sanjeh::source::{Sources, Span};

use crate::support::{fences, files, root};

/// So many damaged projects are tried.
const ROUNDS: u64 = 300;

/// None may take longer, on a busy machine and without optimization.
const LONGEST: Duration = Duration::from_secs(20);

/// The files of a project: path and text.
type Project = Vec<(String, String)>;

/// Marsaglia's xorshift, 64 bits: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        // Neighbouring seeds must not begin alike, and zero would stay zero.
        Self((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`; 0 where that is 0.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).expect("below a usize")
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// The projects of `tests/lang`, one a heading, and the shop with the first rows of its data.
fn seeds() -> Vec<Project> {
    let mut all = Vec::new();
    for page in files(&root().join("tests/lang"), "md") {
        let found = fences(&read(&page));
        let mut headings: Vec<&str> = found.iter().map(|f| f.heading.as_str()).collect();
        headings.dedup();
        let first = headings.first().copied().unwrap_or_default();
        for heading in &headings {
            let of = found.iter().filter(|f| f.heading == *heading || f.heading == first);
            let named = of.filter_map(|f| match (f.language.as_str(), f.rest.as_str()) {
                ("kpi", "") => Some(("main.kpi".to_owned(), f.text.clone())),
                ("kpi" | "csv", name) if !name.is_empty() => {
                    Some((name.to_owned(), f.text.clone()))
                }
                _ => None,
            });
            all.push(named.collect());
        }
    }
    let shop = root().join("examples/shop");
    let mut project = Project::new();
    for ending in ["kpi", "csv"] {
        for path in files(&shop, ending) {
            let name = path.strip_prefix(&shop).expect("below the shop").to_string_lossy();
            let rows = if ending == "csv" { 15 } else { usize::MAX };
            let text: Vec<_> =
                read(&path).split_inclusive('\n').take(rows).map(str::to_owned).collect();
            project.push((name.replace('\\', "/"), text.concat()));
        }
    }
    all.push(project);
    all.retain(|project| project.iter().any(|(name, _)| is_of(name, "kpi")));
    all
}

/// Whether a file's name has that ending.
fn is_of(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == ending)
}

#[allow(clippy::disallowed_methods, reason = "the test reads what is committed, not a host's")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What is put in: brackets, quotes, marks that nobody sees, characters of other scripts, words
/// of the language where they do not belong.
const INSERTED: [&str; 53] = [
    "(",
    ")",
    "{",
    "}",
    "[",
    "\"",
    "\"\"\"",
    "`",
    "'",
    "/",
    "\\",
    "#",
    ":",
    "::",
    ";",
    ",",
    "،",
    ".",
    "..",
    "=",
    "==",
    "=~ /(/",
    "-",
    "- -",
    "%",
    "٪",
    "۱۲",
    "٫",
    "0",
    "99999999999999999999999999999",
    "1e400",
    "NaN",
    "\0",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{2066}",
    "\u{200c}",
    "\u{feff}",
    "\u{85}",
    "\u{9b}0m",
    "\u{7f}",
    "\u{61c}",
    "\u{200f}",
    "\u{1f600}",
    "\r",
    "\n",
    "\n}\n",
    "\nkpi ",
    " where ",
    " not ",
    " in ",
    "2026-02-30",
    "2026-W99",
];

/// What is put in many times over, to stand in itself.
const NESTED: [&str; 8] = ["(", "{", "-", "not ", "if(", "a + ", "sum(", "section \"\" {\n"];

/// A place in a text where a character begins.
fn place(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The bytes of a token: a run of letters and digits, or one other character.
fn token(text: &str, random: &mut Random) -> std::ops::Range<usize> {
    let start = place(text, random);
    let rest = &text[start..];
    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    start..start + length.max(first)
}

/// The bytes of the next word or number; none where no more comes.
fn word(text: &str, random: &mut Random) -> std::ops::Range<usize> {
    let from = place(text, random);
    let start = text[from..].find(char::is_alphanumeric).map_or(text.len(), |i| from + i);
    let rest = &text[start..];
    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    start..start + length
}

/// A whole line with its end.
fn line(text: &str, random: &mut Random) -> std::ops::Range<usize> {
    let at = place(text, random);
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i + 1);
    start..end
}

/// One damage.
fn damage(text: &mut String, other: &str, random: &mut Random) {
    match random.below(18) {
        _ if text.is_empty() => text.push_str(random.pick::<&str>(&INSERTED)),
        0 => text.replace_range(token(text, random), ""),
        1 => text.replace_range(line(text, random), ""),
        2 => {
            let from = place(text, random);
            let length =
                text[from..].chars().take(random.below(40)).map(char::len_utf8).sum::<usize>();
            text.replace_range(from..from + length, "");
        }
        3 => {
            let range = token(text, random);
            let copy = text[range.clone()].to_owned();
            text.insert_str(range.end, &copy);
        }
        4 => {
            let range = line(text, random);
            let copy = text[range.clone()].to_owned();
            text.insert_str(range.end, &copy);
        }
        5 | 6 => text.insert_str(place(text, random), random.pick::<&str>(&INSERTED)),
        7 => {
            let what = random.pick(&NESTED).repeat(1 + random.below(300));
            text.insert_str(place(text, random), &what);
        }
        8 => {
            let range = token(text, random);
            text.replace_range(range, &other[token(other, random)]);
        }
        9 => text.insert_str(place(text, random), &other[line(other, random)]),
        10 => text.truncate(place(text, random)),
        // What still looks right goes further than what does not.
        11..=15 => {
            let with = text[word(text, random)].to_owned();
            text.replace_range(word(text, random), &with);
        }
        _ => text.replace_range(word(text, random), &random.below(100).to_string()),
    }
}

/// A project, damaged: mostly one of its specs, at times a table.
fn damaged(seeds: &[Project], round: u64) -> Vec<(String, Vec<u8>)> {
    let mut random = Random::new(round);
    let mut project = random.pick(seeds).clone();
    let other = random.pick(seeds);
    let other = random.pick(other).1.clone();
    let wanted = if random.below(5) == 0 { "csv" } else { "kpi" };
    let having: Vec<usize> = (0..project.len()).filter(|&i| is_of(&project[i].0, wanted)).collect();
    let index = if having.is_empty() { 0 } else { *random.pick(&having) };
    for _ in 0..=random.below(3) {
        damage(&mut project[index].1, &other, &mut random);
    }
    let mut files: Vec<_> = project.into_iter().map(|(n, t)| (n, t.into_bytes())).collect();
    // At times a byte that makes it no text at all.
    let bytes = &mut files[index].1;
    if random.below(20) == 0 && !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] = 0xff;
    }
    files
}

/// What a project says: every diagnostic of checking it and, where that is fine, of building it.
fn run(files: &[(String, Vec<u8>)]) -> (Sources, Vec<Diagnostic>) {
    let host = MemoryHost::new(files.iter().cloned());
    let project = driver::load(&host, "").expect("memory does not fail");
    let mut out = Diagnostics::default();
    out.extend(project.diagnostics.clone());
    out.extend(project.absent.clone());
    if !out.has_errors() {
        let specs = driver::reports(&project.model);
        let specs: Vec<_> = specs.iter().collect();
        let built = driver::build(&host, &project, &specs, &Format::ALL, None, &mut out);
        built.expect("memory does not fail");
    }
    (project.sources, out.into_iter().collect())
}

/// Whether a terminal or an editor would hide it, or turn the line.
fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}');
    turns || matches!(c, '\u{2066}'..='\u{2069}') || c.is_control() && c != '\n'
}

/// What is wrong with a diagnostic itself.
fn faults(sources: &Sources, found: &Diagnostic) -> Vec<String> {
    let ids: Vec<_> = sources.iter().map(|(id, _)| id).collect();
    let inside = |span: Span| {
        ids.contains(&span.file) && sources.get(span.file).text.get(span.range()).is_some()
    };
    let edits = found.fix.iter().flat_map(|fix| fix.edits.iter().map(|e| e.span));
    let spans = found.labels.iter().map(|l| l.span).chain(edits);
    let mut wrong: Vec<String> = spans
        .filter(|span| !inside(*span))
        .map(|span| format!("{} points nowhere: {span:?}", found.code.id))
        .collect();
    let mut alone = Diagnostics::default();
    alone.push(found.clone());
    // What points nowhere cannot be shown.
    if wrong.is_empty() {
        let text = human(&alone, sources, Style::Plain);
        if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
            wrong.push(format!("{} carries U+{:04X}: {text:?}", found.code.id, hidden as u32));
        }
    }
    wrong
}

/// The reason of a panic, where it is a text.
fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|t| (*t).to_owned())).unwrap_or_default()
}

#[test]
fn no_damage_makes_it_panic_or_point_nowhere() {
    let seeds = seeds();
    assert!(seeds.len() > 10, "only {} seeds", seeds.len());
    let mut wrong = Vec::new();
    let mut messages = 0;
    for round in 0..ROUNDS {
        let files = damaged(&seeds, round);
        let begin = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let (sources, found) = run(&files);
            let wrong: Vec<_> = found.iter().flat_map(|d| faults(&sources, d)).collect();
            (found.len(), wrong)
        }));
        match outcome {
            Ok((count, faults)) => {
                messages += count;
                wrong.extend(faults.into_iter().map(|fault| format!("round {round}: {fault}")));
            }
            Err(panic) => wrong.push(format!("round {round}: panic: {}", reason(panic.as_ref()))),
        }
        let took = begin.elapsed();
        if took > LONGEST {
            wrong.push(format!("round {round} took {took:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(messages as u64 > ROUNDS / 2, "the damage does hardly any: {messages} messages");
}

#[test]
fn undamaged_seeds_build() {
    // Else the damage would only ever meet the parser.
    let fine = seeds().into_iter().filter(|project| {
        let files: Vec<_> =
            project.iter().map(|(n, t)| (n.clone(), t.clone().into_bytes())).collect();
        let (_, found) = run(&files);
        !found.iter().any(|d| d.severity == sanjeh::diagnostic::Severity::Error)
    });
    assert!(fine.count() > 5);
}
