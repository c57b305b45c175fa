//! What differs between two states of a project's definitions: in words, and free of layout.
//!
//! Definitions are known by their kind and name, wherever they stand: one that moves to another
//! file has not changed. Comments, white space, the order of properties and the way in which a
//! number is written are no changes either.

mod compare;
mod definition;

pub use compare::{Change, Edit, What, compare};
pub use definition::{Definition, Entry, Key, Reason, definitions};

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::source::Sources;

    /// Every change as a line, and its edits below it.
    fn told(old: &str, new: &str) -> String {
        let read = |text: &str| {
            let mut sources = Sources::default();
            let id = sources.add("shop.kpi", text);
            definitions(&sources, [id])
        };
        let mut told = String::new();
        for change in compare(&read(old), &read(new)) {
            let was = change.was.map(|name| format!(" (was {name})")).unwrap_or_default();
            let _ = writeln!(told, "{} {} {:?}{was}", change.kind, change.name, change.what);
            for edit in change.edits {
                let because = edit.because.map(|b| format!(" because {}", b.text));
                let _ = writeln!(
                    told,
                    "  {}: {} -> {}{}",
                    edit.property,
                    edit.old.as_deref().unwrap_or("-"),
                    edit.new.as_deref().unwrap_or("-"),
                    because.unwrap_or_default()
                );
            }
        }
        told
    }

    const KPI: &str = "kpi rate \"Rate\" {\n  formula: a / b\n  unit: percent\n  target: 2.5% from 2026-01-01\n  owner: \"growth\"\n}\n";

    #[test]
    fn layout_comments_and_spellings_of_numbers_are_no_changes() {
        let other = "# new\nkpi rate \"Rate\" {\n owner: \"growth\" # she left\n  unit: percent\n\n  formula: a /\n    b\n  target: ۲٫۵٪ from 2026-01-01\n}\n";
        assert_eq!(told(KPI, other), "");
        assert_eq!(told("metric a = 3_500\n", "metric a = 3500\n"), "");
        assert_eq!(
            told("metric a = 10%\n", "metric a = 10\n"),
            "metric a Changed\n  formula: 10% -> 10\n"
        );
    }

    #[test]
    fn targets_are_held_against_the_one_of_the_same_members_and_day() {
        let new = KPI.replace(
            "  target: 2.5% from 2026-01-01\n",
            "  target: 2% from 2026-01-01\n  target: 3% from 2026-07-01 because method \"A/B test\"\n  target: 4% for channel email\n",
        );
        assert_eq!(
            told(KPI, &new),
            "kpi rate Changed\n  target: 2.5% from 2026-01-01 -> 2% from 2026-01-01\n  \
             target: - -> 3% from 2026-07-01 because A/B test\n  \
             target: - -> 4% for channel email\n"
        );
        let moved = KPI.replace("from 2026-01-01", "from 2026-02-01");
        assert_eq!(
            told(KPI, &moved),
            "kpi rate Changed\n  target: 2.5% from 2026-01-01 -> 2.5% from 2026-02-01\n"
        );
        let why = KPI.replace("2026-01-01", "2026-01-01 because market \"A shop closed\"");
        assert_eq!(
            told(KPI, &why),
            "kpi rate Changed\n  target: 2.5% from 2026-01-01 -> 2.5% from 2026-01-01 because A shop closed\n"
        );
    }

    #[test]
    fn a_new_name_is_no_new_definition() {
        let old = format!("metric a = sum(web.clicks)\nmetric b = 2\n{KPI}");
        let new = old.replace("metric a", "metric clicks").replace("a / b", "clicks / b");
        assert_eq!(told(&old, &new), "metric clicks Renamed (was a)\n");
        let new = new.replace("rate \"Rate\"", "ctr \"Click-through rate\"");
        assert_eq!(
            told(&old, &new),
            "metric clicks Renamed (was a)\nkpi ctr Renamed (was rate)\n  title: \"Rate\" -> \"Click-through rate\"\n"
        );
        // Two that have nothing in common are two.
        assert_eq!(
            told("metric a = sum(x.y)\n", "metric b = count(z)\n"),
            "metric a Removed\n  formula: sum(x.y) -> -\nmetric b Added\n  formula: - -> count(z)\n"
        );
        // A metric that gets a purpose is the same definition.
        assert_eq!(
            told("metric a = b\n", "kpi a {\n  formula: b\n  owner: \"x\"\n}\n"),
            "kpi a Changed\n  kind: metric -> kpi\n  owner: - -> \"x\"\n"
        );
    }

    #[test]
    fn blocks_in_blocks_and_rules_in_their_order() {
        let old = "source web {\n  csv: \"a.csv\"\n  columns {\n    visits: count\n  }\n}\nchannels m(s) {\n  a \"A\" when s == \"x\"\n  b \"B\" when s == \"y\"\n}\n";
        let new = "source web {\n  csv: \"a.csv\"\n  columns {\n    visits: number\n    day: date\n  }\n}\nchannels m(s) {\n  b \"B\" when s == \"y\"\n  a \"A\" when s == \"x\"\n}\n";
        assert_eq!(
            told(old, new),
            "source web Changed\n  columns.visits: count -> number\n  columns.day: - -> date\n\
             channels m Changed\n  order: a, b -> b, a\n"
        );
        let test = "test \"May\" {\n  in 2026-05\n  rate == 2\n}\n";
        assert_eq!(
            told(test, &test.replace("== 2", "== 3")),
            "test May Changed\n  line: rate == 2 -> rate == 3\n"
        );
    }
}
