//! Writes the benchmark's data: `generate ROWS PATH [SHAPE]`, the same bytes each time.
//!
//! Fifteen columns of web traffic, about 100 bytes a row, two years of days in no order.

#![expect(clippy::disallowed_methods, reason = "a program of its own")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};

/// `SplitMix64`: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

const TRAFFIC: [(&str, &str); 12] = [
    ("google", "organic"),
    ("google", "cpc"),
    ("bing", "organic"),
    ("bing", "ppc"),
    ("(direct)", "(none)"),
    ("newsletter", "email"),
    ("newsletter-weekly", "e-mail"),
    ("facebook", "paid_social"),
    ("instagram", "social"),
    ("partner.example", "referral"),
    ("duckduckgo", "organic"),
    ("tiktok", "social"),
];
const DEVICES: [&str; 4] = ["mobile", "mobile", "desktop", "tablet"];
const COUNTRIES: [&str; 10] = ["DE", "GB", "FR", "IR", "TR", "US", "NL", "SE", "IT", "ES"];
const THEMES: [&str; 6] = ["spring_sale", "brand", "retargeting", "black_friday", "summer", "new"];
const LENGTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// How the rows are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One file.
    Plain,
    /// One file, all its cells in quotes.
    Quoted,
    /// One file with 45 more columns that nobody asks for.
    Wide,
    /// A folder of a thousand files.
    Parts,
    /// A folder of thirty-six files, one a month.
    Months,
}

impl Shape {
    fn files(self) -> usize {
        match self {
            Self::Plain | Self::Quoted | Self::Wide => 1,
            Self::Parts => 1000,
            Self::Months => 36,
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let path = arguments.next().unwrap_or_else(|| "web.csv".to_owned());
    let shape = match arguments.next().as_deref() {
        Some("quoted") => Shape::Quoted,
        Some("wide") => Shape::Wide,
        Some("parts") => Shape::Parts,
        Some("months") => Shape::Months,
        _ => Shape::Plain,
    };
    let years = if shape == Shape::Months { 3 } else { 2 };
    let mut out = Vec::new();
    for at in 0..shape.files() {
        let path = match shape {
            Shape::Parts => format!("{path}/web-{at:04}.csv"),
            Shape::Months => format!("{path}/web-{}-{:02}.csv", 2025 + at / 12, at % 12 + 1),
            _ => path.clone(),
        };
        out.push(BufWriter::with_capacity(1 << 16, File::create(path)?));
    }
    let header = "Date,Source,Medium,Campaign,Device,Country,Landing page,Visitor,Sessions,\
         Engaged sessions,Page views,Duration,Conversions,Revenue,Cost micros";
    for out in &mut out {
        write_row(out, header, shape, true)?;
    }
    let mut dice = Dice(2026);
    let mut line = String::new();
    for row in 0..rows {
        let year = 2025 + dice.below(years);
        let month = dice.below(12);
        let day = 1 + dice.below(LENGTHS[month as usize]);
        let (source, medium) = dice.one(&TRAFFIC);
        let campaign = format!("{}_{}", dice.one(&THEMES), dice.below(200));
        let device = dice.one(&DEVICES);
        let country = dice.one(&COUNTRIES);
        let (page, visitor) = (dice.below(2000), dice.below(2_000_000));
        let sessions = 1 + dice.below(9);
        let engaged = dice.below(sessions + 1);
        let views = sessions + dice.below(30);
        let duration = dice.below(600_000);
        let conversions = dice.below(3);
        let revenue = if conversions > 0 { dice.below(30_000) } else { 0 };
        let cost = dice.below(4) * 250_000;
        line.clear();
        write!(
            line,
            "{year}-{:02}-{day:02},{source},{medium},{campaign},{device},{country},/products/{page},\
             v{visitor},{sessions},{engaged},{views},{}.{:03},{conversions},{}.{:02},{cost}",
            month + 1,
            duration / 1000,
            duration % 1000,
            revenue / 100,
            revenue % 100,
        )
        .map_err(std::io::Error::other)?;
        let file = match shape {
            Shape::Parts => row * 1000 / rows,
            Shape::Months => (year - 2025) * 12 + month,
            _ => 0,
        };
        write_row(&mut out[file as usize], &line, shape, false)?;
    }
    out.iter_mut().try_for_each(Write::flush)
}

fn write_row(out: &mut impl Write, line: &str, shape: Shape, header: bool) -> std::io::Result<()> {
    match shape {
        Shape::Quoted => writeln!(out, "\"{}\"", line.replace(',', "\",\"")),
        Shape::Wide => {
            write!(out, "{line}")?;
            for at in 0..45 {
                if header {
                    write!(out, ",Extra {at}")?;
                } else {
                    write!(out, ",{}", line.len() * (at + 1))?;
                }
            }
            writeln!(out)
        }
        _ => writeln!(out, "{line}"),
    }
}
