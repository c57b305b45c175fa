//! What a dimension's name means in a source.

use crate::model::{ColumnId, ColumnType, MeasureId, Model, Source, SourceId};
use crate::time::Grain;

/// Where a dimension's members come from in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// A column.
    Column(ColumnId),
    /// `weekday`, 1 (Monday) to 7: derived from the day when it is evaluated.
    Weekday,
    /// `hour`: derived from the column of the row's moment.
    Hour(ColumnId),
}

/// The dimension of a name as compared in a source; none where it has no such dimension.
///
/// A column of that name goes before a derived one. Rows that stand for more than a day have no
/// weekday.
pub fn dimension(source: &Source, name: &str) -> Option<Dimension> {
    if let Some(id) = source.column(name) {
        return Some(Dimension::Column(id));
    }
    let date = source.date?;
    match name {
        "weekday" if source.grain == Grain::Day && source.range.is_none() => {
            Some(Dimension::Weekday)
        }
        "hour" if source.columns[date.0 as usize].ty == ColumnType::Timestamp => {
            Some(Dimension::Hour(date))
        }
        _ => None,
    }
}

/// The first source of a measure that lacks one of the dimensions, with that dimension: a
/// breakdown by it is the user's mistake.
pub fn lacking<'d>(
    model: &Model,
    measure: MeasureId,
    dimensions: &'d [String],
) -> Option<(SourceId, &'d str)> {
    let sources = &model.measure(measure).sources;
    dimensions.iter().find_map(|name| {
        let without = sources.iter().find(|id| dimension(model.source(**id), name).is_none());
        without.map(|id| (*id, name.as_str()))
    })
}
