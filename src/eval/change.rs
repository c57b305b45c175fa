//! Changes against an earlier period, over the same number of days.

use super::evaluator::{Evaluator, Key};
use super::frame::{Counted, Frame};
use super::{Change, Progress, Slice, Value, coverage};
use crate::model::{Compare, MeasureId};
use crate::time::{Date, Grain, Period};
use crate::value::{Number, Unit};

impl Evaluator<'_> {
    /// The change of a measure against the period before, or the same period a year before.
    ///
    /// A period that is not complete is compared with as many days of the other, as far as it has
    /// them (in whole grains of the coarsest source). None where there is no such period, and for
    /// a comparison around an event.
    pub fn change(
        &self,
        measure: MeasureId,
        period: Period,
        slice: &Slice,
        against: &Compare,
    ) -> Option<Change> {
        let calendar = &self.model.settings.calendar;
        let reference = match against {
            Compare::Previous => calendar.shift(period, -1),
            Compare::LastYear => calendar.year_before(period)?,
            Compare::Around(..) => return None,
        };
        let frame = self.matching(measure, period, reference);
        let id = self.slice_id(slice);
        let from = self.value_over(Key { measure, frame, slice: id });
        let whole = frame.last >= reference.end;
        let days = (!whole).then(|| coverage::days(frame.first, frame.last));
        let covered = self.window_progress(measure, frame);
        let now = self.value(measure, period, slice);
        let (absolute, relative) = match (&now, &from) {
            (Value::Known(now), Value::Known(from)) if covered.complete => {
                self.difference(measure, now, from)
            }
            _ => (None, None),
        };
        Some(Change { reference, days, from, progress: covered, absolute, relative })
    }

    /// Value minus reference, and that as a share of the reference; of percent measures there is
    /// only the first, in points.
    fn difference(
        &self,
        measure: MeasureId,
        now: &Number,
        from: &Number,
    ) -> (Option<Number>, Option<Number>) {
        let absolute = now.sub(from);
        let in_points = self.model.measure(measure).unit == Unit::Percent;
        let relative = if in_points { None } else { absolute.div(&from.abs()) };
        (Some(absolute), relative)
    }

    /// The days of a reference that match those of a period that each source has covered.
    fn matching(&self, measure: MeasureId, period: Period, reference: Period) -> Frame {
        let covered = self.common(measure).map_or(self.as_of, |(_, last)| last.min(self.as_of));
        if covered >= period.end || covered < period.start {
            return Frame::whole(reference, Counted::Past);
        }
        let grain = self.coarsest(measure);
        let passed = Frame::of(period, covered);
        if grain == Grain::Day {
            return passed.moved_to(reference);
        }
        let last = self.whole_grains_of(grain, passed, reference);
        Frame::of(reference, last)
    }

    /// The end of as many whole grains of a reference as have passed of a frame.
    pub(super) fn whole_grains_of(&self, grain: Grain, passed: Frame, reference: Period) -> Date {
        let calendar = &self.model.settings.calendar;
        let over = calendar.periods(grain, passed.first, passed.last).into_iter();
        let over = over.filter(|p| p.start >= passed.first && p.end <= passed.last).count();
        let inside = calendar.periods(grain, reference.start, reference.end).into_iter();
        let last = inside.filter(|p| p.start >= reference.start).take(over).last();
        last.map_or(reference.start.plus(-1), |p| p.end)
    }

    fn coarsest(&self, measure: MeasureId) -> Grain {
        let sources = self.model.measure(measure).sources.iter();
        sources.map(|id| self.model.source(*id).grain).max().unwrap_or(Grain::Day)
    }

    /// How much of a frame's days each source of a measure covers.
    fn window_progress(&self, measure: MeasureId, frame: Frame) -> Progress {
        let window = Period { start: frame.first, end: frame.last, ..frame.period };
        coverage::progress(window, self.common(measure), self.as_of)
    }
}
