//! Lists of words in a sentence.

/// "`a`, `b` and `c`"
pub(super) fn all_of(words: &[&str]) -> String {
    joined(words.iter().map(|w| format!("`{w}`")).collect(), "and")
}

/// "`a`, `b` or `c`"
pub(super) fn one_of(words: &[&str]) -> String {
    joined(words.iter().map(|w| format!("`{w}`")).collect(), "or")
}

/// "a value, `(` or the end of the line": phrases as they are.
pub(super) fn any_of(phrases: &[&str]) -> String {
    joined(phrases.iter().map(|p| (*p).to_owned()).collect(), "or")
}

fn joined(mut parts: Vec<String>, word: &str) -> String {
    match parts.pop() {
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} {word} {last}", parts.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_two_and_three() {
        assert_eq!(all_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b"]), "`a` or `b`");
        assert_eq!(any_of(&["a name", "`(`", "a text"]), "a name, `(` or a text");
        assert_eq!(all_of(&[]), "");
    }
}
