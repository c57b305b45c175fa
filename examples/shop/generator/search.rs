//! Search Console's `Chart.csv`, kept for longer than the sixteen months that the tool keeps it.

use super::calendar::days;
use super::catalogue::ORGANIC;
use super::mail::percent;
use super::random::Random;
use super::story;
use super::traffic::Visit;
use std::fmt::Write;

/// `search-console.csv`: as the tool writes it, without a line break at the end.
pub(super) fn file(visits: &[Visit]) -> (String, String) {
    let mut random = Random::of("pamchal search");
    let mut text = "Date,Clicks,Impressions,CTR,Position".to_owned();
    for day in days() {
        let organic = visits.iter().filter(|v| v.day == day && v.origin == ORGANIC);
        let sessions: i64 = organic.map(|v| v.sessions).sum();
        let luck = random.around(40);
        let clicks = random.rounded(sessions * 91 * luck, 100_000);
        let moved = day.within(story::RELAUNCH, story::RELAUNCH.plus(27));
        let rate = story::grown(24_500, 210, day);
        let impressions = clicks * 1_000_000 / rate * random.around(70) / 1000;
        let place = 1480 - 330 * story::progress(day) / 1000 + if moved { 210 } else { 0 };
        let place = place * random.around(60) / 1000;
        let _ = write!(
            text,
            "\n{},{clicks},{impressions},{},{}.{:02}",
            day.iso(),
            percent(clicks, impressions),
            place / 100,
            place % 100
        );
    }
    ("search-console.csv".to_owned(), text)
}
