//! The ISO forms of dates and timestamps, which need no pattern.

use super::calendar::CalendarKind;
use super::date::digits;
use super::format::{DateProblem, Moment, day};

/// Reads `2026-06-01`, alone or with a time of day and an offset.
pub(super) fn read(text: &[u8]) -> Result<Moment, DateProblem> {
    let Some((&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2], rest)) = text.split_first_chunk()
    else {
        return Err(DateProblem::Shape);
    };
    let part = |bytes: &[u8]| digits(bytes).ok_or(DateProblem::Shape);
    let (year, month, day_of_month) =
        (part(&[y1, y2, y3, y4])? as i32, part(&[m1, m2])?, part(&[d1, d2])?);
    let (seconds, offset) = match rest {
        [] => (None, None),
        [b'T' | b't' | b' ', rest @ ..] => time(rest)?,
        _ => return Err(DateProblem::Shape),
    };
    let date = day(CalendarKind::Gregorian, year, month, day_of_month)?;
    Ok(Moment { date, seconds, offset })
}

/// `12:30`, `12:30:00`, `12:30:00.250`, and what may follow.
fn time(text: &[u8]) -> Result<(Option<u32>, Option<i32>), DateProblem> {
    let Some((&[h1, h2, b':', m1, m2], mut rest)) = text.split_first_chunk() else {
        return Err(DateProblem::Shape);
    };
    let part = |bytes: &[u8]| digits(bytes).ok_or(DateProblem::Shape);
    let (hour, minute) = (part(&[h1, h2])?, part(&[m1, m2])?);
    let mut second = 0;
    if let [b':', s1, s2, after @ ..] = rest {
        second = part(&[*s1, *s2])?;
        rest = after;
        if let [b'.' | b',', after @ ..] = rest {
            let length = after.iter().take_while(|b| b.is_ascii_digit()).count();
            if length == 0 {
                return Err(DateProblem::Shape);
            }
            rest = &after[length..];
        }
    }
    let seconds = seconds_of_day(hour, minute, second).ok_or(DateProblem::Time)?;
    let offset = match rest {
        [] => None,
        b" UTC" | b" GMT" => Some(0),
        [b' ', rest @ ..] | rest => match offset(rest) {
            Some((seconds, [])) => Some(seconds),
            _ => return Err(DateProblem::Shape),
        },
    };
    Ok((Some(seconds), offset))
}

/// Seconds since midnight of a time of day.
pub(super) fn seconds_of_day(hour: u32, minute: u32, second: u32) -> Option<u32> {
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

/// An offset at the start of the text, in seconds east, and what follows it: `Z`, `+03:30`,
/// `+0330`, `+03`; at most 18 hours.
pub(super) fn offset(text: &[u8]) -> Option<(i32, &[u8])> {
    let (sign, rest) = match text {
        [b'Z' | b'z', rest @ ..] => return Some((0, rest)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = rest.split_at_checked(2)?;
    let hours = digits(hours)? as i32;
    let (minutes, rest) = match rest {
        [b':', m1, m2, rest @ ..] | [m1 @ b'0'..=b'9', m2, rest @ ..] => {
            (digits(&[*m1, *m2])?, rest)
        }
        _ => (0, rest),
    };
    let seconds = hours * 3600 + minutes as i32 * 60;
    (minutes < 60 && seconds <= 18 * 3600).then_some((sign * seconds, rest))
}
