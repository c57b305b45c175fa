//! The words of a report: one file a language, so that another language is another file.
//!
//! A [`Words`] holds how a language writes numbers, what it calls months, the labels that
//! templates print (`words.scorecard`) and the sentences that the report is told in. Sentences
//! are patterns with `{names}`; where a number decides, there is one pattern for one and one for
//! the others.

mod de;
mod en;
mod fa;
mod tr;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::isolate::isolated;

/// All that a language brings.
#[derive(Debug)]
pub struct Words {
    /// `en`
    pub tag: &'static str,
    /// `ltr` or `rtl`
    pub direction: &'static str,
    /// The typeface that pages carry with them, where readers may lack a good one.
    pub font: Option<&'static Font>,
    /// How numbers are written.
    pub numerals: Numerals,
    /// How amounts of money are written.
    pub money: Money,
    /// Gregorian months, long and short.
    pub gregorian: [(&'static str, &'static str); 12],
    /// Solar Hijri months, long and short.
    pub persian: [(&'static str, &'static str); 12],
    /// Days of the week from Monday, long and short.
    pub weekdays: [(&'static str, &'static str); 7],
    /// What templates print, by name.
    labels: &'static [(&'static str, &'static str)],
    /// Sentences: name, pattern for one, pattern for others.
    sentences: &'static [(&'static str, &'static str, &'static str)],
    /// Whether a number takes the pattern for one.
    is_one: fn(u64) -> bool,
    /// How the name of a thing is written inside a sentence.
    inside: fn(&str) -> String,
}

/// A typeface that comes with the program.
#[derive(Debug)]
pub struct Font {
    /// Its family, as style sheets call it.
    pub family: &'static str,
    /// Of whom it is, and under which licence it may be passed on.
    pub notice: &'static str,
    /// The file, a WOFF2 of variable weight.
    pub bytes: &'static [u8],
    /// Which characters it is for.
    pub range: &'static str,
}

/// How a language writes numbers.
#[derive(Debug)]
pub struct Numerals {
    /// From nought to nine.
    pub digits: [char; 10],
    /// Between thousands.
    pub group: &'static str,
    /// Before the fraction.
    pub decimal: &'static str,
    /// Before negative numbers.
    pub minus: &'static str,
    /// Before a rise.
    pub plus: &'static str,
    /// Before and behind the number of a share.
    pub percent: (&'static str, &'static str),
}

/// How a language writes amounts of money. A currency in neither list has its code behind.
#[derive(Debug)]
pub struct Money {
    /// Codes of currencies, and what stands before a number of each.
    pub before: &'static [(&'static str, &'static str)],
    /// Codes of currencies, and what stands behind a number of each, with its space.
    pub behind: &'static [(&'static str, &'static str)],
}

/// A sentence with one form for every number.
const fn all(
    name: &'static str,
    pattern: &'static str,
) -> (&'static str, &'static str, &'static str) {
    (name, pattern, pattern)
}

/// The languages there are.
static ALL: [&Words; 4] = [&en::WORDS, &de::WORDS, &fa::WORDS, &tr::WORDS];

/// The words of a language tag; of `en-GB` those of `en`. None where nobody has written them yet.
///
/// ```
/// use sanjeh::report::words;
/// assert_eq!(words::of("en-GB").unwrap().label("target"), "Target");
/// ```
pub fn of(tag: &str) -> Option<&'static Words> {
    let language = tag.split(['-', '_']).next().unwrap_or(tag);
    ALL.into_iter().find(|w| w.tag.eq_ignore_ascii_case(language))
}

/// How numbers are written under a language tag: as the language does, or in Latin digits where the
/// tag says so (`fa-u-nu-latn`, of BCP 47). English numbers where nobody knows the language.
///
/// ```
/// use sanjeh::report::words;
/// assert_eq!(words::numerals_of("fa").digits[5], '۵');
/// assert_eq!(words::numerals_of("fa-u-nu-latn").digits[5], '5');
/// ```
pub fn numerals_of(tag: &str) -> &'static Numerals {
    let own = of(tag).map_or(&en::WORDS.numerals, |words| &words.numerals);
    let latin = tag.to_ascii_lowercase().contains("-u-nu-latn");
    if latin && own.digits[0] != '0' { &fa::LATIN } else { own }
}

/// The tags of the languages there are.
pub fn tags() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|w| w.tag)
}

impl Words {
    /// A label.
    ///
    /// # Panics
    /// Where there is none of that name: a bug of ours, which a test finds.
    pub fn label(&self, name: &str) -> &'static str {
        let found = self.labels.iter().find(|(n, _)| *n == name);
        found.map_or_else(|| panic!("no label `{name}` in `{}`", self.tag), |(_, text)| text)
    }

    /// All labels, for templates.
    pub fn labels(&self) -> BTreeMap<&'static str, &'static str> {
        self.labels.iter().copied().collect()
    }

    /// The name of a dimension inside a sentence: in small letters where the language writes names of
    /// things so.
    ///
    /// ```
    /// use sanjeh::report::words;
    /// assert_eq!(words::of("en").unwrap().inside("Channel"), "channel");
    /// assert_eq!(words::of("de").unwrap().inside("Kanal"), "Kanal");
    /// assert_eq!(words::of("tr").unwrap().inside("Iğdır"), "ığdır");
    /// ```
    pub fn inside(&self, text: &str) -> String {
        (self.inside)(text)
    }

    /// A sentence with its names filled in.
    ///
    /// # Panics
    /// Where there is none of that name: a bug of ours, which a test finds.
    pub fn say(&self, name: &str, values: &[(&str, &str)]) -> String {
        self.say_of(name, 2, values)
    }

    /// A sentence whose form hangs on a number.
    ///
    /// # Panics
    /// Where there is none of that name: a bug of ours, which a test finds.
    pub fn say_of(&self, name: &str, count: u64, values: &[(&str, &str)]) -> String {
        let Some((_, one, other)) = self.sentences.iter().find(|(n, _, _)| *n == name) else {
            panic!("no sentence `{name}` in `{}`", self.tag)
        };
        let pattern = if (self.is_one)(count) { one } else { other };
        fill(pattern, values, self.direction == "rtl")
    }
}

/// Puts values in the place of `{names}`, each by itself where `apart` says so; values are never
/// looked into.
fn fill(pattern: &str, values: &[(&str, &str)], apart: bool) -> String {
    let mut text = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = behind.split_once('}') else { break };
        let value = values.iter().find(|(n, _)| *n == name);
        let value = value.map_or_else(|| panic!("no value for `{name}` in {pattern:?}"), |v| v.1);
        text.push_str(&if apart { isolated(value) } else { Cow::Borrowed(value) });
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::isolate::{CLOSE, OPEN};

    #[test]
    fn values_are_not_looked_into() {
        assert_eq!(fill("{a}: {b}.", &[("a", "{b}"), ("b", "2")], false), "{b}: 2.");
    }

    #[test]
    fn values_stand_apart_from_right_to_left() {
        let text = fill("نرخ {a} {b}؛", &[("a", "CTR"), ("b", "۳٫۱٪")], true);
        assert_eq!(text, format!("نرخ {OPEN}CTR{CLOSE} {OPEN}۳٫۱٪{CLOSE}؛"));
    }

    /// The names in braces, each once.
    fn names_in(pattern: &str) -> std::collections::BTreeSet<&str> {
        pattern.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0)).collect()
    }

    #[test]
    fn languages_say_the_same() {
        let english = ALL[0];
        for words in ALL {
            let labels = |w: &Words| w.labels.iter().map(|l| l.0).collect::<Vec<_>>();
            let sentences = |w: &Words| w.sentences.iter().map(|s| s.0).collect::<Vec<_>>();
            let lacks = |all: Vec<&'static str>, own: Vec<&'static str>| {
                all.into_iter().filter(|n| !own.contains(n)).collect::<Vec<_>>()
            };
            for (one, other) in [(english, words), (words, english)] {
                let missing = lacks(labels(one), labels(other));
                assert!(missing.is_empty(), "`{}` has no label for {missing:?}", other.tag);
                let missing = lacks(sentences(one), sentences(other));
                assert!(missing.is_empty(), "`{}` has no sentence for {missing:?}", other.tag);
            }
            assert!(words.labels.iter().all(|l| !l.1.is_empty()), "`{}`", words.tag);
            for (name, one, other) in words.sentences {
                let known = english.sentences.iter().find(|s| s.0 == *name).unwrap();
                assert_eq!(names_in(other), names_in(known.2), "`{name}` in `{}`", words.tag);
                let spare = names_in(one).difference(&names_in(known.2)).count();
                assert_eq!(spare, 0, "`{name}` for one in `{}`", words.tag);
            }
        }
    }

    #[test]
    fn persian_is_written_with_persian_letters() {
        let all = fa::WORDS.labels.iter().map(|l| l.1);
        for text in all.chain(fa::WORDS.sentences.iter().flat_map(|s| [s.1, s.2])) {
            let foreign = text.chars().find(|c| "يك٠١٢٣٤٥٦٧٨٩%,;?".contains(*c));
            assert_eq!(foreign, None, "{text}");
        }
    }

    #[test]
    fn names_are_unique() {
        for words in ALL {
            let mut names: Vec<&str> = words.labels.iter().map(|l| l.0).collect();
            names.extend(words.sentences.iter().map(|s| s.0));
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "a name is there twice in `{}`", words.tag);
        }
    }
}
