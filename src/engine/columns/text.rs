//! Values as the cells of a CSV file.

use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};

use crate::time::Date;

use super::Form;

/// The days that are written as dates; what lies outside is no date that is read.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;

/// What a column of this type holds, where it is nothing that one cell can say.
pub(super) fn foreign(kind: &DataType) -> Option<&'static str> {
    match kind {
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..) => Some("lists"),
        DataType::Map(..) => Some("maps"),
        DataType::Struct(_) => Some("records"),
        DataType::Union(..) => Some("values of several types"),
        DataType::Interval(_) => Some("spans of the calendar"),
        DataType::RunEndEncoded(..) => Some("runs of values"),
        DataType::FixedSizeBinary(size) if *size != 16 => Some("bytes"),
        DataType::Dictionary(_, values) => foreign(values),
        _ => None,
    }
}

/// Writes a value; nothing where it is null. An error is a value that no cell can say.
pub(super) fn write(
    array: &dyn Array,
    row: usize,
    form: Form,
    decimal: char,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    if array.is_null(row) {
        return Ok(());
    }
    let start = out.len();
    match array.data_type() {
        DataType::Null => {}
        DataType::Boolean => {
            out.extend_from_slice(if array.as_boolean().value(row) { b"true" } else { b"false" });
        }
        DataType::Int8 => print(out, primitive::<Int8Type>(array, row)),
        DataType::Int16 => print(out, primitive::<Int16Type>(array, row)),
        DataType::Int32 => print(out, primitive::<Int32Type>(array, row)),
        DataType::Int64 => print(out, primitive::<Int64Type>(array, row)),
        DataType::UInt8 => print(out, primitive::<UInt8Type>(array, row)),
        DataType::UInt16 => print(out, primitive::<UInt16Type>(array, row)),
        DataType::UInt32 => print(out, primitive::<UInt32Type>(array, row)),
        DataType::UInt64 => print(out, primitive::<UInt64Type>(array, row)),
        // The shortest text that is this number and no other one, never with an exponent.
        DataType::Float16 => print(out, primitive::<Float16Type>(array, row).to_f32()),
        DataType::Float32 => print(out, primitive::<Float32Type>(array, row)),
        DataType::Float64 => print(out, primitive::<Float64Type>(array, row)),
        DataType::Decimal32(_, scale) => fixed::<Decimal32Type>(array, row, *scale, out),
        DataType::Decimal64(_, scale) => fixed::<Decimal64Type>(array, row, *scale, out),
        DataType::Decimal128(_, scale) => fixed::<Decimal128Type>(array, row, *scale, out),
        DataType::Decimal256(_, scale) => fixed::<Decimal256Type>(array, row, *scale, out),
        DataType::Utf8 => quote(array.as_string::<i32>().value(row), out),
        DataType::LargeUtf8 => quote(array.as_string::<i64>().value(row), out),
        DataType::Utf8View => quote(array.as_string_view().value(row), out),
        DataType::Binary => bytes(array.as_binary::<i32>().value(row), out)?,
        DataType::LargeBinary => bytes(array.as_binary::<i64>().value(row), out)?,
        DataType::BinaryView => bytes(array.as_binary_view().value(row), out)?,
        DataType::FixedSizeBinary(_) => uuid(array.as_fixed_size_binary().value(row), out),
        DataType::Date32 => day(i64::from(primitive::<Date32Type>(array, row)), out),
        DataType::Date64 => day(primitive::<Date64Type>(array, row).div_euclid(86_400_000), out),
        DataType::Time32(_) | DataType::Time64(_) => {
            let (seconds, nanos) = clock(array, row);
            time(seconds, nanos, out);
        }
        DataType::Duration(_) => {
            let (seconds, nanos) = clock(array, row);
            duration(seconds, nanos, out);
        }
        DataType::Timestamp(_, zone) => {
            let (seconds, nanos) = clock(array, row);
            let of_day = seconds.rem_euclid(86_400);
            day(seconds.div_euclid(86_400), out);
            if form != Form::Day || of_day != 0 || nanos != 0 || zone.is_some() {
                out.push(b'T');
                time(of_day, nanos, out);
            }
            // With a zone, what is held is the moment itself.
            if zone.is_some() {
                out.push(b'Z');
            }
        }
        other => return Err(format!("a value of type {other} is no cell")),
    }
    if form == Form::Value && decimal != '.' && has_point(array.data_type()) {
        localise(out, start, decimal);
    }
    Ok(())
}

/// Whether a value of this type may have a decimal point.
fn has_point(kind: &DataType) -> bool {
    let is_time = matches!(kind, DataType::Duration(_) | DataType::Time32(_) | DataType::Time64(_));
    kind.is_floating() || kind.is_decimal() || is_time
}

/// Puts the source's decimal sign where the point is.
fn localise(out: &mut Vec<u8>, start: usize, decimal: char) {
    if let Some(point) = out[start..].iter().position(|b| *b == b'.') {
        let rest = out.split_off(start + point + 1);
        out.pop();
        let mut sign = [0; 4];
        let sign = decimal.encode_utf8(&mut sign);
        // A comma would end the cell.
        out.insert(start, b'"');
        out.extend_from_slice(sign.as_bytes());
        out.extend_from_slice(&rest);
        out.push(b'"');
    }
}

fn primitive<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

fn print(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to memory does not fail.
    let _ = write!(out, "{value}");
}

fn fixed<T: DecimalType>(array: &dyn Array, row: usize, scale: i8, out: &mut Vec<u8>) {
    // At its greatest precision the type knows no other text of the number.
    let text = T::format_decimal(primitive::<T>(array, row), T::MAX_PRECISION, scale);
    out.extend_from_slice(text.as_bytes());
}

/// A text in quotes, so that it is one cell and an empty one is not null.
pub(super) fn quote(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for (nth, part) in text.split('"').enumerate() {
        if nth > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// Bytes that some writers leave unmarked although they are a text.
fn bytes(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "bytes are no text".to_owned())?;
    quote(text, out);
    Ok(())
}

/// Sixteen bytes are an identifier.
fn uuid(bytes: &[u8], out: &mut Vec<u8>) {
    for (nth, byte) in bytes.iter().enumerate() {
        if matches!(nth, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        let _ = write!(out, "{byte:02x}");
    }
}

/// Whole seconds and nanoseconds of a time, a duration or a moment.
fn clock(array: &dyn Array, row: usize) -> (i64, u32) {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let (value, per_second) = match array.data_type() {
        DataType::Time32(Second) => (i64::from(primitive::<Time32SecondType>(array, row)), 1),
        DataType::Time32(_) => (i64::from(primitive::<Time32MillisecondType>(array, row)), 1000),
        DataType::Time64(Microsecond) => {
            (primitive::<Time64MicrosecondType>(array, row), 1_000_000)
        }
        DataType::Time64(_) => (primitive::<Time64NanosecondType>(array, row), 1_000_000_000),
        DataType::Duration(Second) => (primitive::<DurationSecondType>(array, row), 1),
        DataType::Duration(Millisecond) => (primitive::<DurationMillisecondType>(array, row), 1000),
        DataType::Duration(Microsecond) => {
            (primitive::<DurationMicrosecondType>(array, row), 1_000_000)
        }
        DataType::Duration(Nanosecond) => {
            (primitive::<DurationNanosecondType>(array, row), 1_000_000_000)
        }
        DataType::Timestamp(Second, _) => (primitive::<TimestampSecondType>(array, row), 1),
        DataType::Timestamp(Millisecond, _) => {
            (primitive::<TimestampMillisecondType>(array, row), 1000)
        }
        DataType::Timestamp(Microsecond, _) => {
            (primitive::<TimestampMicrosecondType>(array, row), 1_000_000)
        }
        _ => (primitive::<TimestampNanosecondType>(array, row), 1_000_000_000),
    };
    let rest = value.rem_euclid(per_second) * (1_000_000_000 / per_second);
    // A remainder of less than a second fits.
    (value.div_euclid(per_second), u32::try_from(rest).unwrap_or_default())
}

fn day(days: i64, out: &mut Vec<u8>) {
    match i32::try_from(days) {
        Ok(near) if DAYS.contains(&days) => print(out, Date::from_days(near)),
        // No date that anyone reads, and told as such.
        _ => print(out, format_args!("day {days} after 1970-01-01")),
    }
}

fn time(seconds: i64, nanos: u32, out: &mut Vec<u8>) {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    print(out, format_args!("{hours:02}:{minutes:02}:{:02}", seconds % 60));
    fraction(nanos, out);
}

fn duration(seconds: i64, nanos: u32, out: &mut Vec<u8>) {
    // -0.25 s is held as -1 s and 0.75 s.
    let (sign, seconds, nanos) = match (seconds < 0, nanos) {
        (true, 0) => ("-", -seconds, 0),
        (true, _) => ("-", -seconds - 1, 1_000_000_000 - nanos),
        (false, _) => ("", seconds, nanos),
    };
    print(out, format_args!("{sign}{seconds}"));
    fraction(nanos, out);
    out.push(b's');
}

fn fraction(nanos: u32, out: &mut Vec<u8>) {
    if nanos > 0 {
        let digits = format!("{nanos:09}");
        out.push(b'.');
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{
        BinaryArray, Date32Array, Decimal256Array, FixedSizeBinaryArray, Float32Array,
        Float64Array, Time64MicrosecondArray, TimestampMillisecondArray, UInt64Array,
    };

    use super::*;

    type Wide = <Decimal256Type as ArrowPrimitiveType>::Native;

    fn cells(array: &dyn Array, form: Form) -> Vec<String> {
        let cell = |row| {
            let mut out = Vec::new();
            match write(array, row, form, ',', &mut out) {
                Ok(()) => String::from_utf8(out).unwrap(),
                Err(why) => format!("error: {why}"),
            }
        };
        (0..array.len()).map(cell).collect()
    }

    #[test]
    fn numbers_are_written_whole_and_exact() {
        assert_eq!(
            cells(&UInt64Array::from(vec![u64::MAX]), Form::Value),
            ["18446744073709551615"]
        );
        let floats = Float64Array::from(vec![0.1, 1e21, -2.5e-7, f64::NAN]);
        let expected = ["0.1", "1000000000000000000000", "-0.00000025", "NaN"];
        assert_eq!(cells(&floats, Form::Text), expected);
        assert_eq!(
            cells(&Float32Array::from(vec![0.1, 16_777_216.0]), Form::Text),
            ["0.1", "16777216"]
        );
        let wide =
            Decimal256Array::from(vec![Some(Wide::from(-5)), Some(Wide::from(12_345)), None]);
        let wide = wide.with_precision_and_scale(70, 3).unwrap();
        assert_eq!(cells(&wide, Form::Value), ["\"-0,005\"", "\"12,345\"", ""]);
        assert_eq!(cells(&wide, Form::Text), ["-0.005", "12.345", ""]);
    }

    #[test]
    fn days_and_moments() {
        let days = Date32Array::from(vec![0, -719_162, 2_932_896, i32::MAX]);
        let expected =
            ["1970-01-01", "0001-01-01", "9999-12-31", "day 2147483647 after 1970-01-01"];
        assert_eq!(cells(&days, Form::Value), expected);
        let moments = TimestampMillisecondArray::from(vec![0, -1, 86_400_000]);
        let expected = ["1970-01-01T00:00:00", "1969-12-31T23:59:59.999", "1970-01-02T00:00:00"];
        assert_eq!(cells(&moments, Form::Value), expected);
        let expected = ["1970-01-01", "1969-12-31T23:59:59.999", "1970-01-02"];
        assert_eq!(cells(&moments, Form::Day), expected);
        let zoned = moments.with_timezone("Asia/Tehran");
        assert_eq!(cells(&zoned, Form::Day)[0], "1970-01-01T00:00:00Z");
        let times = Time64MicrosecondArray::from(vec![3_661_000_000, 1_500_000]);
        assert_eq!(cells(&times, Form::Text), ["01:01:01", "00:00:01.5"]);
    }

    #[test]
    fn bytes_are_texts_or_identifiers_or_nothing() {
        let bytes = BinaryArray::from(vec![&b"a\"b"[..], b"", b"\xff"]);
        let expected = ["\"a\"\"b\"", "\"\"", "error: bytes are no text"];
        assert_eq!(cells(&bytes, Form::Text), expected);
        let ids = FixedSizeBinaryArray::try_from_iter([(0..16).collect::<Vec<u8>>()].iter());
        let expected = ["00010203-0405-0607-0809-0a0b0c0d0e0f"];
        assert_eq!(cells(&ids.unwrap(), Form::Text), expected);
    }
}
