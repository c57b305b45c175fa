//! Google Ads: clicks are the paid visits and a few more, cost is what they cost.

use super::calendar::{Day, by_year};
use super::catalogue::PAID;
use super::orders::{Status, money};
use super::random::Random;
use super::story;
use super::traffic::World;

struct Campaign {
    name: &'static str,
    kind: &'static str,
    /// Share of the clicks in thousandths, at the start and at the end of the two years.
    share: (i64, i64),
    /// Price of a click as thousandths of the average.
    price: i64,
    /// Clicks per million impressions.
    rate: i64,
    /// How often it is the one that sells.
    sells: i64,
}

const CAMPAIGNS: [Campaign; 5] = [
    campaign("Brand", "Search", (190, 180), 480, 212_000, 290),
    campaign("Textiles", "Search", (300, 250), 1120, 43_000, 260),
    campaign("Khatam and minakari", "Search", (210, 180), 1240, 38_000, 180),
    campaign("All products", "Shopping", (300, 250), 930, 11_500, 230),
    campaign("Gifts", "Performance Max", (0, 140), 1090, 8200, 70),
];
const SPRING: Campaign = campaign("Spring 2026", "Performance Max", (380, 380), 1060, 9600, 330);

const fn campaign(
    name: &'static str,
    kind: &'static str,
    share: (i64, i64),
    price: i64,
    rate: i64,
    sells: i64,
) -> Campaign {
    Campaign { name, kind, share, price, rate, sells }
}

/// What a click costs on average, in thousandths of a penny: 33p at first, 51p at last.
fn click_price(day: Day) -> i64 {
    let base = story::grown(33_000, 560, day);
    if story::black_friday(day) {
        base * 13 / 10
    } else if story::spring(day) {
        base * 106 / 100
    } else {
        base
    }
}

/// `google-ads-2024.csv` and so on, with the title and the range that Ads puts above the header.
pub(super) fn files(world: &World) -> Vec<(String, String)> {
    let lines = lines(world);
    by_year(lines.into_iter(), header)
        .into_iter()
        .map(|(year, text)| (format!("google-ads-{year}.csv"), text))
        .collect()
}

fn header(year: i64) -> String {
    let range = match year {
        2024 => "1 July 2024 - 31 December 2024",
        2025 => "1 January 2025 - 31 December 2025",
        _ => "1 January 2026 - 30 June 2026",
    };
    format!(
        "Campaign report\n{range}\n\
         Day,Campaign,Campaign type,Currency code,Impr.,Clicks,Cost,Conversions,Conv. value\n"
    )
}

fn lines(world: &World) -> Vec<(Day, String)> {
    let mut random = Random::of("pamchal ads");
    let mut lines = Vec::new();
    for day in super::calendar::days() {
        let visits = world.visits.iter().filter(|v| v.day == day && v.origin == PAID);
        let sessions: i64 = visits.map(|v| v.sessions).sum();
        // Some who click leave before Analytics has counted them.
        let luck = random.around(25);
        let clicks = random.rounded(sessions * luck * 107, 100_000);
        let running: Vec<&Campaign> =
            CAMPAIGNS.iter().chain(story::spring(day).then_some(&SPRING)).collect();
        let sales = sales(world, day, &running, &mut random);
        let weights: Vec<i64> =
            running.iter().map(|c| share(c, day) * random.around(150)).collect();
        let total: i64 = weights.iter().sum();
        for ((campaign, weight), sold) in running.iter().zip(&weights).zip(&sales) {
            let clicks = random.rounded(clicks * weight, total);
            if clicks > 0 || *sold != (0, 0) {
                lines.push((day, line(day, campaign, clicks, *sold, &mut random)));
            }
        }
    }
    lines
}

fn share(campaign: &Campaign, day: Day) -> i64 {
    let (from, to) = campaign.share;
    from + (to - from) * story::progress(day) / 1000
}

/// Conversions in hundredths and their value in pence, by campaign. Ads shares a sale between two
/// campaigns where both were clicked.
fn sales(world: &World, day: Day, running: &[&Campaign], random: &mut Random) -> Vec<(i64, i64)> {
    let weights: Vec<i64> =
        running.iter().map(|c| if share(c, day) > 20 { c.sells } else { 0 }).collect();
    let mut sold = vec![(0, 0); running.len()];
    let of_day = world.orders.iter().filter(|o| o.day == day && o.origin == PAID);
    for order in of_day.filter(|o| !matches!(o.status, Status::Cancelled | Status::Test)) {
        let first = random.weighted(&weights);
        let part = if random.happens(180_000) { 34 + random.below(33) } else { 100 };
        let second = random.weighted(&weights);
        for (campaign, part) in [(first, part), (second, 100 - part)] {
            sold[campaign].0 += part;
            sold[campaign].1 += order.amount * part / 100;
        }
    }
    sold
}

fn line(
    day: Day,
    campaign: &Campaign,
    clicks: i64,
    (conversions, value): (i64, i64),
    random: &mut Random,
) -> String {
    let impressions = (clicks * 1_000_000 / campaign.rate * random.around(180) / 1000).max(clicks);
    let price = click_price(day) * campaign.price / 1000 * random.around(90) / 1000;
    format!(
        "{},{},{},GBP,{},{},{},{},{}",
        day.iso(),
        campaign.name,
        campaign.kind,
        grouped(impressions, ""),
        grouped(clicks, ""),
        pounds(clicks * price / 1000),
        money(conversions),
        pounds(value),
    )
}

fn pounds(pence: i64) -> String {
    grouped(pence / 100, &format!(".{:02}", pence % 100))
}

/// A number as Ads writes it: `"1,234"`, in quotes for its comma.
fn grouped(number: i64, rest: &str) -> String {
    if number < 1000 {
        format!("{number}{rest}")
    } else {
        format!("\"{},{:03}{rest}\"", number / 1000, number % 1000)
    }
}
