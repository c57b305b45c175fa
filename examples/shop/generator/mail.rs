//! The weekly letter, as Mailchimp reports it.

use super::calendar::{Day, FIRST, days};
use super::random::Random;
use super::story;
use std::fmt::Write;

/// What the letters are about, in turn.
const THEMES: [&str; 10] = [
    "From the khatam workshop",
    "New this week: textiles",
    "Saffron, and what to cook with it",
    "Made in Isfahan",
    "A table for six",
    "Presents under 40 pounds",
    "How a gabbeh is knotted",
    "The colours of minakari",
    "Back in stock",
    "Tea, the long way",
];

/// The title of what is sent on a day, if anything is.
fn sent(day: Day) -> Option<String> {
    let (year, month, of_month) = day.date();
    let special = match (month, of_month) {
        (11, _) if day.weekday() == 4 && story::black_friday(day) => "Black Friday",
        (12, _) if day.weekday() == 0 && story::black_friday(day) => "Cyber Monday",
        (12, 12) => "Last posting days",
        (3, 9) => "Nowruz presents",
        (3, 16) => "Nowruz: order by tomorrow",
        (4, 7) if year == 2026 => "Spring: ten per cent off",
        (4, 20) if year == 2026 => "Spring: the last week",
        _ if day.weekday() == 3 => {
            let week = usize::try_from(day.since(FIRST) / 7).unwrap_or(0);
            return Some(format!("Letter {}: {}", week + 1, THEMES[week % THEMES.len()]));
        }
        _ => return None,
    };
    Some(format!("{special} {year}"))
}

/// How strongly the letters of these days pull visitors, in thousandths of the average.
pub(super) fn pull(day: Day) -> i64 {
    if sent(day).is_some() {
        2900
    } else if sent(day.plus(-1)).is_some() {
        1300
    } else {
        540
    }
}

/// `mailchimp-campaigns.csv`
pub(super) fn file() -> (String, String) {
    let mut random = Random::of("pamchal mail");
    let mut text = "Title,Send Date,Send Weekday,Total Recipients,Successful Deliveries,\
                    Total Bounces,Unique Opens,Open Rate,Unique Clicks,Click Rate,Unsubscribes,\
                    Abuse Complaints,Unique Id\n"
        .to_owned();
    for day in days() {
        if let Some(title) = sent(day) {
            text.push_str(&line(day, &title, &mut random));
            text.push('\n');
        }
    }
    ("mailchimp-campaigns.csv".to_owned(), text)
}

fn line(day: Day, title: &str, random: &mut Random) -> String {
    let recipients = story::grown(5240, 790, day) * random.around(6) / 1000;
    let luck = random.around(200);
    let bounced = random.rounded(recipients * 13 * luck, 1_000_000);
    let delivered = recipients - bounced;
    let open_share = 392 - 38 * story::progress(day) / 1000;
    let opens = delivered * open_share / 1000 * random.around(90) / 1000;
    let click_share = if day < story::RELAUNCH { 43 } else { 46 };
    let sale = if story::discount(day) > 0 { 1350 } else { 1000 };
    let clicks = delivered * click_share * sale / 1_000_000 * random.around(160) / 1000;
    // Two letters in a week tire people.
    let often = if day.weekday() == 3 { 1000 } else { 1300 };
    let leaving = story::grown(1750, 1420, day) * often / 1000;
    let luck = random.around(220);
    let left = random.rounded(delivered * leaving / 1000 * luck, 1_000_000);
    let complaints = random.rounded(delivered * 8, 100_000);
    let (hour, minute) = (9, 10 + random.below(50));
    let mut id = String::new();
    for _ in 0..5 {
        let _ = write!(id, "{:02x}", random.below(256));
    }
    format!(
        "{},\"{} {hour:02}:{minute:02} am\",{},{recipients},{delivered},{bounced},{opens},{},\
         {clicks},{},{left},{complaints},{id}",
        if title.contains(',') { format!("\"{title}\"") } else { title.to_owned() },
        day.american(),
        day.weekday_name(),
        percent(opens, delivered),
        percent(clicks, delivered),
    )
}

/// A share as the exports write it: `37.41%`.
pub(super) fn percent(part: i64, whole: i64) -> String {
    let hundredths = (part * 20_000 / whole + 1) / 2;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
