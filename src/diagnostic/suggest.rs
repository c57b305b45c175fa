//! "Did you mean": the nearest of the known names.

/// The candidate nearest to `word`, if one is near enough to be meant.
///
/// Near enough is a distance (insertions, deletions, replacements, swaps of neighbours) of at
/// most a third of the word's length, and of one for words of three characters. Of two as near,
/// the one that sorts first is given, so that the answer never depends on an order of hashing.
///
/// ```
/// use sanjeh::diagnostic::nearest;
/// assert_eq!(nearest("taregt", ["title", "target"]), Some("target"));
/// assert_eq!(nearest("xyz", ["title", "target"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = word.to_lowercase();
    let length = lower.chars().count();
    let limit = (length / 3).max(usize::from(length >= 3));
    candidates
        .into_iter()
        .filter(|c| *c != word)
        .map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, c)| c)
}
