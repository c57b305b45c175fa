//! Calendars worked out anew: lists of months from a known day on, and nothing shared with the
//! program but the numbers of days.

use sanjeh::time::Grain;

/// The days of a project's periods, by lists.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// The first days of months, each with the number of the month.
    months: Vec<(i32, u32)>,
    /// The day on which weeks begin, from 1, Monday.
    pub(super) week: i32,
    /// The month in which years begin.
    pub(super) fiscal: u32,
}

/// 1 January 2020, and 1 Farvardin 1399, in days since 1970.
const JANUARY: i32 = 18_262;
const FARVARDIN: i32 = 18_341;

impl Clock {
    /// 2020 to 2030.
    pub(super) fn gregorian(week: i32, fiscal: u32) -> Self {
        let length = |year: i32, month: u32| match month {
            2 if [2020, 2024, 2028].contains(&year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        Self { months: months(JANUARY, 2020, length), week, fiscal }
    }

    /// 1399 to 1409.
    pub(super) fn persian(week: i32, fiscal: u32) -> Self {
        let length = |year: i32, month: u32| match month {
            1..=6 => 31,
            12 if ![1399, 1403, 1408].contains(&year) => 29,
            _ => 30,
        };
        Self { months: months(FARVARDIN, 1399, length), week, fiscal }
    }

    /// The first and last days of the periods of a grain, in order.
    pub(super) fn periods(&self, grain: Grain) -> Vec<(i32, i32)> {
        let (first, end) = (self.months[0].0, self.months.last().unwrap().0);
        let every = |n: usize| -> Vec<i32> {
            let at = self.months.iter().position(|(_, m)| *m == self.fiscal).unwrap();
            self.months[at % n..].iter().step_by(n).map(|(day, _)| *day).collect()
        };
        let starts: Vec<i32> = match grain {
            Grain::Day => (first..=end).collect(),
            // 1970-01-01 was a Thursday.
            Grain::Week => {
                (first..=end).filter(|d| (d + 3).rem_euclid(7) + 1 == self.week).collect()
            }
            Grain::Month => every(1),
            Grain::Quarter => every(3),
            Grain::Year => every(12),
        };
        starts.windows(2).map(|pair| (pair[0], pair[1] - 1)).collect()
    }

    /// Month and day of the month.
    pub(super) fn month_and_day(&self, day: i32) -> (usize, i32) {
        let at = self.months.iter().rposition(|(start, _)| *start <= day).unwrap();
        (at, day - self.months[at].0)
    }

    /// The day of a month, by its place in the list; none past its end.
    pub(super) fn day_of(&self, month: usize, day: i32) -> Option<i32> {
        let found = self.months[month].0 + day;
        (found < self.months[month + 1].0).then_some(found)
    }
}

fn months(first: i32, year: i32, length: impl Fn(i32, u32) -> i32) -> Vec<(i32, u32)> {
    let mut day = first;
    let mut all = Vec::new();
    for year in year..=year + 10 {
        for month in 1..=12 {
            all.push((day, month));
            day += length(year, month);
        }
    }
    all
}
