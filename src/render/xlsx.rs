//! A report as a workbook: numbers as numbers, in the formats of their units, for those who count
//! on. Exact decimals become doubles, as spreadsheets have no others.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Style, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use crate::report::isolate::{CLOSE, OPEN};
use crate::report::tree::{ChangeText, Document, Quantity, ScoreRow, TargetLevel};
use crate::report::words::Words;
use crate::value::Currency;

/// The longest text of a cell, below the 32,767 characters that are allowed.
const LONGEST: usize = 32_000;

/// The bytes of a workbook: the scorecard, the values over time, the breakdowns, the sources.
pub(super) fn workbook(document: &Document, words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day of the data, not of the clock: the same report has the same bytes.
    let mut day = document.as_of.raw.splitn(3, '-').map(str::parse::<u16>);
    let mut part = || day.next().and_then(Result::ok).unwrap_or(1);
    let (year, month, of_month) = (part(), part(), part());
    let created = ExcelDateTime::from_ymd(year, month.min(12) as u8, of_month.min(31) as u8)?;
    let properties = DocProperties::new().set_creation_datetime(&created);
    book.set_properties(&properties.set_title(plain(&document.title)));
    let mut sheet = |name: &str, fill: &dyn Fn(&mut Page) -> Result<(), XlsxError>| {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(words.label(name)))?;
        sheet.set_right_to_left(words.direction == "rtl");
        sheet.set_freeze_panes(1, 1)?;
        fill(&mut Page { sheet, row: 0 })
    };
    sheet("scorecard", &|page| scorecard(document, words, page))?;
    sheet("trend", &|page| trends(document, words, page))?;
    sheet("breakdown", &|page| breakdowns(document, words, page))?;
    sheet("sources", &|page| sources(document, words, page))?;
    book.save_to_buffer()
}

/// A sheet that is written from the top.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
}

/// What a cell holds.
enum Cell<'a> {
    Text(&'a str),
    Number(f64, Style),
    Empty,
}

impl Page<'_> {
    /// The head of the table: titles, and how wide the columns are.
    fn head(&mut self, titles: &[(&str, u16)]) -> Result<(), XlsxError> {
        let style = Style::new().set_bold().set_border_bottom(FormatBorder::Thin);
        for (column, (title, width)) in (0_u16..).zip(titles) {
            self.sheet.write_string_with_format(self.row, column, plain(title), &style)?;
            self.sheet.set_column_width(column, *width)?;
        }
        self.row += 1;
        Ok(())
    }

    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    self.sheet.write_string(self.row, column, plain(text))?;
                }
                Cell::Number(number, style) => {
                    self.sheet.write_number_with_format(self.row, column, *number, style)?;
                }
                Cell::Empty => {}
            }
        }
        self.row += 1;
        Ok(())
    }

    fn filtered(&mut self, columns: u16) -> Result<(), XlsxError> {
        let last = self.row.saturating_sub(1).max(1);
        self.sheet.autofilter(0, 0, last, columns - 1)?;
        Ok(())
    }
}

fn scorecard(document: &Document, words: &Words, page: &mut Page) -> Result<(), XlsxError> {
    let mut head = vec![
        (words.label("kpi"), 34),
        (words.label("section"), 22),
        (words.label("period"), 18),
        (words.label("value"), 16),
        (words.label("target"), 16),
        (words.label("attainment"), 12),
        (words.label("status"), 16),
    ];
    head.extend(document.comparisons.iter().map(|c| (c.heading.as_str(), 16)));
    head.push((words.label("owner"), 20));
    page.head(&head)?;
    for section in &document.sections {
        for row in &section.rows {
            page.line(&score_cells(&section.title, row))?;
        }
    }
    page.filtered(head.len() as u16)
}

fn score_cells<'r>(section: &'r str, row: &'r ScoreRow) -> Vec<Cell<'r>> {
    let mut cells = vec![
        Cell::Text(&row.title),
        Cell::Text(section),
        Cell::Text(&row.period.text),
        quantity(&row.value),
        level(row.target.as_ref(), &row.value.unit),
        row.attainment.as_ref().map_or(Cell::Empty, quantity),
        Cell::Text(&row.status.word),
    ];
    cells.extend(row.changes.iter().map(change));
    cells.push(row.owner.as_deref().map_or(Cell::Empty, Cell::Text));
    cells
}

fn trends(document: &Document, words: &Words, page: &mut Page) -> Result<(), XlsxError> {
    let head = ["kpi", "period", "value", "target", "partial"];
    page.head(&head.map(|name| (words.label(name), if name == "kpi" { 34 } else { 18 })))?;
    for kpi in document.sections.iter().flat_map(|s| &s.kpis) {
        let Some(series) = kpi.trend.series.first() else { continue };
        for (at, point) in series.points.iter().enumerate() {
            let target = kpi.trend.target.as_ref().and_then(|t| t.levels.get(at)?.as_ref());
            page.line(&[
                Cell::Text(&kpi.score.title),
                Cell::Text(&point.label),
                quantity(&point.value),
                level(target, &point.value.unit),
                point.partial.as_deref().map_or(Cell::Empty, Cell::Text),
            ])?;
        }
    }
    page.filtered(head.len() as u16)
}

fn breakdowns(document: &Document, words: &Words, page: &mut Page) -> Result<(), XlsxError> {
    let head = ["kpi", "breakdown", "member", "period", "value", "share", "change"];
    page.head(&head.map(|name| (words.label(name), if name == "kpi" { 34 } else { 18 })))?;
    for kpi in document.sections.iter().flat_map(|s| &s.kpis) {
        for breakdown in &kpi.breakdowns {
            for row in &breakdown.rows {
                page.line(&[
                    Cell::Text(&kpi.score.title),
                    Cell::Text(&breakdown.dimension),
                    Cell::Text(&row.member),
                    Cell::Text(&breakdown.period.text),
                    quantity(&row.value),
                    row.share.as_ref().map_or(Cell::Empty, quantity),
                    row.change.as_ref().map_or(Cell::Empty, change),
                ])?;
            }
        }
    }
    page.filtered(head.len() as u16)
}

fn sources(document: &Document, words: &Words, page: &mut Page) -> Result<(), XlsxError> {
    let head = ["source", "covers", "file", "rows_read", "rows_used", "rows_rejected", "hash"];
    page.head(&head.map(|name| (words.label(name), 20)))?;
    #[allow(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
    let count = |n: u64| Cell::Number(n as f64, Style::new().set_num_format("#,##0"));
    for source in &document.sources {
        for file in &source.files {
            page.line(&[
                Cell::Text(&source.name),
                Cell::Text(&source.coverage),
                Cell::Text(&file.path),
                count(file.rows.raw),
                count(file.used.raw),
                count(file.rejected.raw),
                Cell::Text(&file.hash),
            ])?;
        }
    }
    page.filtered(head.len() as u16)
}

/// A number in the format of its unit; the word where there is none.
fn quantity(quantity: &Quantity) -> Cell<'_> {
    let number = quantity.raw.as_deref().and_then(|raw| raw.parse::<f64>().ok());
    number.map_or(Cell::Text(&quantity.text), |n| in_unit(n, &quantity.unit))
}

/// A target; of a range the text.
fn level<'l>(level: Option<&'l TargetLevel>, unit: &str) -> Cell<'l> {
    let Some(level) = level else { return Cell::Empty };
    level.raw.parse().map_or(Cell::Text(&level.text), |n| in_unit(n, unit))
}

fn change(change: &ChangeText) -> Cell<'_> {
    match change.relative.as_ref().or(change.absolute.as_ref()) {
        Some(moved) => quantity(moved),
        None => Cell::Text(&change.text),
    }
}

fn in_unit(number: f64, unit: &str) -> Cell<'static> {
    let (number, format) = match unit {
        "percent" => (number, "0.00%".to_owned()),
        // Hundredths of a share, as they are spoken of.
        "points" => (number * 100.0, "+0.00;\u{2212}0.00;0.00".to_owned()),
        // Spreadsheets count days.
        "seconds" => (number / 86_400.0, "[h]:mm:ss".to_owned()),
        "count" => (number, "#,##0".to_owned()),
        "number" => (number, "#,##0.00".to_owned()),
        other => match Currency::from_code(other) {
            Some(currency) => {
                let places = "0".repeat(usize::from(currency.minor_digits()));
                let point = if places.is_empty() { "" } else { "." };
                (number, format!("#,##0{point}{places} \"{}\"", currency.code()))
            }
            None if number.fract() == 0.0 => (number, "#,##0".to_owned()),
            None => (number, "#,##0.00".to_owned()),
        },
    };
    Cell::Number(number, Style::new().set_num_format(format).set_align(FormatAlign::Right))
}

/// The text without marks of direction, which a cell of its own does not need.
fn plain(text: &str) -> String {
    let is_mark = |c: char| matches!(c, OPEN | CLOSE | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !is_mark(*c)).take(LONGEST).collect()
}

/// What a sheet may be called: 31 characters, without some.
fn sheet_name(text: &str) -> String {
    plain(text).chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_units_of_spreadsheets() {
        let written = |number, unit: &str| match in_unit(number, unit) {
            Cell::Number(number, _) => number.to_string(),
            _ => String::new(),
        };
        assert_eq!(written(0.0275, "percent"), "0.0275");
        assert_eq!(written(0.0031, "points"), "0.31");
        assert_eq!(written(43_200.0, "seconds"), "0.5");
        assert_eq!(written(12.5, "EUR"), "12.5");
    }

    #[test]
    fn texts_and_names_are_what_a_workbook_takes() {
        assert_eq!(plain("\u{fdd0}CTR\u{fdd1} \u{202e}x"), "CTR x");
        assert_eq!(plain(&"x".repeat(40_000)).len(), LONGEST);
        assert_eq!(
            sheet_name("What? [all]: 'this'/that, and a good deal more"),
            "What all thisthat, and a good d"
        );
    }
}
