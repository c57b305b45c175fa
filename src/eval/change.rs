//! Changes against an earlier period, over the same number of days.

use super::evaluator::{Evaluator, Key};
use super::frame::{Counted, Frame, Place};
use super::{Change, Progress, Slice, Value, coverage};
use crate::model::{Compare, MeasureId, SourceId};
use crate::time::{Grain, Period};
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
        let days = (!frame.is_whole()).then(|| coverage::days(reference.start, frame.last()));
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
        let sources = &self.model.measure(measure).sources;
        self.aligned(sources, Frame::of(period, self.as_of), reference)
    }

    /// A frame moved to another period: over as many days of it as have passed of the first, and
    /// as each of the sources has covered, in whole grains of the coarsest one.
    pub(super) fn aligned(&self, sources: &[SourceId], frame: Frame, other: Period) -> Frame {
        let covered = self.common_of(sources).map(|(_, last)| last);
        let here = frame.place == Place::Here && frame.rows == Counted::Past;
        let covered = covered.filter(|last| here && *last >= frame.period.start);
        let frame = covered.map_or(frame, |last| frame.until(last));
        let grain = sources.iter().map(|id| self.model.source(*id).grain).max();
        frame.moved_to(self.model.settings.calendar, other, grain.unwrap_or(Grain::Day))
    }

    /// How much of a frame's days each source of a measure covers.
    fn window_progress(&self, measure: MeasureId, frame: Frame) -> Progress {
        let window = Period { end: frame.last(), ..frame.period };
        self.progress(measure, window)
    }
}
