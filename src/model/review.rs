//! When a definition is to be looked at again.

use super::Model;
use super::items::Review;
use super::measure::{Measure, MeasureId};
use crate::time::{Date, Grain};

/// How often a definition is looked at where its KPI does not say: at least every three months.
pub const ADVISED: Grain = Grain::Quarter;

/// The next review of a KPI's definition.
#[derive(Clone, Debug)]
pub struct ReviewDue<'m> {
    /// Of which KPI.
    pub measure: MeasureId,
    /// How often it is looked at.
    pub every: Grain,
    /// The last review up to the day that was asked about.
    pub last: Option<&'m Review>,
    /// The last day on which the next one is in time; none where it was never looked at, and no
    /// target says since when it is there.
    pub day: Option<Date>,
}

impl ReviewDue<'_> {
    /// Whether that day has passed. What was never looked at, and nobody knows since when it is
    /// there, is due at once, but not overdue.
    ///
    /// ```
    /// use sanjeh::model::{MeasureId, ReviewDue};
    /// use sanjeh::time::{Date, Grain};
    /// let day = Date::from_ymd(2026, 9, 30);
    /// let due = ReviewDue { measure: MeasureId(0), every: Grain::Quarter, last: None, day };
    /// assert!(!due.is_overdue(day.unwrap()));
    /// assert!(due.is_overdue(day.unwrap().plus(1)));
    /// ```
    pub fn is_overdue(&self, on: Date) -> bool {
        self.day.is_some_and(|day| day < on)
    }
}

impl Model {
    /// When the definition of a KPI is to be looked at again, as known on a day: by the end of the
    /// period after the one in which it was looked at last, or in which its earliest target began;
    /// none of a metric. Later reviews do not count.
    ///
    /// A quarterly review of 31 March is followed by one up to 30 June.
    pub fn review_due(&self, id: MeasureId, on: Date) -> Option<ReviewDue<'_>> {
        let measure: &Measure = self.measure(id);
        let purpose = measure.purpose.as_deref()?;
        let every = purpose.review.unwrap_or(ADVISED);
        let done = self.reviews.iter().filter(|r| r.measure == id && r.on <= on);
        let last = done.max_by_key(|r| r.on);
        let begun = || purpose.targets.iter().filter_map(|t| t.from).min();
        let since = last.map(|r| r.on).or_else(begun);
        let calendar = &self.settings.calendar;
        let day = since.map(|day| calendar.shift(calendar.period_of(every, day), 1).end);
        Some(ReviewDue { measure: id, every, last, day })
    }
}
