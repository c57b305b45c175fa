//! From the model and what was evaluated to the report.

mod appendix;
mod breakdown;
mod bullet;
mod channels;
mod check;
mod compared;
mod definition;
mod experiment;
mod figure;
mod funnel;
mod heat;
mod kpi;
mod reason;
mod say;
mod score;
mod sources;
mod stacked;
mod subject;
mod summary;
mod target;
mod trend;
mod waterfall;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

pub use check::check;

use super::format::Formatter;
use super::order::Order;
use super::tree::{Comparison, ComparisonKind, Document, Index, LanguageTag, Section, VERSION};
use super::words::{self, Words};
use crate::eval::Evaluator;
use crate::model::items::{self, Compare, FigureKind, ReportSpec};
use crate::model::{GoalId, Localized, MeasureId, Model};
use crate::source::{FileId, Sources, Span};
use crate::time::{Calendar, CalendarKind, Grain, Period};
use subject::Subject;

/// What the parts of a report are made from.
struct Context<'a> {
    model: &'a Model,
    evaluator: &'a Evaluator<'a>,
    spec: &'a ReportSpec,
    sources: &'a Sources,
    formatter: Formatter,
    /// The alphabet that members of one size are sorted by.
    order: Order,
    /// What is compared with.
    comparisons: Vec<(ComparisonKind, Compare)>,
    /// The last closed period of the report's own cadence.
    period: Period,
    /// The KPIs that are shown, in order, each once.
    subjects: Vec<Subject>,
    /// The members that have a colour, by dimension, in the order in which they got it.
    toned: RefCell<BTreeMap<String, Vec<String>>>,
}

/// So many colours can be told apart.
const TONES: usize = 8;

/// Builds a report. Nothing in it can fail: what has no value says why.
pub fn build<'a>(
    model: &'a Model,
    evaluator: &'a Evaluator<'a>,
    spec: &'a ReportSpec,
    sources: &'a Sources,
) -> Document {
    let tag = tag_of(model, spec);
    let formatter = Formatter::new(words_of(tag), model.settings.calendar).tagged(tag);
    let mut context = Context {
        model,
        evaluator,
        spec,
        sources,
        formatter,
        order: Order::of(formatter.words.tag),
        comparisons: comparisons(spec),
        period: period_of(model, evaluator, spec),
        subjects: Vec::new(),
        toned: RefCell::default(),
    };
    context.subjects = subject::all(&context);
    let context = &context;
    let sections = sections(context);
    Document {
        version: VERSION,
        generator: concat!("Sanjeh ", env!("CARGO_PKG_VERSION")).to_owned(),
        name: spec.name.clone(),
        language: LanguageTag {
            tag: tag.to_owned(),
            direction: context.words().direction.to_owned(),
        },
        time_axis: if spec.time_turned { "rtl" } else { "ltr" }.to_owned(),
        title: context.text(&spec.title),
        project: context.text(&model.settings.title),
        period: formatter.period(context.period),
        dates: dates(context),
        comparisons: comparison_texts(context),
        as_of: formatter.date(evaluator.as_of()),
        purpose: spec.purpose.as_ref().map(|t| context.text(t)).filter(|t| !t.is_empty()),
        questions: spec.questions.iter().map(|t| context.text(t)).collect(),
        state: summary::state(context, &sections),
        takeaway: summary::takeaway(context),
        channels: channels::groups(context),
        experiments: experiment::all(context),
        improvements: appendix::improvements(context, &sections),
        target_changes: appendix::target_changes(context),
        due: appendix::due(context),
        notes: appendix::notes(context, None),
        events: appendix::events(context),
        sources: sources::facts(context),
        sections,
    }
}

/// The front page of a project over its reports: of each the latest first, then earlier ones. None
/// without a report.
pub fn index(model: &Model, reports: &[Vec<&Document>]) -> Option<Index> {
    let words = words::of(&model.settings.locale).unwrap_or_else(english);
    let language = LanguageTag { tag: words.tag.to_owned(), direction: words.direction.to_owned() };
    Index::of(model.settings.title.get(words.tag), language, reports)
}

/// The report of a project that declares none: every KPI by goal.
pub fn default_spec(model: &Model) -> ReportSpec {
    let words = words::of(&model.settings.locale).unwrap_or_else(english);
    let mut sections = Vec::new();
    let mut add = |title: Localized, goal: Option<GoalId>| {
        let kpis = model.kpis().filter(|(_, m)| m.purpose.as_ref().is_some_and(|p| p.goal == goal));
        let kpis = kpis.filter(|(_, m)| m.lacks.is_empty());
        let kpis: Vec<MeasureId> = kpis.map(|(id, _)| id).collect();
        if !kpis.is_empty() {
            let text = Localized::default();
            sections.push(items::Section { title, text, kpis, compare: None, figures: Vec::new() });
        }
    };
    for (i, goal) in model.goals.iter().enumerate() {
        add(goal.title.clone(), Some(GoalId(i as u32)));
    }
    let rest = if model.goals.is_empty() { "all_kpis_section" } else { "without_goal" };
    add(Localized::new(words.say(rest, &[])), None);
    let project = model.settings.title.get(words.tag);
    ReportSpec {
        name: "report".to_owned(),
        span: Span::new(FileId(0), 0, 0),
        title: Localized::new(match project {
            "" => words.say("default_title_plain", &[]),
            project => words.say("default_title", &[("project", project)]),
        }),
        purpose: None,
        questions: Vec::new(),
        cadence: usual_cadence(model),
        compare: Vec::new(),
        history: None,
        locale: None,
        time_turned: false,
        sections,
    }
}

/// What has to be computed for a report: each measure with the sets of dimensions that it is
/// broken down by.
pub fn needs(model: &Model, spec: &ReportSpec) -> Vec<(MeasureId, Vec<Vec<String>>)> {
    let mut all: Vec<(MeasureId, Vec<Vec<String>>)> = Vec::new();
    let mut want =
        |id: MeasureId, slices: Vec<Vec<String>>| match all.iter_mut().find(|w| w.0 == id) {
            Some((_, known)) => {
                for slice in slices {
                    if !known.contains(&slice) {
                        known.push(slice);
                    }
                }
            }
            None => all.push((id, slices)),
        };
    for section in &spec.sections {
        for id in &section.kpis {
            let mut slices = Vec::new();
            if let Some(purpose) = &model.measure(*id).purpose {
                slices.extend(purpose.by.iter().map(|d| vec![d.clone()]));
                slices.extend(channels::dimensions(model, *id).into_iter().map(|d| vec![d]));
            }
            let decided = model.experiments.iter().filter(|e| e.kpi == *id);
            slices.extend(decided.map(|e| vec![e.variant.clone()]));
            want(*id, slices);
        }
        for figure in &section.figures {
            let mut by = figure.by.clone();
            by.sort();
            let mut slices = if by.is_empty() { Vec::new() } else { vec![by.clone()] };
            if figure.kind == FigureKind::Heatmap && by.len() > 1 {
                // Its rows and columns stand by size.
                slices.extend(by.iter().map(|d| vec![d.clone()]));
            }
            for id in &figure.measures {
                want(*id, slices.clone());
            }
        }
    }
    all
}

fn english() -> &'static Words {
    words::of("en").unwrap_or_else(|| panic!("there are no English words"))
}

/// The days of the report's period, in every calendar that a reader may have at hand.
fn dates(context: &Context) -> Vec<String> {
    let Period { start, end, .. } = context.period;
    let own = context.formatter;
    let mut calendars = vec![own.calendar];
    if own.calendar.kind != CalendarKind::Gregorian {
        calendars.push(Calendar { kind: CalendarKind::Gregorian, ..own.calendar });
    }
    calendars.into_iter().map(|calendar| Formatter { calendar, ..own }.days(start, end)).collect()
}

/// The tag of a report's language.
fn tag_of<'a>(model: &'a Model, spec: &'a ReportSpec) -> &'a str {
    spec.locale.as_ref().unwrap_or(&model.settings.locale)
}

/// The words of a language; English where there are none, which [`check`] has refused.
fn words_of(tag: &str) -> &'static Words {
    words::of(tag).unwrap_or_else(english)
}

fn comparisons(spec: &ReportSpec) -> Vec<(ComparisonKind, Compare)> {
    let both = [Compare::Previous, Compare::LastYear];
    let asked = if spec.compare.is_empty() { &both[..] } else { &spec.compare[..] };
    let kind = |compare: &Compare| match compare {
        Compare::Previous => Some((ComparisonKind::Previous, Compare::Previous)),
        Compare::LastYear => Some((ComparisonKind::LastYear, Compare::LastYear)),
        Compare::Around(..) => None,
    };
    asked.iter().filter_map(kind).collect()
}

/// The latest period of the report's cadence that one of its KPIs has closed.
fn period_of(model: &Model, evaluator: &Evaluator, spec: &ReportSpec) -> Period {
    let kpis = spec.sections.iter().flat_map(|s| &s.kpis);
    let closed = kpis.filter_map(|id| evaluator.last_closed(*id, spec.cadence)).max();
    let calendar = &model.settings.calendar;
    closed.unwrap_or_else(|| calendar.period_of(spec.cadence, evaluator.as_of()))
}

/// The cadence that most KPIs are judged by; of several the finest.
fn usual_cadence(model: &Model) -> Grain {
    let count = |grain: Grain| {
        model
            .kpis()
            .filter(|(_, m)| m.purpose.as_ref().is_some_and(|p| p.cadences.first() == Some(&grain)))
            .count()
    };
    let most = Grain::ALL.into_iter().max_by_key(|g| (count(*g), std::cmp::Reverse(*g)));
    most.filter(|g| count(*g) > 0).unwrap_or(Grain::Month)
}

fn comparison_texts(context: &Context) -> Vec<Comparison> {
    let calendar = &context.model.settings.calendar;
    let text = |(kind, _): &(ComparisonKind, Compare)| {
        let (name, period) = match kind {
            ComparisonKind::Previous => ("previous", Some(calendar.shift(context.period, -1))),
            ComparisonKind::LastYear => ("last_year", calendar.year_before(context.period)),
        };
        let text = period.map_or(String::new(), |p| context.formatter.period(p).text);
        Comparison { kind: *kind, heading: context.label(name), text }
    };
    context.comparisons.iter().map(text).collect()
}

fn sections(context: &Context) -> Vec<Section> {
    let mut told: BTreeSet<MeasureId> = BTreeSet::new();
    let mut figures = 0;
    let mut all = Vec::new();
    for (i, section) in context.spec.sections.iter().enumerate() {
        let subjects: Vec<&Subject> =
            section.kpis.iter().filter_map(|id| context.subject(*id)).collect();
        // A section that compares KPIs of others in its own way does not score them twice.
        let again = section.compare.is_some() && subjects.iter().all(|s| told.contains(&s.id));
        let scored = subjects.iter().filter(|_| !again);
        let rows = scored.map(|s| score::row(context, s)).collect();
        let fresh = subjects.iter().filter(|s| told.insert(s.id));
        let kpis = fresh.map(|s| kpi::kpi(context, s)).collect();
        let mut drawn = compared::figures(context, section, &mut figures);
        let asked = section.figures.iter().flat_map(|f| figure::figures(context, f, &mut figures));
        drawn.extend(asked);
        all.push(Section {
            id: format!("section-{}", i + 1),
            title: context.text(&section.title),
            subtitle: subtitle(context, section),
            text: context.paragraphs(&section.text),
            rows,
            kpis,
            figures: drawn,
        });
    }
    all
}

/// What is known of the goal that a section of the default report is about.
fn subtitle(context: &Context, section: &items::Section) -> String {
    if !context.model.reports.is_empty() {
        return String::new();
    }
    let goal =
        section.kpis.first().and_then(|id| context.model.measure(*id).purpose.as_ref()?.goal);
    let Some(goal) = goal.map(|id| &context.model.goals[id.0 as usize]) else {
        return String::new();
    };
    let words = context.words();
    let due =
        goal.due.map(|day| words.say("goal_subtitle_due", &[("day", &context.formatter.day(day))]));
    let owner = goal.owner.as_ref().map(|o| words.say("goal_subtitle_owner", &[("owner", o)]));
    due.into_iter().chain(owner).collect::<Vec<_>>().join(words.label("list_comma"))
}

impl Context<'_> {
    /// A member's colour, from 1: the same one in all charts of the report.
    fn tone(&self, dimension: &str, member: &str) -> u8 {
        let mut toned = self.toned.borrow_mut();
        let members = toned.entry(dimension.to_owned()).or_default();
        let place = members.iter().position(|m| m == member).unwrap_or_else(|| {
            members.push(member.to_owned());
            members.len() - 1
        });
        (place % TONES) as u8 + 1
    }

    fn words(&self) -> &'static Words {
        self.formatter.words
    }

    fn label(&self, name: &str) -> String {
        self.words().label(name).to_owned()
    }

    /// A text in the report's language, on one line.
    fn text(&self, text: &Localized) -> String {
        one_line(text.get(self.words().tag))
    }

    /// A text's paragraphs, each on one line.
    fn paragraphs(&self, text: &Localized) -> Vec<String> {
        paragraphs(text.get(self.words().tag))
    }

    fn subject(&self, id: MeasureId) -> Option<&Subject> {
        self.subjects.iter().find(|s| s.id == id)
    }

    fn title(&self, id: MeasureId) -> String {
        let measure = self.model.measure(id);
        let title = self.text(&measure.title);
        // A name that stands in for a title is read, not written.
        if title.is_empty() || title == measure.name { spoken(&measure.name) } else { title }
    }
}

/// `order_type` as `Order type`.
fn spoken(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn paragraphs(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            if !lines.is_empty() {
                all.push(one_line(&lines.join(" ")));
                lines.clear();
            }
        } else {
            lines.push(line);
        }
    }
    all
}
