//! `preset: auto`: how a source's files are written, found out from their beginnings and told.

use std::io;

use crate::diagnostic::{Diagnostic, codes};
use crate::engine::columns::Wanted;
use crate::host::{Host, HostError, failed};
use crate::plan::{Auto, Dialect, Encoding, Header, Input};

use super::broken;
use super::faults::{self, span_of};
use super::files::{Opened, Source, open};
use super::records::Reach;
use super::sniff::{Cut, Known, Sniffed, shown, sniff};

/// How much of a file is looked at, in bytes.
const LOOKED_AT: usize = 256 << 10;

/// The dialect of a source that says `preset: auto`, and what is to be told of it; or what is
/// wrong. What the source declares itself stays.
pub(super) fn settle(
    host: &dyn Host,
    input: &Input,
    sources: &[Source],
    dialect: &Dialect,
    auto: &Auto,
) -> Result<Result<(Dialect, Diagnostic), Diagnostic>, HostError> {
    let mut settled: Option<(&Source, Dialect)> = None;
    for source in sources {
        let found = match look(host, input, source, dialect, auto)? {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let own = apply(dialect, auto, &found);
        match &settled {
            None => settled = Some((source, own)),
            Some((_, first)) if same(first, &own) => {}
            Some((first, _)) => {
                let (a, b) = (&first.path, &source.path);
                let message = format!("{a} and {b} are not written in one way");
                return Ok(Err(unsure(auto, message, "make a source of each kind of file")));
            }
        }
    }
    let Some((first, own)) = settled else {
        // That there is no file has been told.
        return Ok(Err(unsure(auto, "there is no file to look at".to_owned(), "name a file")));
    };
    let message = format!("{} is read with {}", first.path, words(&own));
    let told = Diagnostic::new(&codes::SNIFFED, message)
        .at(auto.span, "found out from the file")
        .help("write it into the source, in place of `preset: auto`, so that it stays so");
    Ok(Ok((own, told)))
}

fn look(
    host: &dyn Host,
    input: &Input,
    source: &Source,
    dialect: &Dialect,
    auto: &Auto,
) -> Result<Result<Sniffed, Diagnostic>, HostError> {
    let opened = Dialect { encoding: dialect.encoding, auto: None, ..dialect.clone() };
    let mut stream = match open(host, source, &opened, &Wanted::default())? {
        Opened::File(stream) => stream,
        Opened::Unreadable(why) => return Ok(Err(faults::no_file(input, &source.path, &why))),
        Opened::Broken(e) => return told(input, source, &e),
        Opened::NotBuiltIn(feature) => {
            return Ok(Err(faults::not_built_in(span_of(input), feature)));
        }
    };
    if let Err(e) = stream.read_more(LOOKED_AT) {
        return told(input, source, &e);
    }
    let cut = if stream.reach() == Reach::End { Cut::Whole } else { Cut::More };
    let declared = |key: &str| auto.declared.contains(&key);
    let known = Known {
        delimiter: declared("delimiter").then_some(dialect.delimiter),
        numbers: (declared("decimal") || declared("thousands")).then_some(dialect.numbers),
    };
    Ok(sniff(&stream.carry, cut, known).map_err(|why| {
        let message = format!("how {} is written is not sure: {why}", source.path);
        Diagnostic::new(&codes::NOT_SURE, message)
            .at(span_of(input), "this source")
            .help("say it in the source: `delimiter`, `skip`, `decimal`, `thousands`, `encoding`")
    }))
}

fn told<T>(
    input: &Input,
    source: &Source,
    error: &io::Error,
) -> Result<Result<T, Diagnostic>, HostError> {
    match (broken::of(error), faults::broken(input, source, error)) {
        (Some(_), Some(found)) => Ok(Err(found)),
        _ => Err(failed(&source.path, error)),
    }
}

fn unsure(auto: &Auto, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(&codes::NOT_SURE, message).at(auto.span, "to be found out").help(help)
}

fn apply(dialect: &Dialect, auto: &Auto, found: &Sniffed) -> Dialect {
    let mut own = Dialect { auto: None, ..dialect.clone() };
    let free = |key: &str| !auto.declared.contains(&key);
    if free("encoding") {
        own.encoding = found.encoding;
    }
    own.delimiter = found.delimiter;
    if free("skip") && free("header") {
        own.skip = found.skip;
        own.header = Header::Row(1);
    }
    own.numbers = found.numbers;
    own
}

fn same(a: &Dialect, b: &Dialect) -> bool {
    let parts = |d: &Dialect| (d.encoding, d.delimiter, d.skip, d.numbers);
    parts(a) == parts(b)
}

/// The settled keys as a spec writes them.
fn words(dialect: &Dialect) -> String {
    let mut all = vec![format!("`delimiter: {}`", shown(dialect.delimiter))];
    if dialect.skip > 0 {
        all.push(format!("`skip: {}`", dialect.skip));
    }
    if dialect.encoding == Encoding::Utf16 {
        all.push("`encoding: \"utf-16\"`".to_owned());
    }
    all.push(format!("`decimal: \"{}\"`", dialect.numbers.decimal));
    all.extend(dialect.numbers.thousands.map(|c| format!("`thousands: \"{c}\"`")));
    all.join(", ")
}
