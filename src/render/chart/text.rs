//! How wide a text is, near enough to place labels: the advance widths of a common sans serif
//! (Helvetica's, in thousandths of the size), the same on every machine.

use crate::report::isolate::{CLOSE, OPEN};

/// ASCII from the space to the tilde.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A text's width at a size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let thousandths: u64 = text.chars().map(|c| u64::from(char_width(c))).sum();
    thousandths as f64 / 1000.0 * size
}

fn char_width(c: char) -> u16 {
    match c {
        ' '..='~' => WIDTHS[c as usize - 32],
        '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | OPEN | CLOSE => 0,
        // Arabic letters are narrower than their digits, and stand close.
        '\u{66b}' | '\u{66c}' => 300,
        '\u{620}'..='\u{65f}' | '\u{66e}'..='\u{6d3}' => 500,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffdc}' | '\u{1f000}'.. => 1000,
        _ => 580,
    }
}

/// A text cut to a width, with an ellipsis where something is missing.
pub(crate) fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("\u{2026}", size);
    let mut used = 0.0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += f64::from(char_width(*c)) / 1000.0 * size;
            used <= room
        })
        .collect();
    format!("{}\u{2026}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(fit("Paid search", 12.0, 200.0), "Paid search");
        let cut = fit(&"x".repeat(10_000), 12.0, 100.0);
        assert!(cut.ends_with('\u{2026}') && width(&cut, 12.0) <= 100.0, "{cut}");
    }
}
