//! The reference: rows in lists, whole numbers, a loop for each question.

#![allow(clippy::cast_possible_wrap, reason = "small numbers")]
#![allow(clippy::option_option, reason = "no member is another thing than the member of no value")]

use std::collections::{BTreeMap, BTreeSet};

use sanjeh::time::Date;

/// A deterministic source of numbers (`SplitMix64`).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn maybe(&mut self, limit: usize) -> Option<i64> {
        (self.below(6) > 0).then(|| self.below(limit) as i64)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// People under the spellings that one key has; the last ones are nobody.
const PEOPLE: [&[&str]; 9] = [
    &["علي", "علی"],
    &["007"],
    &["7"],
    &["a\u{200F}b", "ab"],
    &["Ann"],
    &["ann"],
    &["cafe\u{301}", "café"],
    &["\"x,y\""],
    &["nobody"],
];
const COUNTRIES: [&str; 5] = ["GB", "IE", "XX", "FR", ""];
const REGIONS: [(&str, &str); 2] = [("GB", "near"), ("FR", "far")];

struct Order {
    day: Date,
    /// The person, and which spelling.
    who: Option<(usize, usize)>,
    amount: Option<i64>,
}

/// All rows.
pub(super) struct World {
    orders: Vec<Order>,
    /// Country and weight of each person that there is.
    customers: BTreeMap<usize, (&'static str, Option<i64>)>,
    prices: BTreeMap<Date, Option<i64>>,
    days: Vec<Date>,
    /// Of each key, a cell a day.
    wide: Vec<Vec<Option<i64>>>,
    months: BTreeMap<&'static str, Vec<Option<i64>>>,
}

impl World {
    pub(super) fn random(dice: &mut Dice) -> Self {
        let first = Date::parse_iso("2026-01-20").unwrap();
        let day = |dice: &mut Dice, most: usize| first.plus(dice.below(most) as i32);
        let orders = (0..60).map(|_| Order {
            day: day(dice, 80),
            who: (dice.below(8) > 0).then(|| {
                let who = dice.below(PEOPLE.len());
                (who, dice.below(PEOPLE[who].len()))
            }),
            amount: dice.maybe(50),
        });
        let orders = orders.collect();
        let mut customers = BTreeMap::new();
        for who in 0..PEOPLE.len() - 1 {
            if dice.below(4) > 0 {
                customers.insert(who, (COUNTRIES[dice.below(5)], dice.maybe(9)));
            }
        }
        let prices = (0..6).map(|_| (day(dice, 80), dice.maybe(9))).collect();
        let days: BTreeSet<Date> = (0..30).map(|_| day(dice, 80)).collect();
        let mut days: Vec<Date> = days.into_iter().collect();
        dice.shuffle(&mut days);
        let wide = (0..4).map(|_| days.iter().map(|_| dice.maybe(30)).collect()).collect();
        let mut months = BTreeMap::new();
        for month in ["2026-01", "2026-02", "2026-03"] {
            if dice.below(4) > 0 || month == "2026-02" {
                months.insert(month, (0..3).map(|_| dice.maybe(30)).collect());
            }
        }
        Self { orders, customers, prices, days, wide, months }
    }

    /// The files: the rows of each source in random order, in so many parts.
    pub(super) fn files(&self, dice: &mut Dice, parts: usize) -> Vec<(String, String)> {
        let cell = |n: &Option<i64>| n.map_or(String::new(), |n| n.to_string());
        let mut all = Vec::new();
        let orders = self.orders.iter().map(|o| {
            let who = o.who.map_or("", |(who, spelling)| PEOPLE[who][spelling]);
            format!("{},{who},{}", o.day, cell(&o.amount))
        });
        spread(&mut all, "orders", "day,who,amount", orders.collect(), dice, parts);
        let customers = self.customers.iter().map(|(who, (country, weight))| {
            format!("{country},{},{}", PEOPLE[*who][0], cell(weight))
        });
        let mut customers: Vec<String> = customers.collect();
        customers.push("GB,,5".to_owned());
        customers.push("GB,,6".to_owned());
        spread(&mut all, "customers", "country,id,weight", customers, dice, parts);
        let prices = self.prices.iter().map(|(day, price)| format!("{day},{}", cell(price)));
        spread(&mut all, "prices", "day,price", prices.collect(), dice, parts);
        let regions: Vec<String> = REGIONS.iter().map(|(c, r)| format!("{c},{r}\n")).collect();
        all.push(("regions.csv".to_owned(), format!("country,region\n{}", regions.concat())));
        let days: Vec<String> = self.days.iter().map(Date::to_string).collect();
        let wide = self.wide.iter().enumerate().map(|(key, cells)| {
            let cells: Vec<String> = cells.iter().map(cell).collect();
            format!("k{key},{}", cells.join(","))
        });
        let header = format!("key,{}", days.join(","));
        spread(&mut all, "wide", &header, wide.collect(), dice, parts);
        for (month, cells) in &self.months {
            let rows: Vec<String> = cells.iter().map(|x| format!("{},\n", cell(x))).collect();
            all.push((format!("months-{month}.csv"), format!("x,y\n{}", rows.concat())));
        }
        all
    }

    /// The person's country and weight, where the looked-up source keeps the row.
    fn customer(&self, order: &Order) -> Option<(&'static str, Option<i64>)> {
        let (who, _) = order.who?;
        self.customers.get(&who).copied().filter(|(country, _)| *country != "XX")
    }

    /// What a metric is in a month; with a member, of the orders of that country.
    pub(super) fn value(
        &self,
        name: &str,
        month: &str,
        member: Option<Option<&str>>,
    ) -> Option<i64> {
        let within = |day: &Date| day.to_string().starts_with(month);
        let country = |o: &Order| self.customer(o).map(|(c, _)| c).filter(|c| !c.is_empty());
        let orders = self.orders.iter().filter(|o| within(&o.day));
        let orders: Vec<&Order> =
            orders.filter(|o| member.is_none_or(|m| country(o) == m)).collect();
        let sum = |of: &dyn Fn(&Order) -> Option<i64>| {
            let values: Vec<i64> = orders.iter().filter_map(|o| of(o)).collect();
            (!values.is_empty()).then(|| values.iter().sum())
        };
        let count = |of: &dyn Fn(&Order) -> bool| {
            let count = orders.iter().filter(|o| of(o)).count() as i64;
            (count > 0).then_some(count)
        };
        let region = |o: &Order| country(o).and_then(|c| REGIONS.iter().find(|(k, _)| *k == c));
        let cells = || {
            let all = self.wide.iter().flat_map(|row| self.days.iter().zip(row));
            all.filter(|(day, _)| within(day)).map(|(_, cell)| *cell).collect::<Vec<_>>()
        };
        match name {
            "sales" => sum(&|o| o.amount),
            "home" => sum(&|o| o.amount.filter(|_| country(o) == Some("GB"))),
            "far" => count(&|o| region(o).is_some_and(|(_, r)| *r == "far")),
            "worth" => sum(&|o| {
                let (_, price) = self.prices.range(..=o.day).next_back()?;
                Some(o.amount? * (*price)?)
            }),
            "weighted" => sum(&|o| Some(o.amount? * self.customer(o)?.1?)),
            "found" => count(&|o| self.customer(o).is_some()),
            "countries" => {
                let all: BTreeSet<&str> = orders.iter().filter_map(|o| country(o)).collect();
                (!orders.is_empty()).then_some(all.len() as i64)
            }
            "volume" => {
                let all: Vec<i64> = cells().into_iter().flatten().collect();
                (!all.is_empty()).then(|| all.iter().sum())
            }
            "filled" => {
                let all = cells();
                (!all.is_empty()).then(|| all.iter().flatten().count() as i64)
            }
            "monthly" => {
                let all: Vec<i64> = self.months.get(month)?.iter().flatten().copied().collect();
                (!all.is_empty()).then(|| all.iter().sum())
            }
            other => panic!("no metric {other}"),
        }
    }
}

fn spread(
    all: &mut Vec<(String, String)>,
    name: &str,
    header: &str,
    mut rows: Vec<String>,
    dice: &mut Dice,
    parts: usize,
) {
    dice.shuffle(&mut rows);
    let mut files = vec![format!("{header}\n"); parts];
    for row in rows {
        let file = &mut files[dice.below(parts)];
        file.push_str(&row);
        file.push('\n');
    }
    let named = files.into_iter().enumerate();
    all.extend(named.map(|(at, text)| (format!("{name}-{at}.csv"), text)));
}
