//! `*`, `?` and `**` over a host's folders.

use super::{EntryKind, Failure, Host, HostError, join, normalise};

/// The files under a pattern, sorted by path; a path without a wildcard must exist.
pub(super) fn expand<H: Host + ?Sized>(host: &H, pattern: &str) -> Result<Vec<String>, HostError> {
    let Some(clean) = normalise(pattern) else {
        return Err(HostError {
            path: pattern.to_owned(),
            kind: Failure::Outside,
            message: "the path leads out of the repository".to_owned(),
        });
    };
    if !clean.contains(['*', '?']) {
        host.size(&clean)?;
        return Ok(vec![clean]);
    }
    let parts: Vec<&str> = clean.split('/').collect();
    let mut found = Vec::new();
    walk(host, "", &parts, &mut found)?;
    found.sort();
    found.dedup();
    Ok(found)
}

fn walk<H: Host + ?Sized>(
    host: &H,
    folder: &str,
    parts: &[&str],
    found: &mut Vec<String>,
) -> Result<(), HostError> {
    let Some((&part, rest)) = parts.split_first() else { return Ok(()) };
    if part == "**" {
        walk(host, folder, rest, found)?;
    }
    if !part.contains(['*', '?']) && !rest.is_empty() {
        return walk(host, &join(folder, part), rest, found);
    }
    let entries = match host.list(folder) {
        Err(e) if e.kind == Failure::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let path = join(folder, &entry.name);
        match entry.kind {
            EntryKind::Folder if part == "**" => walk(host, &path, parts, found)?,
            EntryKind::Folder if !rest.is_empty() && matches(part, &entry.name) => {
                walk(host, &path, rest, found)?;
            }
            EntryKind::File if rest.is_empty() && matches(part, &entry.name) => found.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a name fits a pattern of `*` and `?`; linear but for one step back at the last `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let (p, n): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut i, mut j, mut star, mut mark) = (0, 0, None, 0);
    while j < n.len() {
        if i < p.len() && (p[i] == '?' || (p[i] == n[j] && p[i] != '*')) {
            i += 1;
            j += 1;
        } else if i < p.len() && p[i] == '*' {
            star = Some(i);
            mark = j;
            i += 1;
        } else if let Some(s) = star {
            i = s + 1;
            mark += 1;
            j = mark;
        } else {
            return false;
        }
    }
    p[i..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryHost;
    use super::*;

    #[test]
    fn names_and_wildcards() {
        assert!(matches("ga4-*.csv", "ga4-2026.csv"));
        assert!(matches("*a*b?", "xxaybz"));
        assert!(!matches("ga4-*.csv", "ga4-2026.csv.bak"));
    }

    #[test]
    fn sorted_by_path_and_jailed() {
        let host = MemoryHost::new([("data/b.csv", ""), ("data/a.csv", ""), ("data/x/c.csv", "")]);
        assert_eq!(host.glob("data/*.csv").unwrap(), ["data/a.csv", "data/b.csv"]);
        assert_eq!(host.glob("data/**/*.csv").unwrap().len(), 3);
        assert_eq!(host.glob("../a.csv").unwrap_err().kind, Failure::Outside);
        assert_eq!(host.glob("data/none.csv").unwrap_err().kind, Failure::NotFound);
    }
}
