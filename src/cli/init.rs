//! `kpi init`

use std::path::Path;

use super::args::{InitArgs, InitCi, InitLanguage};
use super::output::Terminal;
use super::{BUG, FAILED, FINE};
use crate::diagnostic::Diagnostics;
use crate::driver;
use crate::host::disk::{DiskHost, create, inside};
use crate::host::memory::MemoryHost;
use crate::host::{Host, OutputFile};
use crate::init::{self, Ci, Language};
use crate::render::{self, Format};

/// Writes a project to begin with. What is there already is never written over.
pub(super) fn run(args: &InitArgs, terminal: &mut Terminal) -> u8 {
    let folder = args.dir.as_deref().unwrap_or(".");
    if !args.ci.is_empty() {
        return for_ci(folder, &args.ci, terminal);
    }
    let language = match args.lang {
        InitLanguage::En => Language::English,
        InitLanguage::Fa => Language::Persian,
    };
    let files = match &args.from {
        None if args.templates => templates(),
        None => init::starter(language),
        Some(table) => match for_table(table, folder, language, terminal) {
            Ok(files) => files,
            Err(code) => return code,
        },
    };
    if let Err(error) = create(Path::new(folder), &files) {
        return terminal.fail(&error);
    }
    let folder = folder.trim_end_matches('/');
    let shown = |f: &OutputFile| match folder {
        "." => format!("{}\n", f.path),
        folder => format!("{folder}/{}\n", f.path),
    };
    let printed = terminal.print(&files.iter().map(shown).collect::<Vec<_>>().concat());
    if args.templates {
        terminal.say("remove those that stay as they are: the built-in ones take their place\n");
        return printed;
    }
    let next = if folder == "." { "kpi build".to_owned() } else { format!("kpi build {folder}") };
    terminal.say(&format!("a project; `{next}` makes its report\n"));
    printed
}

/// Files that run the project in a folder, in the root of its repository.
fn for_ci(folder: &str, asked: &[InitCi], terminal: &mut Terminal) -> u8 {
    let found = DiskHost::around(Path::new(folder));
    let found = found.and_then(|(host, path)| Ok((host.specs(&path)?, host, path)));
    let (host, path) = match found {
        Ok((specs, host, path)) if !specs.is_empty() => (host, path),
        Ok(_) => {
            terminal.say(&format!(
                "error: no `.kpi` file in {folder}, and CI runs a project: `kpi init` makes one\n"
            ));
            return FAILED;
        }
        Err(error) => return terminal.fail(&error),
    };
    let path = if path.is_empty() { "." } else { &path };
    let mut files = Vec::new();
    for kind in asked {
        let kind = match kind {
            InitCi::Github => Ci::Github,
            InitCi::Gitlab => Ci::Gitlab,
            InitCi::PreCommit => Ci::PreCommit,
        };
        let Some(file) = init::ci(kind, path, env!("CARGO_PKG_VERSION")) else {
            terminal.say(&format!("error: `{path}` has a sign that CI files read otherwise\n"));
            return FAILED;
        };
        if !files.contains(&file) {
            files.push(file);
        }
    }
    if let Err(error) = create(host.root(), &files) {
        return terminal.fail(&error);
    }
    let root = host.root().to_string_lossy();
    let shown: Vec<String> = files.iter().map(|file| format!("{root}/{}\n", file.path)).collect();
    let printed = terminal.print(&shown.concat());
    if !host.root().join(".git").exists() {
        terminal.say("this is in no git repository yet: CI reads them in the root of one\n");
    }
    if printed == FINE { FINE } else { FAILED }
}

/// The built-in templates where a project's own ones lie.
fn templates() -> Vec<OutputFile> {
    let file = |(name, text): (&str, &str)| OutputFile {
        path: format!("templates/{name}"),
        bytes: text.as_bytes().to_vec(),
    };
    render::built_in_templates().map(file).collect()
}

/// The spec for a table, and the table itself where it lies outside of the project's folder.
fn for_table(
    table: &str,
    folder: &str,
    language: Language,
    terminal: &mut Terminal,
) -> Result<Vec<OutputFile>, u8> {
    let read = DiskHost::around(Path::new(table)).and_then(|(host, path)| host.read(&path));
    let bytes = read.map_err(|error| terminal.fail(&error))?;
    let text = |part: Option<&std::ffi::OsStr>| part.map(|p| p.to_string_lossy().into_owned());
    let name = text(Path::new(table).file_name()).unwrap_or_default();
    let stem = text(Path::new(table).file_stem()).unwrap_or_default();
    let within = inside(Path::new(folder), Path::new(table));
    let path = within.clone().unwrap_or_else(|| format!("data/{name}"));
    let spec = init::from_table(&stem, &path, &bytes, language).map_err(|refusal| {
        terminal.say(&format!("error: {table}: {}\n  help: {}\n", refusal.message, refusal.help));
        FAILED
    })?;
    // A hidden file belongs to no project.
    let file = if stem.starts_with('.') { "project.kpi".to_owned() } else { format!("{stem}.kpi") };
    let spec = tried(&file, spec, (&path, &bytes), terminal)?;
    let mut files = vec![OutputFile { path: file, bytes: spec.into_bytes() }];
    if within.is_none() {
        files.push(OutputFile { path, bytes });
    }
    Ok(files)
}

/// Formats the spec, and builds its report without writing it: what was guessed must hold for
/// every row of the table.
fn tried(
    file: &str,
    spec: String,
    table: (&str, &[u8]),
    terminal: &mut Terminal,
) -> Result<String, u8> {
    let mut out = Diagnostics::default();
    let host = MemoryHost::new([(file, spec.into_bytes())]);
    let formatted = driver::format(&host, file, &mut out).map_err(|e| terminal.fail(&e))?;
    let spec = formatted.1.into_iter().next().map(|f| f.text);
    let Some(Ok(spec)) = spec else {
        terminal.plead();
        return Err(BUG);
    };
    let host = MemoryHost::new([(file, spec.as_bytes()), (table.0, table.1)]);
    let project = driver::load(&host, "").map_err(|e| terminal.fail(&e))?;
    let mut out = project.diagnostics.clone();
    if !out.has_errors() {
        let specs = driver::reports(&project.model);
        let specs: Vec<_> = specs.iter().collect();
        let built = driver::build(&host, &project, &specs, &[Format::Json], None, &mut out);
        built.map_err(|e| terminal.fail(&e))?;
    }
    terminal.diagnose(&out, &project.sources);
    if out.has_errors() {
        let message =
            "error: the table does not hold what its rows let guess; nothing was written\n";
        terminal.say(message);
        return Err(FAILED);
    }
    Ok(spec)
}
