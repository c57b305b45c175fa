//! Metrics and KPIs with their targets.

use super::{
    ColumnType, DateLit, Expr, Ident, Localized, Number, Path, PeriodLit, Property, Text,
    TextProperty, When,
};
use crate::source::Span;

/// Whether a measure has a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// `metric`
    Metric,
    /// `kpi`
    Kpi,
}

/// `metric` and `kpi` in all their forms.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Which of the two.
    pub kind: MeasureKind,
    /// Its name.
    pub name: Ident,
    /// The title in the head.
    pub title: Option<Localized>,
    /// `metric sessions: count`: an input without a formula.
    pub needs: Option<ColumnType>,
    /// Behind `=` or `formula:`; the key is the `=` in the short form.
    pub formula: Option<Property<Expr>>,
    /// `unit: percent`, `unit: "visitors" fa "نفر"`
    pub unit: Option<Property<UnitRef>>,
    /// `better: higher`
    pub better: Option<Property<Ident>>,
    /// `target: ...`, in the order written.
    pub targets: Vec<Property<Target>>,
    /// `baseline: 2.1% on 2025-12-31`
    pub baseline: Option<Property<Baseline>>,
    /// `benchmark: 2.9% "source"`
    pub benchmark: Option<Property<Benchmark>>,
    /// `tolerance: 10%`
    pub tolerance: Option<Property<Expr>>,
    /// `cadence: monthly, weekly`
    pub cadence: Option<Property<Vec<Ident>>>,
    /// `review: quarterly`
    pub review: Option<Property<Ident>>,
    /// `channels: seo, ga4.email`
    pub channels: Option<Property<Vec<Path>>>,
    /// `by: channel, device`
    pub by: Option<Property<Vec<Ident>>>,
    /// `goal: grow_sales`
    pub goal: Option<Property<Ident>>,
    /// `variant_of: bounce_rate`
    pub variant_of: Option<Property<Ident>>,
    /// `owner: "growth team"`
    pub owner: Option<Property<Text>>,
    /// `about:`, `about fa:`
    pub about: Vec<TextProperty>,
    /// `title fa:`
    pub titles: Vec<TextProperty>,
    /// `improve:`, `improve fa:`
    pub improve: Vec<TextProperty>,
}

/// A unit: a word of the language or one's own.
#[derive(Clone, Debug)]
pub enum UnitRef {
    /// `percent`, `money`
    Word(Ident),
    /// `"visitors" fa "نفر"`
    Own(Localized),
}

/// A `target:` with all its clauses.
#[derive(Clone, Debug)]
pub struct Target {
    /// What is to be reached.
    pub value: TargetValue,
    /// `from 2026-01-01`
    pub from: Option<When>,
    /// `by 2026-12-31`
    pub by: Option<DateLit>,
    /// `starting 7_500 on 2026-01-01`
    pub starting: Option<(Expr, DateLit)>,
    /// `per year`: the word.
    pub per: Option<Ident>,
    /// `for channel email`, `for device "mobile"`
    pub scope: Option<Scope>,
    /// `because method "..."`
    pub because: Option<Because>,
}

/// What a target asks for.
#[derive(Clone, Debug)]
pub enum TargetValue {
    /// `3%`, `sum(plan.amount)`
    Value(Expr),
    /// `2% .. 4%`
    Range(Expr, Expr),
    /// `+20% over previous`, `+2 points over baseline`
    Relative {
        /// With its sign worked in.
        amount: Number,
        /// `points` behind the number.
        points: bool,
        /// What it is relative to.
        over: Reference,
        /// All of it.
        span: Span,
    },
    /// `increase`
    Increase(Span),
    /// `decrease`
    Decrease(Span),
}

/// What a relative target refers to.
#[derive(Clone, Debug)]
pub enum Reference {
    /// `previous`
    Previous(Span),
    /// `last year`
    LastYear(Span),
    /// `baseline`
    Baseline(Span),
    /// `2025-Q4`
    Period(PeriodLit),
}

/// `for channel email`, `for device "mobile"`
#[derive(Clone, Debug)]
pub struct Scope {
    /// The dimension: `channel` or a column's name.
    pub dimension: Ident,
    /// The member: a channel's name or a text.
    pub member: Member,
}

/// A member of a dimension.
#[derive(Clone, Debug)]
pub enum Member {
    /// `email`, `ga4.email`
    Name(Path),
    /// `"mobile"`
    Text(Text),
}

/// `because method "A/B test"`
#[derive(Clone, Debug)]
pub struct Because {
    /// The trigger word.
    pub trigger: Option<Ident>,
    /// The reason.
    pub text: Text,
}

/// `2.1% on 2025-12-31`, `10_000 in 2026-05`
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The value.
    pub value: Expr,
    /// When it held.
    pub when: Option<When>,
}

/// `2.9% "median of our trade"`
#[derive(Clone, Debug)]
pub struct Benchmark {
    /// The value.
    pub value: Expr,
    /// Where it comes from.
    pub text: Option<Text>,
}
