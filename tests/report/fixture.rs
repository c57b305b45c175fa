//! A report made by hand: what `report::build` would give for an online shop, without the stages
//! before it, so that rendering can be tested and looked at alone.

use sanjeh::report::format::{Formatter, Scale};
use sanjeh::report::tree::*;
use sanjeh::report::words;
use sanjeh::time::{Calendar, Date, Grain, Period};
use sanjeh::value::{Currency, Decimal, Number, Unit};

pub(super) fn formatter() -> Formatter {
    Formatter::new(words::of("en").unwrap(), Calendar::default())
}

fn number(value: f64, places: usize) -> Number {
    Number::from(format!("{value:.places$}").parse::<Decimal>().unwrap())
}

/// One KPI of the fixture, in plain numbers.
pub(super) struct Facts {
    pub title: &'static str,
    pub unit: Unit,
    pub word: &'static str,
    pub higher: bool,
    /// Thirteen months to June 2026; NaN is a month without data.
    pub values: [f64; 13],
    /// Month from which it holds, target.
    pub targets: &'static [(usize, f64)],
    pub tolerance: f64,
    pub members: &'static [(&'static str, f64, f64)],
    pub owner: &'static str,
    pub improve: &'static str,
    pub formula: &'static str,
    pub open: Option<f64>,
}

pub(super) fn months() -> Vec<Period> {
    let calendar = Calendar::default();
    let first = Date::parse_iso("2025-06-01").unwrap();
    let last = Date::parse_iso("2026-06-30").unwrap();
    calendar.periods(Grain::Month, first, last)
}

fn slug(title: &str) -> String {
    let dashed = title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let cut: String = dashed.trim_matches('-').chars().take(40).collect();
    if cut.is_empty() { "kpi".to_owned() } else { cut }
}

struct Made<'a> {
    facts: &'a Facts,
    scale: Scale,
    f: Formatter,
}

impl Made<'_> {
    fn places(&self) -> usize {
        if self.facts.unit == Unit::Percent { 5 } else { 2 }
    }

    fn number(&self, value: f64) -> Number {
        number(value, self.places())
    }

    fn quantity(&self, value: f64) -> Quantity {
        let unit = self.facts.unit.json();
        if value.is_nan() {
            let text = self.f.words.label("no_data").to_owned();
            let reason = Some(self.f.words.label("no_data_why").to_owned());
            return Quantity { state: ValueState::NoData, raw: None, text, unit, reason };
        }
        let n = self.number(value);
        let text = self.f.number(&n, &self.scale);
        Quantity { state: ValueState::Value, raw: Some(n.to_plain()), text, unit, reason: None }
    }

    fn share(&self, share: f64, places: usize) -> Quantity {
        let n = number(share, 6);
        let text = self.f.share(&n, places);
        let unit = "percent".to_owned();
        Quantity { state: ValueState::Value, raw: Some(n.to_plain()), text, unit, reason: None }
    }

    fn level(&self, month: usize) -> Option<TargetLevel> {
        let (_, value) = self.facts.targets.iter().rev().find(|(from, _)| *from <= month)?;
        let n = self.number(*value);
        let (raw, text) = (n.to_plain(), self.f.number(&n, &self.scale));
        Some(TargetLevel { low: raw.clone(), high: raw.clone(), raw, text })
    }

    fn change(&self, kind: ComparisonKind, to: f64, from: usize) -> ChangeText {
        let before = self.facts.values[from];
        let reference = self.f.period(months()[from]);
        if before.is_nan() || to.is_nan() {
            return ChangeText {
                kind,
                direction: Movement::None,
                favour: Favour::Neutral,
                text: self.f.words.label("no_data").to_owned(),
                absolute: None,
                relative: None,
                from: self.quantity(before),
                reference,
                part: None,
            };
        }
        let delta = self.number(to - before);
        let relative = number((to - before) / before, 6);
        let text = match self.facts.unit {
            Unit::Percent => self.f.change(&delta, &self.scale),
            _ => self.f.relative(&relative),
        };
        let direction = if to > before { Movement::Up } else { Movement::Down };
        let better = (to > before) == self.facts.higher;
        let absolute = Quantity {
            state: ValueState::Value,
            raw: Some(delta.to_plain()),
            text: self.f.change(&delta, &self.scale),
            unit: self.facts.unit.json(),
            reason: None,
        };
        let relative = Quantity {
            state: ValueState::Value,
            raw: Some(relative.to_plain()),
            text: self.f.relative(&relative),
            unit: "percent".to_owned(),
            reason: None,
        };
        ChangeText {
            kind,
            direction,
            favour: if better { Favour::Better } else { Favour::Worse },
            text,
            absolute: Some(absolute),
            relative: (self.facts.unit != Unit::Percent).then_some(relative),
            from: self.quantity(before),
            reference,
            part: None,
        }
    }

    fn status(&self) -> StatusText {
        let value = self.facts.values[12];
        let code = match self.facts.targets.last() {
            None => StatusCode::NoTarget,
            Some(_) if value.is_nan() => StatusCode::NoData,
            Some((_, target)) => {
                let miss = if self.facts.higher { target - value } else { value - target };
                if miss <= 0.0 {
                    StatusCode::OnTrack
                } else if miss <= self.facts.tolerance * target {
                    StatusCode::AtRisk
                } else {
                    StatusCode::OffTrack
                }
            }
        };
        let name = match code {
            StatusCode::OnTrack => "on_track",
            StatusCode::AtRisk => "at_risk",
            StatusCode::OffTrack => "off_track",
            StatusCode::NoData => "no_data_status",
            StatusCode::NoTarget => "no_target",
            StatusCode::Pending => "pending",
        };
        let rule = "2.41% is below 3% by 19.7%, more than the tolerance of 10%".to_owned();
        StatusText { code, word: self.f.words.label(name).to_owned(), exceeded: false, rule }
    }

    fn points(&self, with_open: bool) -> Vec<ChartPoint> {
        let mut points: Vec<ChartPoint> = months()
            .into_iter()
            .zip(self.facts.values)
            .map(|(month, value)| self.point(month, value, None))
            .collect();
        if let Some(open) = self.facts.open.filter(|_| with_open) {
            let july = Calendar::default().shift(months()[12], 1);
            points.push(self.point(july, open, Some("12 of 31 days".to_owned())));
        }
        points
    }

    fn point(&self, month: Period, value: f64, partial: Option<String>) -> ChartPoint {
        let text = self.f.period(month);
        let value = self.quantity(value);
        ChartPoint {
            label: text.text,
            short: text.short,
            year: text.year,
            value,
            partial,
            note: None,
            held: None,
            tone: 0,
            favour: None,
        }
    }

    fn spark(&self) -> Spark {
        Spark {
            id: format!("{}-spark", slug(self.facts.title)),
            title: self.facts.title.to_owned(),
            summary: format!("{} over thirteen months.", self.facts.title),
            values: self.points(false).into_iter().map(|p| p.value.raw).collect(),
            targets: (0..13).map(|i| self.level(i).map(|l| l.low)).collect(),
        }
    }

    fn chart(&self, events: Vec<EventMark>) -> Chart {
        let points = self.points(true);
        let levels: Vec<_> = (0..points.len()).map(|i| self.level(i)).collect();
        let target = (!self.facts.targets.is_empty())
            .then(|| TargetLine { title: "Target".to_owned(), levels });
        let unit = if self.facts.word.is_empty() {
            String::new()
        } else {
            format!("{}, ", self.facts.word)
        };
        Chart {
            id: format!("{}-trend", slug(self.facts.title)),
            kind: ChartKind::Line,
            title: format!("{}, {unit}monthly, June 2025 to June 2026", self.facts.title),
            summary: format!(
                "{}: {} in June 2025, {} in June 2026.",
                self.facts.title,
                self.quantity(self.facts.values[0]).text,
                self.quantity(self.facts.values[12]).text
            ),
            unit: ChartUnit { code: self.facts.unit.json(), label: self.facts.word.to_owned() },
            series: vec![Series { tone: 0, title: self.facts.title.to_owned(), points }],
            target,
            events,
        }
    }

    fn row(&self) -> ScoreRow {
        let value = self.facts.values[12];
        let attainment = self
            .facts
            .targets
            .last()
            .filter(|_| !value.is_nan())
            .map(|(_, t)| self.share(if self.facts.higher { value / t } else { t / value }, 0));
        ScoreRow {
            kpi: slug(self.facts.title),
            title: self.facts.title.to_owned(),
            unit_label: self.facts.word.to_owned(),
            owner: Some(self.facts.owner.to_owned()),
            period: self.f.period(months()[12]),
            own_period: false,
            value: self.quantity(value),
            target: self.level(12),
            attainment,
            status: self.status(),
            changes: vec![
                self.change(ComparisonKind::Previous, value, 11),
                self.change(ComparisonKind::LastYear, value, 0),
            ],
            spark: self.spark(),
            open: self.facts.open.map(|open| self.open(open)),
            remark: None,
        }
    }

    fn open(&self, open: f64) -> OpenPeriod {
        let july = Calendar::default().shift(months()[12], 1);
        let mut change = self.change(ComparisonKind::Previous, open, 12);
        change.part = Some("first 12 days".to_owned());
        OpenPeriod {
            period: self.f.period(july),
            progress: "12 of 31 days".to_owned(),
            value: self.quantity(open),
            change: Some(change),
            status: self.status(),
            needed: Some("40 on each of the 19 days left".to_owned()),
        }
    }

    fn breakdown(&self, period: &PeriodText) -> Vec<Breakdown> {
        if self.facts.members.is_empty() {
            return Vec::new();
        }
        let additive = self.facts.unit != Unit::Percent;
        let total: f64 = self.facts.members.iter().map(|m| m.1).sum();
        let largest = self.facts.members.iter().map(|m| m.1).fold(0.0, f64::max);
        let row = |(member, value, before): &(&str, f64, f64)| {
            let mut change = self.change(ComparisonKind::Previous, *value, 11);
            let rise = self.number(value - before);
            change.text = match self.facts.unit {
                Unit::Percent => self.f.change(&rise, &self.scale),
                _ => self.f.relative(&number((value - before) / before, 6)),
            };
            change.direction = if value > before { Movement::Up } else { Movement::Down };
            let better = (value > before) == self.facts.higher;
            change.favour = if better { Favour::Better } else { Favour::Worse };
            BreakdownRow {
                member: (*member).to_owned(),
                value: self.quantity(*value),
                length: (value / largest * 100.0).round() as i32,
                share: additive.then(|| self.share(value / total, 1)),
                change: Some(change),
                target: None,
                status: None,
            }
        };
        let rows: Vec<BreakdownRow> = self.facts.members.iter().map(row).collect();
        let point = |row: &BreakdownRow| ChartPoint {
            label: row.member.clone(),
            short: row.member.clone(),
            year: String::new(),
            value: row.value.clone(),
            partial: None,
            note: None,
            held: None,
            tone: 0,
            favour: None,
        };
        let title = format!("{} by channel, {}", self.facts.title, period.text);
        let chart = Chart {
            id: format!("{}-by-channel", slug(self.facts.title)),
            kind: ChartKind::Bar,
            summary: format!("{title}. Largest is {} with {}.", rows[0].member, rows[0].value.text),
            title,
            unit: ChartUnit { code: self.facts.unit.json(), label: self.facts.word.to_owned() },
            series: vec![Series {
                tone: 0,
                title: self.facts.title.to_owned(),
                points: rows.iter().map(point).collect(),
            }],
            target: None,
            events: Vec::new(),
        };
        let remarks = if additive {
            Vec::new()
        } else {
            vec!["The values of the parts do not add up to the total.".to_owned()]
        };
        vec![Breakdown {
            id: format!("{}-channel", slug(self.facts.title)),
            dimension: "Channel".to_owned(),
            period: period.clone(),
            chart,
            rows,
            shares: additive,
            remarks,
        }]
    }

    fn targets(&self) -> Vec<TargetRow> {
        let reasons = ["A/B test of the checkout", "First full year"];
        let last = self.facts.targets.len().saturating_sub(1);
        let rows = self.facts.targets.iter().enumerate().map(|(i, (from, value))| TargetRow {
            text: self.f.number(&self.number(*value), &self.scale),
            scope: None,
            from: Some(self.f.date(months()[*from].start)),
            trigger: (i == last && i > 0).then(|| "method".to_owned()),
            reason: (i > 0).then(|| reasons[i % 2].to_owned()),
            in_force: i == last,
            place: place(i as u64 + 20),
        });
        rows.rev().collect()
    }

    fn kpi(&self) -> Kpi {
        let score = self.row();
        let takeaway = format!(
            "{} came to {} in June 2026, {} on May 2026 and {} on June 2025.",
            score.title, score.value.text, score.changes[0].text, score.changes[1].text
        );
        Kpi {
            id: score.kpi.clone(),
            name: slug(self.facts.title).replace('-', "_"),
            takeaway,
            trend: self.chart(marks()),
            breakdowns: self.breakdown(&score.period),
            definition: self.definition(),
            targets: self.targets(),
            improve: Some(self.facts.improve.to_owned())
                .filter(|t| !t.is_empty())
                .into_iter()
                .collect(),
            notes: Vec::new(),
            score,
        }
    }

    fn definition(&self) -> Definition {
        Definition {
            formula: self.facts.formula.to_owned(),
            inputs: vec![("sessions".to_owned(), "sum(web.sessions)".to_owned())],
            unit: self.facts.unit.json(),
            better: "Higher is better.".to_owned(),
            rule: "On track where the target is reached; at risk where it is missed by no more \
                   than 10% of it; off track beyond."
                .to_owned(),
            cadence: "monthly".to_owned(),
            goal: Some("Grow online sales by 20% in 2026".to_owned()),
            owner: Some(self.facts.owner.to_owned()),
            about: vec!["What the page is for, as the finance team counts it.".to_owned()],
            baseline: None,
            benchmark: None,
            sources: vec!["web".to_owned()],
            place: place(12),
        }
    }
}

fn place(line: u64) -> PlaceText {
    PlaceText { path: "kpis/website.kpi".to_owned(), line }
}

fn marks() -> Vec<EventMark> {
    vec![
        EventMark {
            number: 1,
            start: 5900,
            end: 6032,
            title: "Black Friday".to_owned(),
            when: "28 November to 1 December 2025".to_owned(),
        },
        EventMark {
            number: 2,
            start: 8036,
            end: 8071,
            title: "New website".to_owned(),
            when: "2 February 2026".to_owned(),
        },
    ]
}

fn made(facts: &Facts) -> Made<'_> {
    let places = if facts.unit == Unit::Percent { 5 } else { 2 };
    let shown: Vec<Number> =
        facts.values.iter().filter(|v| !v.is_nan()).map(|v| number(*v, places)).collect();
    let exact: Vec<Number> = facts.targets.iter().map(|t| number(t.1, places)).collect();
    Made { facts, scale: Scale::fitting(&facts.unit, &shown, &exact), f: formatter() }
}

pub(super) fn usd() -> Unit {
    Unit::Money(Currency::from_code("USD").unwrap())
}

/// A section of these KPIs.
pub(super) fn section(title: &str, text: &str, facts: &[Facts]) -> Section {
    let kpis: Vec<Kpi> = facts.iter().map(|f| made(f).kpi()).collect();
    Section {
        id: format!("section-{}", slug(title)),
        title: title.to_owned(),
        subtitle: String::new(),
        text: Some(text.to_owned()).filter(|t| !t.is_empty()).into_iter().collect(),
        rows: kpis.iter().map(|k| k.score.clone()).collect(),
        kpis,
        figures: Vec::new(),
    }
}

/// A document of these sections.
pub(super) fn document(sections: Vec<Section>) -> Document {
    let f = formatter();
    let rows: Vec<&ScoreRow> = sections.iter().flat_map(|s| &s.rows).collect();
    let count = |code, name: &str| StateCount {
        code,
        word: f.words.label(name).to_owned(),
        count: rows.iter().filter(|r| r.status.code == code).count(),
    };
    let counts = vec![
        count(StatusCode::OnTrack, "on_track"),
        count(StatusCode::AtRisk, "at_risk"),
        count(StatusCode::OffTrack, "off_track"),
        count(StatusCode::NoData, "no_data_status"),
        count(StatusCode::NoTarget, "no_target"),
    ];
    let improvements = rows
        .iter()
        .map(|r| Improvement {
            kpi: r.kpi.clone(),
            title: r.title.clone(),
            current: r.value.clone(),
            target: r.target.clone(),
            gap: None,
            status: r.status.clone(),
            improve: vec!["Shorten the checkout; test two landing pages.".to_owned()],
            owner: r.owner.clone(),
        })
        .collect();
    let target_changes = vec![TargetChange {
        kpi: rows.first().map_or(String::new(), |r| r.kpi.clone()),
        title: rows.first().map_or(String::new(), |r| r.title.clone()),
        scope: None,
        from: f.date(Date::parse_iso("2026-01-01").unwrap()),
        old: Some("2.5%".to_owned()),
        new: "3%".to_owned(),
        trigger: Some("method".to_owned()),
        reason: Some("A/B test of the checkout".to_owned()),
    }];
    Document {
        version: VERSION,
        generator: "Sanjeh 0.1.0".to_owned(),
        name: "monthly".to_owned(),
        language: LanguageTag { tag: "en".to_owned(), direction: "ltr".to_owned() },
        title: "Monthly marketing report".to_owned(),
        time_axis: "ltr".to_owned(),
        project: "Pamchal Shop".to_owned(),
        period: f.period(months()[12]),
        dates: vec!["1 to 30 June 2026".to_owned()],
        comparisons: vec![
            comparison(&f, ComparisonKind::Previous, 11),
            comparison(&f, ComparisonKind::LastYear, 0),
        ],
        as_of: f.date(Date::parse_iso("2026-07-12").unwrap()),
        purpose: Some("Does the new website pay, and what does a new customer cost us?".to_owned()),
        questions: vec!["Which channel brings the orders?".to_owned()],
        state: StateLine {
            total: rows.len(),
            text: format!("{} KPIs: {} on track", rows.len(), counts[0].count),
            counts,
        },
        takeaway: "9 of 15 KPIs with a target are on track. Bounce rate needs attention most: \
                   51.2% against a target of 45%. Conversion rate moved furthest the right way, \
                   to 2.98% (+0.57 pts on June 2025)."
            .to_owned(),
        improvements,
        target_changes,
        due: Vec::new(),
        notes: Vec::new(),
        events: vec![EventText {
            when: "2 February 2026".to_owned(),
            start: "2026-02-02".to_owned(),
            end: "2026-02-02".to_owned(),
            title: "New website".to_owned(),
            affects: Vec::new(),
        }],
        sources: vec![source(&f)],
        channels: Vec::new(),
        experiments: Vec::new(),
        sections,
    }
}

fn comparison(f: &Formatter, kind: ComparisonKind, month: usize) -> Comparison {
    let name = if kind == ComparisonKind::Previous { "previous" } else { "last_year" };
    let heading = f.words.label(name).to_owned();
    Comparison { kind, heading, text: f.period(months()[month]).text }
}

fn source(f: &Formatter) -> SourceFacts {
    SourceFacts {
        name: "web".to_owned(),
        place: PlaceText { path: "sources.kpi".to_owned(), line: 3 },
        coverage: "1 July 2024 to 12 July 2026".to_owned(),
        first: Some("2024-07-01".to_owned()),
        last: Some("2026-07-12".to_owned()),
        files: vec![FileText {
            path: "data/web-2026.csv".to_owned(),
            bytes: f.bytes(1_234_567),
            rows: f.count(23_456),
            used: f.count(23_451),
            rejected: f.count(5),
            hash: "9f86d081884c7d659a2feaa0c55ad015".to_owned(),
        }],
        rows: f.count(23_456),
        used: f.count(23_451),
        rejected: f.count(5),
        filtered: f.count(0),
        replaced: f.count(0),
        later: f.count(0),
        nulled: f.count(0),
        bounds: f.count(0),
        totals: f.count(0),
        nulls: vec![("campaign".to_owned(), f.count(1_204))],
        rejections: vec![RejectionText {
            path: "data/web-2026.csv".to_owned(),
            line: 812,
            column: "sessions".to_owned(),
            cell: "n/a".to_owned(),
            reason: "not a number".to_owned(),
        }],
        kpis: vec!["Conversion rate".to_owned()],
    }
}

const CHANNELS: &[(&str, f64, f64)] = &[
    ("Paid search", 142_300.0, 120_000.0),
    ("SEO", 98_410.0, 101_200.0),
    ("Email", 61_020.0, 48_000.0),
    ("Direct", 52_811.0, 50_110.0),
    ("Social", 12_040.0, 13_500.0),
];

/// A KPI of a title.
pub(super) fn plain(title: &'static str) -> Facts {
    Facts {
        title,
        unit: Unit::Percent,
        word: "",
        higher: true,
        values: [
            0.0241, 0.0239, 0.0228, 0.0231, 0.0235, 0.0261, 0.028, 0.0229, 0.0222, 0.0292, 0.0242,
            0.0252, 0.0298,
        ],
        targets: &[(0, 0.025)],
        tolerance: 0.1,
        members: &[("Email", 0.0481, 0.041), ("<i>| *Direct*", 0.0342, 0.0339)],
        owner: "growth team",
        improve: "Shorten the checkout.",
        formula: "conversions / sessions",
        open: None,
    }
}

/// One KPI in one section.
pub(super) fn small() -> Document {
    document(vec![section("Website", "", &[plain("Conversion rate")])])
}

/// The whole shop: sixteen KPIs in four sections.
pub(super) fn shop() -> Document {
    let n = f64::NAN;
    let base = |title, unit, word, higher, values, targets| Facts {
        title,
        unit,
        word,
        higher,
        values,
        targets,
        tolerance: 0.1,
        members: &[],
        owner: "growth team",
        improve: "Shorten the checkout; test two landing pages.",
        formula: "conversions / sessions",
        open: None,
    };
    let sales = [
        Facts {
            members: CHANNELS,
            open: Some(148_221.0),
            ..base(
                "Revenue",
                usd(),
                "",
                true,
                [
                    291e3, 288e3, 243e3, 301e3, 322e3, 488e3, 541e3, 262e3, 255e3, 371e3, 344e3,
                    332_810.0, 366_581.0,
                ],
                &[(0, 300e3), (7, 330e3)],
            )
        },
        Facts {
            open: Some(2_301.0),
            ..base(
                "Orders",
                Unit::Count,
                "orders",
                true,
                [
                    4810.0, 4700.0, 4011.0, 4933.0, 5202.0, 7811.0, 8903.0, 4302.0, 4188.0, 5930.0,
                    5611.0, 5204.0, 5733.0,
                ],
                &[(0, 5000.0), (7, 5500.0)],
            )
        },
        base(
            "Average order value",
            usd(),
            "",
            true,
            [60.5, 61.27, 60.58, 61.01, 61.9, 62.47, 60.76, 60.9, 60.88, 62.56, 61.3, 63.95, 63.94],
            &[(0, 62.0), (7, 65.0)],
        ),
        base(
            "Gross margin",
            Unit::Percent,
            "",
            true,
            [
                0.412, 0.415, 0.411, 0.409, 0.414, 0.382, 0.391, 0.42, 0.424, 0.421, 0.371, 0.418,
                0.426,
            ],
            &[(0, 0.42)],
        ),
        base(
            "Refund rate",
            Unit::Percent,
            "",
            false,
            [
                0.031, 0.033, 0.029, 0.034, 0.032, 0.038, 0.052, 0.061, 0.04, 0.035, 0.033, 0.036,
                0.034,
            ],
            &[(0, 0.035), (9, 0.03)],
        ),
    ];
    let website = [
        Facts {
            members: CHANNELS,
            ..base(
                "Visits",
                Unit::Count,
                "visits",
                true,
                [
                    201e3, 198e3, 176e3, 214e3, 221e3, 301e3, 318e3, 188e3, 171e3, 203e3, 232e3,
                    206e3, 192e3,
                ],
                &[(0, 200e3)],
            )
        },
        Facts {
            members: &[
                ("Email", 0.0481, 0.041),
                ("Direct", 0.0342, 0.0339),
                ("SEO", 0.0271, 0.0264),
                ("Paid search", 0.0248, 0.0262),
                ("Social", 0.0092, 0.0101),
            ],
            ..base(
                "Conversion rate",
                Unit::Percent,
                "",
                true,
                [
                    0.0241, 0.0239, 0.0228, 0.0231, 0.0235, 0.0261, 0.028, 0.0229, 0.0222, 0.0292,
                    0.0242, 0.0252, 0.0298,
                ],
                &[(0, 0.025), (7, 0.0275), (12, 0.03)],
            )
        },
        base(
            "Bounce rate",
            Unit::Percent,
            "",
            false,
            [
                0.462, 0.458, 0.471, 0.466, 0.463, 0.451, 0.455, 0.478, 0.561, 0.487, 0.501, 0.494,
                0.512,
            ],
            &[(0, 0.45)],
        ),
        base(
            "Average visit",
            Unit::Duration,
            "",
            true,
            [
                142.0, 139.0, 138.0, 144.0, 146.0, 155.0, 151.0, 139.0, 121.0, 149.0, 158.0, 161.0,
                166.0,
            ],
            &[(0, 150.0)],
        ),
        base(
            "Satisfaction",
            Unit::Number,
            "points of 10",
            true,
            [n, n, n, 7.9, 8.1, 8.0, 7.4, n, 7.1, 7.9, 8.2, 8.3, 8.4],
            &[(0, 8.0)],
        ),
    ];
    let advertising = [
        base(
            "Advertising cost",
            usd(),
            "",
            false,
            [
                18_400.0, 17_900.0, 16_000.0, 18_800.0, 21_000.0, 33_000.0, 35_500.0, 19_000.0,
                18_700.0, 22_000.0, 31_000.0, 23_500.0, 22_900.0,
            ],
            &[],
        ),
        base(
            "Cost per click",
            usd(),
            "",
            false,
            [0.38, 0.39, 0.39, 0.4, 0.42, 0.51, 0.49, 0.43, 0.42, 0.44, 0.46, 0.45, 0.47],
            &[(0, 0.42), (6, 0.45)],
        ),
        base(
            "Return on ad spend",
            Unit::Number,
            "",
            true,
            [3.6, 3.55, 3.4, 3.5, 3.45, 3.9, 4.1, 3.2, 3.1, 3.6, 2.8, 3.3, 3.7],
            &[(0, 3.5), (7, 3.2)],
        ),
    ];
    let letters = [
        base(
            "Open rate",
            Unit::Percent,
            "",
            true,
            [0.381, 0.377, 0.372, 0.384, 0.39, 0.401, 0.366, 0.379, 0.388, 0.392, 0.385, 0.391, n],
            &[(0, 0.38)],
        ),
        base(
            "Click rate",
            Unit::Percent,
            "",
            true,
            [
                0.041, 0.04, 0.042, 0.043, 0.044, 0.051, 0.046, 0.041, 0.043, 0.045, 0.046, 0.047,
                0.0482,
            ],
            &[(0, 0.045)],
        ),
        base(
            "Unsubscribe rate",
            Unit::Percent,
            "",
            false,
            [
                0.0021, 0.0023, 0.002, 0.0022, 0.0024, 0.0031, 0.0034, 0.0025, 0.0024, 0.0026,
                0.0028, 0.0031, 0.0033,
            ],
            &[(0, 0.003)],
        ),
    ];
    let mut sections = vec![
        section(
            "Sales",
            "Orders follow the year of a gift shop: a peak before Christmas, another before Nowruz, a quiet August. The change of February 2026 is another matter: the new website sells more to the same visitors.",
            &sales,
        ),
        section(
            "Website",
            "Read visits and conversion together: the one says how many came, the other what they made of it.",
            &website,
        ),
        section("Advertising", "", &advertising),
        section("Letters", "", &letters),
    ];
    sections[0].figures = vec![pie()];
    document(sections)
}

fn pie() -> Figure {
    let parts = [
        ("Paid search", "38.8%", "0.388"),
        ("SEO", "26.8%", "0.268"),
        ("Email", "16.6%", "0.166"),
        ("Direct", "14.4%", "0.144"),
        ("Social", "3.3%", "0.034"),
    ];
    let point = |(label, text, raw): &(&str, &str, &str)| ChartPoint {
        label: (*label).to_owned(),
        short: (*label).to_owned(),
        year: String::new(),
        value: Quantity {
            state: ValueState::Value,
            raw: Some((*raw).to_owned()),
            text: (*text).to_owned(),
            unit: "percent".to_owned(),
            reason: None,
        },
        partial: None,
        note: None,
        held: None,
        tone: 0,
        favour: None,
    };
    let chart = Chart {
        id: "figure-1".to_owned(),
        kind: ChartKind::Pie,
        title: "Revenue by channel, June 2026".to_owned(),
        summary: "Paid search has the largest share with 38.8%.".to_owned(),
        unit: ChartUnit { code: "percent".to_owned(), label: String::new() },
        series: vec![Series {
            tone: 0,
            title: "Revenue".to_owned(),
            points: parts.iter().map(point).collect(),
        }],
        target: None,
        events: Vec::new(),
    };
    let table = Table {
        caption: chart.title.clone(),
        columns: vec![
            TableColumn { title: "Channel".to_owned(), numeric: false },
            TableColumn { title: "Share".to_owned(), numeric: true },
        ],
        rows: parts
            .iter()
            .map(|(label, text, raw)| {
                vec![
                    TableCell { text: (*label).to_owned(), raw: None },
                    TableCell { text: (*text).to_owned(), raw: Some((*raw).to_owned()) },
                ]
            })
            .collect(),
    };
    Figure {
        id: "figure-1".to_owned(),
        title: chart.title.clone(),
        chart: Some(chart),
        table,
        remarks: Vec::new(),
    }
}
