//! The reference: rows in a list, fractions, and no cleverness.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use sanjeh::eval::table::Row as Answer;
use sanjeh::host::memory::MemoryHost;
use sanjeh::time::Date;

/// A row of one of the sources.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) day: Date,
    pub(super) channel: Option<String>,
    pub(super) device: Option<String>,
    pub(super) who: Option<String>,
    pub(super) x: Option<BigRational>,
    x_text: String,
    pub(super) w: Option<BigRational>,
}

impl Row {
    fn text(&self) -> String {
        let plain_text = |t: &Option<String>| t.clone().unwrap_or_default();
        let w = self.w.as_ref().map_or(String::new(), |w| plain(w, false));
        [
            self.day.to_string(),
            plain_text(&self.channel),
            plain_text(&self.device),
            plain_text(&self.who),
            self.x_text.clone(),
            w,
        ]
        .join(",")
    }

    fn member(&self, dimension: &str) -> Option<String> {
        match dimension {
            "channel" => self.channel.clone(),
            "device" => self.device.clone(),
            "weekday" => Some(((self.day.days() + 3).rem_euclid(7) + 1).to_string()),
            other => panic!("no dimension {other}"),
        }
    }
}

/// Both sources.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) web: Vec<Row>,
    pub(super) shop: Vec<Row>,
}

impl Data {
    /// From the middle of November 2025 to early February 2026; the shop ends earlier.
    pub(super) fn random(random: &mut Random) -> Self {
        let first = Date::parse_iso("2025-11-14").unwrap();
        let web = (0..150).map(|_| row(random, first, 84)).collect();
        let shop = (0..40).map(|_| row(random, first.plus(6), 60)).collect();
        Self { web, shop }
    }

    pub(super) fn host(&self, spec: &str) -> MemoryHost {
        let (web, shop) = (csv(&self.web), csv(&self.shop));
        MemoryHost::new([
            ("main.kpi", spec),
            ("web.csv", web.as_str()),
            ("shop.csv", shop.as_str()),
        ])
    }

    pub(super) fn shuffled(&self, random: &mut Random) -> Self {
        let mut copy = self.clone();
        for rows in [&mut copy.web, &mut copy.shop] {
            for at in (1..rows.len()).rev() {
                rows.swap(at, random.below(at as u64 + 1) as usize);
            }
        }
        copy
    }

    /// The same rows in several files.
    pub(super) fn split_host(&self, spec: &str, random: &mut Random) -> MemoryHost {
        let mut files = vec![("main.kpi".to_owned(), spec.to_owned())];
        for (name, rows) in [("web", &self.web), ("shop", &self.shop)] {
            let at = random.below(rows.len() as u64) as usize;
            let next = at + random.below((rows.len() - at) as u64 + 1) as usize;
            for (i, part) in [&rows[..at], &rows[at..next], &rows[next..]].into_iter().enumerate() {
                files.push((format!("{name}-{i}.csv"), csv(part)));
            }
        }
        MemoryHost::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str())))
    }
}

fn row(random: &mut Random, first: Date, days: u64) -> Row {
    let day = first.plus(random.below(days) as i32);
    let channel = random.of(&["seo", "paid", "email", ""]);
    let device = random.of(&["mobile", "mobile", "desktop", "tablet"]);
    let who = random.of(&["ann", "bob", "cyd", "dan", "eve", "fay", ""]);
    let x_text = match random.below(8) {
        0 => String::new(),
        1 => "0".to_owned(),
        2 => format!("-{}.5", random.below(9)),
        3 => format!("{}.{:03}", random.below(20), random.below(1000)),
        _ => format!("{}.{}", random.below(12), random.below(10)),
    };
    let x = (!x_text.is_empty()).then(|| rational(&x_text));
    let w = (random.below(6) > 0).then(|| BigRational::from(BigInt::from(random.below(5))));
    let given = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    Row { day, channel: given(channel), device: given(device), who: given(who), x, x_text, w }
}

fn csv(rows: &[Row]) -> String {
    let mut text = "day,channel,device,who,x,w\n".to_owned();
    for row in rows {
        text.push_str(&row.text());
        text.push('\n');
    }
    text
}

/// What an answer's value should be; of `spread` the variance.
pub(super) fn value(data: &Data, row: &Answer, as_of: Option<Date>) -> Option<BigRational> {
    let last = |rows: &[Row]| rows.iter().map(|r| r.day).max().unwrap();
    let as_of = as_of.unwrap_or_else(|| last(&data.web).max(last(&data.shop)));
    let of = |name: &str| one(data, name, row, as_of);
    match row.kpi.as_str() {
        "rate" => of("orders").zip(of("rows")).and_then(|(a, b)| (!b.is_zero()).then(|| a / b)),
        "both" => of("total").zip(of("revenue")).map(|(a, b)| a + b),
        "safe" => of("total").map(|a| a + of("revenue").unwrap_or_else(BigRational::zero)),
        name => of(name),
    }
}

fn one(data: &Data, name: &str, asked: &Answer, as_of: Date) -> Option<BigRational> {
    let in_shop = matches!(name, "orders" | "revenue" | "cheap");
    let source = if in_shop { &data.shop } else { &data.web };
    let source: Vec<&Row> = source.iter().filter(|r| r.day <= as_of).collect();
    let (start, end) =
        (Date::parse_iso(&asked.start).unwrap(), Date::parse_iso(&asked.end).unwrap().min(as_of));
    // Not covered: before the first row, after the last one (of a log after the as-of date).
    let first = source.iter().map(|r| r.day).min()?;
    let last = if in_shop { source.iter().map(|r| r.day).max()? } else { as_of };
    if end < first || start > last || start > end {
        return None;
    }
    let filtered = |r: &Row| match name {
        "mobile" => r.device.as_deref() == Some("mobile"),
        "cheap" => {
            let small = r.x.as_ref().is_some_and(|x| *x < rational("5"));
            small && r.device.as_deref() != Some("mobile")
        }
        _ => true,
    };
    let here: Vec<&Row> = source
        .into_iter()
        .filter(|r| start <= r.day && r.day <= end && filtered(r))
        .filter(|r| asked.by.iter().all(|(dimension, member)| r.member(dimension) == *member))
        .collect();
    if here.is_empty() {
        let counted = ["rows", "given", "total", "people", "mobile"].contains(&name);
        return counted.then(BigRational::zero);
    }
    over(name, &here)
}

fn over(name: &str, rows: &[&Row]) -> Option<BigRational> {
    let count = |n: usize| BigRational::from(BigInt::from(n));
    let mut xs: Vec<BigRational> = rows.iter().filter_map(|r| r.x.clone()).collect();
    xs.sort();
    let n = xs.len();
    let sum = || xs.iter().cloned().sum::<BigRational>();
    match name {
        "rows" | "orders" => Some(count(rows.len())),
        "given" => Some(count(n)),
        "people" => {
            let mut who: Vec<&String> = rows.iter().filter_map(|r| r.who.as_ref()).collect();
            who.sort();
            who.dedup();
            Some(count(who.len()))
        }
        "heavy" => {
            let both = rows.iter().filter_map(|r| r.x.clone().zip(r.w.clone()));
            let weights = both.clone().map(|(_, w)| w).sum::<BigRational>();
            let all = both.map(|(x, w)| x * w).sum::<BigRational>();
            (!weights.is_zero()).then(|| all / weights)
        }
        _ if n == 0 => None,
        "total" | "mobile" | "revenue" | "cheap" => Some(sum()),
        "mean" => Some(sum() / count(n)),
        "least" => xs.first().cloned(),
        "most" => xs.last().cloned(),
        "middle" => Some(ranked(&xs, &rational("0.5"))),
        "ninety" => Some(ranked(&xs, &rational("0.9"))),
        "spread" => {
            let mean = sum() / count(n);
            let squares = xs.iter().map(|x| (x - &mean) * (x - &mean)).sum::<BigRational>();
            (n > 1).then(|| squares / count(n - 1))
        }
        "earliest" | "latest" => {
            let days = || rows.iter().filter(|r| r.x.is_some()).map(|r| r.day);
            let day = if name == "latest" { days().max() } else { days().min() };
            Some(rows.iter().filter(|r| Some(r.day) == day).filter_map(|r| r.x.clone()).sum())
        }
        other => panic!("no metric {other}"),
    }
}

/// R-7 by its definition: h = (n - 1) p, x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h]).
fn ranked(xs: &[BigRational], p: &BigRational) -> BigRational {
    let h = BigRational::from(BigInt::from(xs.len() - 1)) * p;
    let floor = h.floor();
    let at: usize = floor.to_integer().to_string().parse().unwrap();
    match xs.get(at + 1) {
        Some(next) => &xs[at] + (h - floor) * (next - &xs[at]),
        None => xs[at].clone(),
    }
}

/// A decimal text as a fraction.
pub(super) fn rational(text: &str) -> BigRational {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{places}").parse().unwrap();
    BigRational::new(digits, BigInt::from(10).pow(places.len() as u32))
}

/// As the command line prints it: exact, or a quotient with 18 significant digits, half to even.
pub(super) fn plain(value: &BigRational, quotient: bool) -> String {
    let negative = *value < BigRational::zero();
    let size = if negative { -value } else { value.clone() };
    // Places until the value ends, or until it has 18 digits from the first that is not 0.
    let ten = BigRational::from(BigInt::from(10));
    let mut places = 0u32;
    if quotient && !size.is_zero() {
        let mut lead = size.clone();
        let mut exponent = 0i32;
        while lead >= ten {
            lead /= &ten;
            exponent += 1;
        }
        while lead < BigRational::one() {
            lead *= &ten;
            exponent -= 1;
        }
        places = u32::try_from(17 - exponent).unwrap();
    } else {
        let mut rest = size.clone();
        while !rest.is_integer() {
            rest *= &ten;
            places += 1;
        }
    }
    let scaled = &size * BigRational::from(BigInt::from(10).pow(places));
    let floor = scaled.floor();
    let rest = &scaled - &floor;
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    let mut digits = floor.to_integer();
    let odd = &digits % BigInt::from(2) == BigInt::from(1);
    if rest > half || rest == half && odd {
        digits += 1;
    }
    let text = digits.to_string();
    let text = format!("{text:0>width$}", width = places as usize + 1);
    let (whole, fraction) = text.split_at(text.len() - places as usize);
    let fraction = fraction.trim_end_matches('0');
    let sign = if negative && !(whole == "0" && fraction.is_empty()) { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Numbers that look random and are the same every time (xorshift).
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len() as u64) as usize]
    }
}
