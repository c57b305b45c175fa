//! The arguments of every command.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// KPIs as plain text, reports from plain CSV.
#[derive(Debug, Parser)]
#[command(name = "kpi", version, about, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 fine; 1 the spec or the data has errors; 2 wrong usage; \
3 built, and --fail-on fired; 70 a bug of ours.")]
pub(super) struct Kpi {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// A project to begin with: a small one, or one made for a table
    Init(InitArgs),
    /// Parse, resolve and check units; reads no more of the data than its headers
    Check(CheckArgs),
    /// Put the specs into the one layout of the language
    Fmt(FmtArgs),
    /// The numbers alone, of KPIs and metrics
    Eval(EvalArgs),
    /// The reports
    Build(BuildArgs),
    /// The reports, again at each change of a file that they are made from
    Watch(WatchArgs),
    /// The reports in a browser, made again and replaced there at each change
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// What a project defines
    List(ListArgs),
    /// The `test` blocks: whether the numbers are those that the spec claims
    Test(TestArgs),
    /// Definitions that are due for a review, overdue first
    Review(ReviewArgs),
    /// What changed in the definitions between two states of a repository, and what that does to
    /// the values
    Diff(DiffArgs),
    /// The history of a definition: who changed what, when and why
    Log(LogArgs),
    /// Where numbers come from and where they go: source, metric, KPI, goal, report
    Graph(GraphArgs),
    /// How a number came about, down to its rows; or the long form of a diagnostic's code
    Explain(ExplainArgs),
    /// A script that completes commands and flags in a shell
    Completions(CompletionsArgs),
    /// The manual, as a page for `man`
    Man,
    /// Everything else: commands of later versions, and slips
    #[command(external_subcommand)]
    Later(Vec<String>),
}

/// What is kept between runs.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct CacheArgs {
    /// Read all data again, and keep nothing of it for the next run
    #[arg(long)]
    pub(super) no_cache: bool,
}

/// `kpi watch`
#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    #[command(flatten)]
    pub(super) build: BuildArgs,
    /// Look for changes every half second, where the system does not tell of them
    #[arg(long)]
    pub(super) poll: bool,
}

/// `kpi serve`
#[cfg(feature = "serve")]
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// The port of 127.0.0.1 to listen on, 0 for any that is free; without it 5747, or the next
    /// that is free
    #[arg(long)]
    pub(super) port: Option<u16>,
    /// Open the front page in a browser
    #[arg(long)]
    pub(super) open: bool,
    /// What opens a place in a spec: `vscode`, `vscodium`, `cursor`, `zed`, `jetbrains`, `sublime`,
    /// `textmate`, `emacs`, `none`, or an address with {path}, {line} and {column} in it
    #[arg(long, value_name = "EDITOR")]
    pub(super) editor: Option<String>,
    /// A report by name, as often as needed; without it all of them
    #[arg(long = "report", value_name = "NAME")]
    pub(super) reports: Vec<String>,
    /// Rows after this day do not count; a day or `today`
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// So many earlier periods of each report too, as they stood when they ended
    #[arg(long, value_name = "PERIODS", default_value_t = 12, value_parser = clap::value_parser!(u16).range(0..=120))]
    pub(super) past: u16,
    /// Look for changes every half second, where the system does not tell of them
    #[arg(long)]
    pub(super) poll: bool,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
}

/// `kpi completions`
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

/// `kpi init`
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder to write it to; without it this one
    pub(super) dir: Option<String>,
    /// The language of its names and texts
    #[arg(long, value_enum, default_value_t = InitLanguage::En)]
    pub(super) lang: InitLanguage,
    /// A CSV file to make the project for
    #[arg(long, value_name = "FILE.csv")]
    pub(super) from: Option<String>,
    /// The built-in templates of reports in place of a project, to be changed
    #[arg(long, conflicts_with_all = ["from", "lang"])]
    pub(super) templates: bool,
    /// Files that run the project which is there in CI and before each commit, in the repository's
    /// root, in place of a project; several with commas
    #[arg(long, value_enum, value_delimiter = ',', conflicts_with_all = ["from", "lang", "templates"])]
    pub(super) ci: Vec<InitCi>,
}

/// What `kpi init --ci` writes a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InitCi {
    /// A workflow of GitHub Actions
    Github,
    /// A pipeline of GitLab
    Gitlab,
    /// Hooks of the program `pre-commit`
    PreCommit,
}

/// The languages of `kpi init`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InitLanguage {
    /// English
    En,
    /// Persian
    Fa,
}

/// `kpi check`
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(super) format: CheckFormat,
    /// Make the command fail on these too
    #[arg(long, value_enum)]
    pub(super) deny: Option<Deny>,
    /// The day that deadlines and reviews are held against: today, where it is not said
    #[arg(long, value_name = "DAY")]
    pub(super) as_of: Option<String>,
}

/// The formats of `kpi check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people, on stderr
    Human,
    /// One array, on stdout
    Json,
    /// A log of SARIF 2.1.0, on stdout
    Sarif,
    /// Workflow commands of GitHub, on stdout
    Github,
    /// A report of code quality for GitLab, on stdout
    Gitlab,
}

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Warnings fail, too
    Warnings,
}

/// `kpi fmt`
#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// A folder, or one file; without it this folder
    #[arg(conflicts_with = "stdin")]
    pub(super) path: Option<String>,
    /// Write nothing; print what would change, and exit with 1 where something would
    #[arg(long)]
    pub(super) check: bool,
    /// Read one file from standard input, and write it to standard output
    #[arg(long)]
    pub(super) stdin: bool,
}

/// `kpi eval`
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// A KPI or metric by name, as often as needed; without it all KPIs
    #[arg(long = "kpi", value_name = "NAME")]
    pub(super) kpis: Vec<String>,
    /// A dimension to break down by, as often as needed
    #[arg(long = "by", value_name = "DIM")]
    pub(super) by: Vec<String>,
    /// Daily, weekly, monthly, quarterly or yearly; without it each KPI's own cadence
    #[arg(long, value_name = "CADENCE")]
    pub(super) every: Option<String>,
    /// The first day or period
    #[arg(long, value_name = "DATE")]
    pub(super) from: Option<String>,
    /// The last day or period
    #[arg(long, value_name = "DATE")]
    pub(super) to: Option<String>,
    /// Rows after this day do not count; a day or `today`
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// How to print the numbers
    #[arg(long, value_enum, default_value_t = EvalFormat::Table)]
    pub(super) format: EvalFormat,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
}

/// The formats of `kpi eval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EvalFormat {
    /// Aligned columns
    Table,
    /// One array of objects
    Json,
    /// A line a value
    Csv,
}

/// `kpi build`
#[derive(Debug, Args)]
pub(super) struct BuildArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// Where the reports go; without it the folder `out` of the project
    #[arg(long, value_name = "DIR", value_parser = NonEmptyStringValueParser::new())]
    pub(super) out: Option<String>,
    /// A report by name, as often as needed; without it all of them
    #[arg(long = "report", value_name = "NAME")]
    pub(super) reports: Vec<String>,
    /// What to write
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [BuildFormat::Html, BuildFormat::Markdown, BuildFormat::Json])]
    pub(super) format: Vec<BuildFormat>,
    /// Only the reports of which a period ended on the day before `--as-of`, or before today
    #[arg(long, conflicts_with = "reports")]
    pub(super) due: bool,
    /// A file to add a summary in Markdown to, for the page of a CI job
    #[arg(long, value_name = "FILE", value_parser = NonEmptyStringValueParser::new())]
    pub(super) summary: Option<String>,
    /// Rows after this day do not count; a day or `today`
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// So many earlier periods of each report too, as they stood when they ended
    #[arg(long, value_name = "PERIODS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=120))]
    pub(super) past: u16,
    /// Exit with 3 where it is like this; several with commas
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(super) fail_on: Vec<FailOn>,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
}

/// The formats of `kpi build`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BuildFormat {
    /// One self-contained page
    Html,
    /// For repositories and wikis, with SVG files beside it
    Markdown,
    /// Everything that the other two show
    Json,
    /// A message with its charts as pictures (.eml)
    Email,
    /// A workbook
    Xlsx,
}

/// What `--fail-on` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// A KPI is off track
    OffTrack,
    /// A KPI is off track or at risk
    AtRisk,
    /// A KPI is off track that was not in the report that is replaced
    NewlyOffTrack,
    /// The data of a source are older than its KPIs' cadence
    Stale,
    /// The review of a definition is overdue
    ReviewDue,
}

/// `kpi list`
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// What the standard library has, in place of a project
    #[arg(long, conflicts_with = "path")]
    pub(super) std: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(super) format: ListFormat,
}

/// The formats of `kpi list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// Aligned columns
    Table,
    /// One array of objects
    Json,
}

/// `kpi test`
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// Rows after this day do not count; a day or `today`
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// How to print what became of each line
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(super) format: TestFormat,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
}

/// The formats of `kpi test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// For people: the tests, and what failed
    Human,
    /// One array of objects, one a line and member
    Json,
    /// `JUnit` XML, which test runners read
    Junit,
}

/// `kpi review`
#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// A project's folder, or one file; with `--decision` a KPI behind it, or alone
    #[arg(num_args = 0..=2, value_name = "PATH_OR_NAME")]
    pub(super) words: Vec<String>,
    /// Write down what was decided of a KPI
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with = "as_of")]
    pub(super) decision: Option<Decision>,
    /// Why, in a sentence
    #[arg(long, value_name = "TEXT", requires = "decision")]
    pub(super) note: Option<String>,
    /// Only what is due by that day, and not what will be within a month
    #[arg(long, conflicts_with = "decision")]
    pub(super) due: bool,
    /// The day on which it was decided; without it today
    #[arg(long, value_name = "DATE", requires = "decision")]
    pub(super) on: Option<String>,
    /// The day on which it is asked, or `today`; without it the last day that the data reach
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(super) format: ListFormat,
}

/// What a review decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Decision {
    /// The definition stays as it is
    Keep,
    /// It is to be changed
    Change,
    /// It is to go
    Retire,
}

impl Decision {
    /// As the spec writes it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Retire => "retire",
        }
    }
}

/// `kpi diff`
#[derive(Debug, Args)]
#[command(override_usage = "kpi diff [OPTIONS] [PATH] [OLD..NEW]")]
pub(super) struct DiffArgs {
    /// The states: `main..HEAD`, `main...HEAD` (from where the two parted), `main..` (up to the
    /// files as they lie there); without it what is not committed yet. Before it a project's folder
    /// or file, where it is another than this
    #[arg(num_args = 0..=2, value_name = "OLD..NEW")]
    pub(super) words: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(super) format: DiffFormat,
    /// Only what changed in the definitions, without reading any data
    #[arg(long)]
    pub(super) no_values: bool,
    /// Rows after this day do not count; a day or `today`
    #[arg(long, value_name = "DATE", conflicts_with = "no_values")]
    pub(super) as_of: Option<String>,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
}

/// The formats of `kpi diff` and `kpi log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    Text,
    /// For the page of a pull request, below 64 KB
    Markdown,
    /// One object
    Json,
}

/// `kpi log`
#[derive(Debug, Args)]
#[command(override_usage = "kpi log [OPTIONS] [PATH] NAME")]
pub(super) struct LogArgs {
    /// A KPI, a metric or anything else that has a name, behind the project's folder or file where
    /// it is another than this
    #[arg(required = true, num_args = 1..=2, value_name = "NAME")]
    pub(super) words: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(super) format: DiffFormat,
}

/// `kpi graph`
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    /// A project's folder, or one file
    #[arg(default_value = ".")]
    pub(super) path: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub(super) format: GraphFormat,
}

/// The formats of `kpi graph`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    /// A line a node, and below it what it is made of
    Text,
    /// For Graphviz
    Dot,
    /// For Markdown
    Mermaid,
}

/// `kpi explain`
#[derive(Debug, Args)]
#[command(override_usage = "kpi explain [OPTIONS] [PATH] NAME\n       kpi explain CODE")]
pub(super) struct ExplainArgs {
    /// A KPI or metric by name, behind the project's folder or file where it is another than
    /// this; or a diagnostic's code (K3001) or its name (unit-mismatch)
    #[arg(required = true, num_args = 1..=2, value_name = "NAME")]
    pub(super) words: Vec<String>,
    /// A day or period; without it the last closed one
    #[arg(long = "in", value_name = "PERIOD")]
    pub(super) period: Option<String>,
    /// A member of a dimension, as often as needed; `(none)` for rows without one
    #[arg(long = "for", value_name = "DIM=VALUE")]
    pub(super) members: Vec<String>,
    /// Rows after this day do not count; a day or `today`
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Human)]
    pub(super) format: ExplainFormat,
    #[command(flatten)]
    pub(super) cache: CacheArgs,
}

/// The formats of `kpi explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    /// For people
    Human,
    /// One object
    Json,
}
