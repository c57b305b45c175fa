//! Visits and the orders that come of them; writes the Analytics export.

use super::calendar::{Day, by_year, days};
use super::catalogue::{COUNTRIES, DEVICES, LETTER, ORGANIC, ORIGINS, PAID};
use super::orders::{Book, Order};
use super::random::Random;
use super::{mail, story};

/// A row of the Analytics export. Indexes are those of the catalogue.
pub(super) struct Visit {
    pub(super) day: Day,
    pub(super) origin: usize,
    device: usize,
    country: usize,
    pub(super) sessions: i64,
    engaged: i64,
    purchases: i64,
    carts: i64,
}

/// All that happened.
pub(super) struct World {
    pub(super) visits: Vec<Visit>,
    pub(super) orders: Vec<Order>,
}

/// Draws the two years.
pub(super) fn draw() -> World {
    let mut random = Random::of("pamchal traffic");
    let mut book = Book::new();
    let mut visits = Vec::new();
    for day in days() {
        let weather = random.around(110);
        for (origin, about) in ORIGINS.iter().enumerate() {
            let expected = expected(day, origin) * weather / 1000 * random.around(120) / 1000;
            for device in 0..DEVICES.len() {
                for country in 0..COUNTRIES.len() {
                    let share = about.devices[device] * about.countries[country];
                    let noisy = expected * share / 1_000_000 * random.around(260) / 1000;
                    let sessions = random.rounded(noisy, 1000);
                    if sessions > 0 {
                        let cell = Cell { day, origin, device, country, sessions };
                        visits.push(visit(&cell, &mut random, &mut book));
                    }
                }
            }
        }
        book.close(day);
    }
    World { visits, orders: book.into_orders() }
}

/// Thousandths of visits that an origin brings on a day.
fn expected(day: Day, origin: usize) -> i64 {
    let about = &ORIGINS[origin];
    let visits = story::grown(about.visits * 1000, about.growth, day);
    let push = match origin {
        LETTER => mail::pull(day),
        PAID if story::spring(day) => 1600,
        PAID if story::black_friday(day) => 1150,
        // Moving to new addresses cost some places for a month.
        ORGANIC if day.within(story::RELAUNCH, story::RELAUNCH.plus(27)) => 880,
        _ => 1000,
    };
    visits * story::demand(day) / 1000 * push / 1000
}

struct Cell {
    day: Day,
    origin: usize,
    device: usize,
    country: usize,
    sessions: i64,
}

fn visit(cell: &Cell, random: &mut Random, book: &mut Book) -> Visit {
    let &Cell { day, origin, device, country, sessions } = cell;
    let about = &ORIGINS[origin];
    let likely = about.conversion * DEVICES[device].1 / 1000 * COUNTRIES[country].1 / 1000;
    let buying = likely * story::readiness(day) / 1000;
    let bought = random.successes(sessions, buying);
    let mut purchases = 0;
    for _ in 0..bought {
        book.sell(day, origin, country);
        // One in twenty does not consent to being counted.
        purchases += i64::from(random.happens(950_000));
    }
    let failing = if story::outage(day) { likely * 6 / 10 } else { likely * 25 / 1000 };
    for _ in 0..random.successes(sessions, failing) {
        book.fail(day, origin, country);
    }
    let mobile = if device == 1 { -35 } else { 20 };
    let engaged = about.engaged + mobile + story::engagement(day);
    let carts = likely * 32 / 10 * if day < story::RELAUNCH { 100 } else { 112 } / 100;
    Visit {
        day,
        origin,
        device,
        country,
        sessions,
        engaged: random.successes(sessions, engaged * 1000).max(purchases),
        purchases,
        carts: purchases + random.successes(sessions - purchases, carts),
    }
}

/// `ga4-traffic-2024.csv` and so on. Analytics renamed a column in between.
pub(super) fn files(visits: &[Visit]) -> Vec<(String, String)> {
    let lines = visits.iter().map(|v| (v.day, line(v)));
    by_year(lines, header)
        .into_iter()
        .map(|(year, text)| (format!("ga4-traffic-{year}.csv"), text))
        .collect()
}

fn header(year: i64) -> String {
    let purchases = if year < 2026 { "Conversions" } else { "Key events" };
    format!(
        "Date,Session source,Session medium,Device category,Country,Sessions,Engaged sessions,\
         {purchases},Add to carts\n"
    )
}

fn line(visit: &Visit) -> String {
    let about = &ORIGINS[visit.origin];
    format!(
        "{},{},{},{},{},{},{},{},{}",
        visit.day.compact(),
        about.source,
        about.medium,
        DEVICES[visit.device].0,
        COUNTRIES[visit.country].0,
        visit.sessions,
        visit.engaged,
        visit.purchases,
        visit.carts
    )
}
