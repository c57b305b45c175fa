//! A shop in Tehran, Farvardin 1403 to Khordad 1405: orders as they are kept by hand in a sheet,
//! with Persian digits, and the exports of tools, with Latin ones.

#[allow(clippy::duplicate_mod, reason = "the tests hold the generators of both shops")]
#[path = "../../shop/generator/random.rs"]
mod random;
mod solar;

use std::fmt::Write as _;

use random::Random;
use solar::{Day, FIRST, LAST};

/// What a file begins with that a spreadsheet is to read as UTF-8.
const MARK: &str = "\u{feff}";

/// Where visits come from: source, medium, how many of a thousand, how many of a million buy.
const ORIGINS: [(&str, &str, i64, i64); 8] = [
    ("google", "organic", 330, 21_000),
    ("(direct)", "(none)", 210, 26_000),
    ("instagram", "social", 190, 9_000),
    ("yektanet", "cpc", 150, 19_000),
    ("telegram", "social", 70, 11_000),
    ("torob", "referral", 50, 30_000),
    ("sms", "sms", 20, 52_000),
    ("bing", "organic", 10, 17_000),
];
const CITIES: [(&str, i64); 6] =
    [("تهران", 44), ("مشهد", 15), ("اصفهان", 13), ("شیراز", 11), ("تبریز", 9), ("کرج", 8)];
/// Kinds of goods: price in thousands of tomans, cost in hundredths of it, how often.
const GOODS: [(&str, i64, i64, i64); 5] = [
    ("گلیم", 4_900, 58, 18),
    ("سفال", 850, 41, 34),
    ("مس", 1_250, 52, 22),
    ("خاتم", 2_150, 47, 16),
    ("شیشه", 620, 39, 10),
];

/// The files by name.
pub(crate) fn files() -> Vec<(String, String)> {
    let mut visits = format!("{MARK}تاریخ,منبع,رسانه,نشست,نشست درگیر\n");
    let header = "تاریخ,شماره سفارش,کد مشتری,شهر,دسته,مبلغ (تومان),بهای کالا,منبع,رسانه,وضعیت\n";
    let mut orders: Vec<(i64, String)> = Vec::new();
    let mut draw = Drawn::new();
    for day in FIRST.to(LAST) {
        let (year, ..) = day.date();
        if orders.last().is_none_or(|(of, _)| *of != year) {
            orders.push((year, format!("{MARK}{header}")));
        }
        let mut lines = Vec::new();
        for (at, origin) in ORIGINS.iter().enumerate() {
            draw.visits_of(day, at, *origin, &mut visits, &mut lines);
        }
        // A sheet is filled in as the orders come, not by where they come from.
        for at in (1..lines.len()).rev() {
            lines.swap(at, draw.order.index(at + 1));
        }
        for line in lines {
            draw.number += 1;
            let line = line.replacen('#', &format!("P{:05}", draw.number), 1);
            if let Some((_, text)) = orders.last_mut() {
                text.push_str(&line);
            }
        }
    }
    let mut files: Vec<(String, String)> =
        orders.into_iter().map(|(year, text)| (format!("سفارش-{year}.csv"), text)).collect();
    files.push(("بازدید.csv".to_owned(), visits));
    files.push(("تبلیغات.csv".to_owned(), advertising()));
    files.push(("پیامک.csv".to_owned(), messages()));
    files.push(("شبکه.csv".to_owned(), followers()));
    files.push(("برنامه.csv".to_owned(), plan()));
    files.push(("آزمون.csv".to_owned(), experiment()));
    files
}

/// How much is going on, in thousandths of an ordinary day of 1403.
fn season(day: Day) -> i64 {
    let (year, month, of_month) = day.date();
    let growth = 1000 + (day.since(FIRST) * 420) / 365;
    let year_part = match (month, of_month) {
        // Nobody orders in the first days of the year; the weeks before it are the best ones.
        (1, 1..=5) => 260,
        (1, 6..=13) => 520,
        (12, 1..=10) => 1350,
        (12, 11..=26) => 1800,
        (12, _) => 900,
        // The longest night of the year.
        (9, 18..=30) => 1500,
        (5 | 6, _) => 860,
        _ => 1000,
    };
    // Friday is the day of rest.
    let week_part = match day.weekday() {
        6 => 620,
        5 => 860,
        0 | 1 => 1120,
        _ => 1000,
    };
    // The sale of Khordad 1405.
    let sale =
        if (year, month) == (1405, 3) && (10..=16).contains(&of_month) { 1450 } else { 1000 };
    growth * year_part / 1000 * week_part / 1000 * sale / 1000
}

/// The streams of what is drawn, and what is counted on the way.
struct Drawn {
    visits: Random,
    order: Random,
    customers: i64,
    number: i64,
}

impl Drawn {
    fn new() -> Self {
        Self { visits: Random::of("visits"), order: Random::of("orders"), customers: 0, number: 0 }
    }

    fn visits_of(
        &mut self,
        day: Day,
        at: usize,
        (source, medium, share, buyers): (&str, &str, i64, i64),
        visits: &mut String,
        lines: &mut Vec<String>,
    ) {
        let (year, month, of_month) = day.date();
        // Letters go out on two days a month; between them few come from them.
        let sent = medium == "sms" && (of_month == 8 || of_month == 22);
        let share = match (medium, source) {
            ("sms", _) if sent => 240,
            ("sms", _) => 8,
            // Filtering made the network weaker in the autumn of 1404.
            ("social", "instagram") if (1404, 8) <= (year, month) => share * 78 / 100,
            ("organic", _) => share * (1000 + day.since(FIRST) / 4) / 1000,
            _ => share,
        };
        let around = self.visits.around(180);
        let count = self.visits.rounded(210 * share * season(day) / 1000 * around / 1000, 1000);
        if count == 0 {
            return;
        }
        let base = if medium == "cpc" { 470_000 } else { 590_000 };
        // The new page of purchase is easier to read.
        let is_new = (year, month, of_month) >= (1405, 2, 15);
        let engaged = self.visits.successes(count, base + if is_new { 60_000 } else { 0 });
        let _ = writeln!(visits, "{},{source},{medium},{count},{engaged}", day.latin());
        let buyers = if is_new { buyers * 124 / 100 } else { buyers };
        for _ in 0..self.order.successes(count, buyers) {
            lines.push(self.order_line(day, at));
        }
    }

    fn order_line(&mut self, day: Day, at: usize) -> String {
        let (source, medium, ..) = ORIGINS[at];
        let (year, month, of_month) = day.date();
        // Three of eight orders come from somebody who has bought before.
        let again = self.customers > 40 && self.order.happens(380_000);
        let customer = if again {
            self.customers - self.order.below(self.customers.min(900))
        } else {
            self.customers += 1;
            self.customers
        };
        let (city, _) = CITIES[self.order.weighted(&CITIES.map(|c| c.1))];
        let (kind, price, cost, _) = GOODS[self.order.weighted(&GOODS.map(|g| g.3))];
        let pieces = [1, 1, 1, 1, 2, 3][self.order.index(6)];
        // Prices follow those of the market.
        let dearer = 1000 + day.since(FIRST) * 560 / 822;
        let sale = (year, month) == (1405, 3) && (10..=16).contains(&of_month);
        let thousands = price * pieces * dearer / 1000 * if sale { 88 } else { 100 } / 100;
        let amount = thousands / 10 * 10_000;
        let goods =
            price * pieces * (1000 + day.since(FIRST) * 610 / 822) / 1000 * cost / 100 * 1000;
        let state = match self.order.below(100) {
            0..=3 => "لغوشده",
            4..=6 => "مرجوعی",
            _ => "تحویل‌شده",
        };
        format!(
            "{},#,M{customer:04},{city},{kind},{},{},{source},{medium},{state}\n",
            day.persian(),
            solar::amount(amount),
            solar::amount(goods),
        )
    }
}

fn advertising() -> String {
    let mut text = format!("{MARK}تاریخ,نام کمپین,نمایش,کلیک,نرخ کلیک (CTR٪),بهای کل\n");
    let mut random = Random::of("ads");
    for day in FIRST.to(LAST) {
        for (campaign, share, rate) in
            [("همیشگی", 600, 9_400), ("محصول تازه", 260, 12_600), ("بازگشت", 140, 21_000)]
        {
            let around = random.around(220);
            let shown = 3_400 * share / 1000 * season(day) / 1000 * around / 1000;
            let clicks = random.successes(shown, rate);
            // Clicks become dearer, in tomans faster than anything else.
            let each = 9_000 + day.since(FIRST) * 8 + random.below(1_200);
            let rate = format!("{}.{:02}%", clicks * 100 / shown, clicks * 10_000 / shown % 100);
            let _ = writeln!(
                text,
                "{},{campaign},{shown},{clicks},{rate},{}",
                day.latin(),
                clicks * each
            );
        }
    }
    text
}

fn messages() -> String {
    let mut text = format!("{MARK}تاریخ,پیام,فرستاده,رسیده,کلیک,لغو عضویت\n");
    let mut random = Random::of("messages");
    let mut number = 0;
    for day in FIRST.to(LAST) {
        let (_, month, of_month) = day.date();
        if of_month != 8 && of_month != 22 {
            continue;
        }
        number += 1;
        let sent = 1_900 + day.since(FIRST) * 3;
        let arrived = random.successes(sent, 954_000);
        let clicks = random.successes(arrived, if month == 12 { 61_000 } else { 43_000 });
        let left = random.successes(arrived, 3_900);
        let _ = writeln!(text, "{},پیام {number},{sent},{arrived},{clicks},{left}", day.persian());
    }
    text
}

fn followers() -> String {
    let mut text = format!("{MARK}روز,شبکه,دنبال‌کننده\n");
    let mut random = Random::of("followers");
    let (mut instagram, mut telegram) = (11_200, 4_100);
    for day in FIRST.to(LAST) {
        let (year, month, of_month) = day.date();
        instagram += if (1404, 8) <= (year, month) { random.below(9) } else { random.below(24) };
        telegram += random.below(16);
        if [7, 14, 21, 29].contains(&of_month) {
            for (network, count) in [("اینستاگرام", instagram), ("تلگرام", telegram)]
            {
                let _ = writeln!(text, "{},{network},{}", day.persian(), solar::amount(count));
            }
        }
    }
    text
}

/// The plan of sales, a row a month.
fn plan() -> String {
    let mut text = format!("{MARK}ماه,مبلغ (تومان)\n");
    for (year, base) in [(1404, 640), (1405, 1_180)] {
        let parts = [70, 96, 100, 104, 92, 92, 104, 108, 128, 112, 116, 158];
        for (month, part) in (1..).zip(parts) {
            let amount = base * part / 100 * 1_000_000;
            let first = Day::of(year, month, 1);
            let _ = writeln!(text, "{},{}", first.persian(), solar::amount(amount));
        }
    }
    text
}

/// Two pages of purchase side by side for a month.
fn experiment() -> String {
    let mut text = format!("{MARK}تاریخ,نسخه,نشست,خرید\n");
    let mut random = Random::of("experiment");
    for day in Day::of(1405, 3, 1).to(LAST) {
        for (variant, rate) in [("مانند پیش", 19_000), ("بالای صفحه", 25_500)] {
            let sessions = 205 * season(day) / 1940 * random.around(90) / 1000;
            let bought = random.successes(sessions, rate);
            let _ = writeln!(text, "{},{variant},{sessions},{bought}", day.latin());
        }
    }
    text
}
