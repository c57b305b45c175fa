//! What is kept between runs, from outside: the same bytes with it and without, whatever is done to
//! the folder.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::{SPEC, kpi};

fn project(folder: &Path) {
    let mut text = "day,visits,buys,device\n".to_owned();
    for n in 0..120_000 {
        writeln!(text, "2026-{:02}-{:02},{},{},mobile", 1 + n % 6, 1 + n % 28, n % 97, n % 3)
            .unwrap();
    }
    assert!(text.len() > 2 << 20, "smaller files are not kept");
    fs::write(folder.join("web.csv"), text).unwrap();
    fs::write(folder.join("web.kpi"), SPEC).unwrap();
}

#[test]
fn the_same_bytes_with_what_is_kept_and_without() {
    let place = tempfile::tempdir().unwrap();
    project(place.path());
    let eval = |more: &[&str]| {
        let said =
            kpi(place.path(), &[&["eval", "--by", "device", "--format", "csv"], more].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        said.out
    };
    let cache = place.path().join(".cache");
    let expected = eval(&["--no-cache"]);
    assert!(!cache.exists(), "--no-cache keeps nothing");
    assert_eq!(eval(&[]), expected);
    let kept = || {
        let mut all: Vec<_> = fs::read_dir(&cache).unwrap().map(|e| e.unwrap().path()).collect();
        all.sort();
        all
    };
    assert_eq!(kept().len(), 2, "an entry, and what is noted of the file");
    assert_eq!(eval(&[]), expected);
    // Entries that are torn, entries of another, no folder, a file in its place.
    for path in kept() {
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
    assert_eq!(eval(&[]), expected);
    for path in kept() {
        fs::write(&path, "something else").unwrap();
    }
    assert_eq!(eval(&[]), expected);
    fs::remove_dir_all(&cache).unwrap();
    fs::write(&cache, "a file").unwrap();
    assert_eq!(eval(&[]), expected);
    fs::remove_file(&cache).unwrap();
    // What changes in the file changes in the numbers, at once.
    let path = place.path().join("web.csv");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(eval(&[]), expected);
    for text in [text.replacen(",5,", ",7,", 1), format!("{text}2026-06-28,9,1,mobile\n")] {
        fs::write(&path, text).unwrap();
        let found = eval(&[]);
        assert_ne!(found, expected);
        assert_eq!(found, eval(&["--no-cache"]));
    }
}
