//! `kpi serve`

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Instant;

use super::args::{BuildArgs, BuildFormat, ServeArgs};
use super::build::{Made, Outcome, make};
use super::output::Terminal;
use super::watch::{BLIND, depends, end, silent, state};
use super::{FAILED, FINE, USAGE};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::render::{escaped, html, tally};
use crate::driver::{self, Built, Project};
use crate::host::disk::{self, DiskHost};
use crate::host::record::RecordingHost;
use crate::host::{HeldShelf, Host, Shelf, Stamp};
use crate::render::Format;
use crate::serve::{Page, Server, Site};
use crate::watch::{Dependencies, Task, Watch};

/// The port, and so many behind it, where none is asked for.
const PORT: u16 = 5747;
const TRIED: u16 = 20;

/// Serves the reports until it is interrupted, and makes them again at each change.
pub(super) fn run(args: &ServeArgs, terminal: &mut Terminal) -> u8 {
    let (host, path) = match super::open(&args.path, args.cache) {
        Ok(found) => found,
        Err(error) => return terminal.fail(&error),
    };
    let editor = match editor(args.editor.as_deref()) {
        Ok(editor) => editor,
        Err(message) => {
            terminal.say(&format!("error: {message}\n"));
            return USAGE;
        }
    };
    let watch = Watch::default();
    let stopper = watch.stopper();
    // Where there is no way to hear of it, the program ends as any other does.
    let _ = ctrlc::set_handler(move || stopper.stop());
    let server = match start(args.port) {
        Ok(server) => server,
        Err(message) => {
            terminal.say(&format!("error: {message}\n"));
            return FAILED;
        }
    };
    let address = format!("http://{}/", server.address());
    if terminal.print(&format!("{address}\n")) != FINE {
        return FAILED;
    }
    let silent = silent(&host, args.poll, terminal);
    let held = host.shelf().map(HeldShelf::new);
    let build = BuildArgs {
        path: args.path.clone(),
        out: None,
        reports: args.reports.clone(),
        format: vec![BuildFormat::Html],
        due: false,
        summary: None,
        as_of: args.as_of.clone(),
        past: 0,
        fail_on: Vec::new(),
        cache: args.cache,
    };
    let mut task = Serve {
        args,
        build,
        host: &host,
        path: &path,
        held: held.as_ref(),
        editor,
        server,
        later: None,
        earlier: BTreeMap::new(),
        opened: !args.open,
        terminal,
    };
    let ended = watch.run(silent, &mut task);
    end(ended, terminal)
}

/// The server on the port that is asked for, else on the first that is free.
fn start(port: Option<u16>) -> Result<Server, String> {
    let begin = |port| Server::start(port, Site::default());
    if let Some(port) = port {
        return begin(port).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!("port {port} is in use: `--port 0` takes one that is free")
            }
            _ => format!("port {port}: {error}"),
        });
    }
    let mut error = None;
    for port in (PORT..PORT + TRIED).chain([0]) {
        match begin(port) {
            Ok(server) => return Ok(server),
            Err(found) => error = Some(found),
        }
    }
    Err(error.map_or_else(String::new, |error| format!("no port can be had: {error}")))
}

/// How a place is opened: an address with `{path}`, `{line}` and `{column}` in it; none where no
/// links are wanted.
fn editor(name: Option<&str>) -> Result<Option<String>, String> {
    let known = [
        ("vscode", "vscode://file{path}:{line}:{column}"),
        ("vscodium", "vscodium://file{path}:{line}:{column}"),
        ("cursor", "cursor://file{path}:{line}:{column}"),
        ("zed", "zed://file{path}:{line}:{column}"),
        ("jetbrains", "idea://open?file={path}&line={line}&column={column}"),
        ("sublime", "subl://open?url=file://{path}&line={line}&column={column}"),
        ("textmate", "txmt://open?url=file://{path}&line={line}&column={column}"),
        ("emacs", "org-protocol://open-file?file={path}&line={line}&column={column}"),
    ];
    let name = name.unwrap_or("vscode");
    if name == "none" {
        return Ok(None);
    }
    if let Some((_, address)) = known.iter().find(|(known, _)| *known == name) {
        return Ok(Some((*address).to_owned()));
    }
    let scheme = name.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_script = ["javascript", "data", "vbscript"].contains(&scheme.to_lowercase().as_str());
    if name.contains("{path}") && !scheme.is_empty() && !is_script {
        return Ok(Some(name.to_owned()));
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    Err(format!(
        "`--editor {name}` is none of {} or `none`, and no address with {{path}} in it",
        names.join(", ")
    ))
}

/// What is made while nothing changes: the reports of earlier periods.
struct Later {
    project: Project,
    made: Made,
    /// Reports by their places in `made`, of which earlier periods are still to be made.
    open: Vec<usize>,
}

struct Serve<'s, 't> {
    args: &'s ServeArgs,
    build: BuildArgs,
    host: &'s DiskHost,
    path: &'s str,
    held: Option<&'s HeldShelf<'s>>,
    editor: Option<String>,
    server: Server,
    later: Option<Later>,
    /// The reports of earlier periods, by the report's name, as they were made last.
    earlier: BTreeMap<String, Vec<Built>>,
    /// Whether a browser was opened, or none is to be.
    opened: bool,
    terminal: &'t mut Terminal,
}

impl Task for Serve<'_, '_> {
    type State = Vec<(String, Option<Stamp>)>;

    fn run(&mut self) -> Dependencies {
        let shelf = self.held.map(|held| held as &dyn Shelf);
        let recording = RecordingHost::new(self.host).with_shelf(shelf);
        self.once(&recording);
        if !self.opened {
            self.opened = true;
            let address = format!("http://{}/", self.server.address());
            if let Err(error) = disk::browse(&address) {
                self.terminal.say(&format!("no browser was opened: {error}\n"));
            }
        }
        // A build beside it may write into the project: that is no change of what it is made from.
        let output = super::build::folder(&self.build);
        let output = std::path::absolute(&output).unwrap_or_else(|_| output.into());
        depends(self.host, &recording.seen(), output)
    }

    fn idle(&mut self) -> bool {
        let Some(mut later) = self.later.take() else { return false };
        let Some(at) = later.open.first().copied() else {
            self.earlier.clear();
            self.put_whole(later);
            return false;
        };
        match self.earlier(&later, at) {
            Some(built) => later.made.reports[at].push(built),
            None => {
                later.open.remove(0);
            }
        }
        self.later = Some(later);
        true
    }

    fn look(&self, depends: &Dependencies) -> Self::State {
        state(self.host, depends)
    }

    fn blind(&mut self) {
        self.terminal.say(BLIND);
    }
}

impl Serve<'_, '_> {
    /// Makes the latest reports and puts them in place; earlier ones come later.
    fn once(&mut self, host: &dyn Host) {
        let begun = Instant::now();
        self.later = None;
        self.terminal.heard();
        let project = match driver::load(host, self.path) {
            Ok(project) => project,
            Err(error) => {
                self.terminal.fail(&error);
                let said = self.terminal.heard();
                return self.broken(&Diagnostics::default(), None, &said);
            }
        };
        let mut out = Diagnostics::default();
        let outcome = make(&self.build, host, &project, (&mut out, self.terminal));
        let said = self.terminal.heard();
        self.terminal.diagnose(&out, &project.sources);
        let Outcome::Made(made) = outcome else {
            return self.broken(&out, Some(&project), &said);
        };
        let made = self.put(&project, made);
        let reports = made.latest().len();
        let noun = if reports == 1 { "report" } else { "reports" };
        self.terminal.say(&format!("{reports} {noun} in {} ms\n", begun.elapsed().as_millis()));
        let open = if self.args.past == 0 { Vec::new() } else { (0..reports).collect() };
        self.later = (!open.is_empty()).then_some(Later { project, made, open });
    }

    /// The pages stay, and what is wrong lies above them.
    fn broken(&self, out: &Diagnostics, project: Option<&Project>, said: &str) {
        let root = self.host.root();
        let link = |path: &str, line: u64, column: u64| -> Option<String> {
            let address = self.editor.as_ref()?;
            Some(address_of(address, root, path, line, column))
        };
        let none = crate::source::Sources::default();
        let sources = project.map_or(&none, |project| &project.sources);
        let mut markup = html(out, sources, &link);
        if !said.is_empty() {
            let said = escaped(said);
            markup = format!("<article class=\"error\"><pre>{said}</pre></article>\n{markup}");
        }
        let tally = tally(out);
        let tally = if tally.is_empty() { "It cannot be built".to_owned() } else { tally };
        self.server.put(self.server.site().but(markup, tally));
    }

    /// The report of the period before the last that was made; none where there is none, or enough.
    fn earlier(&self, later: &Later, at: usize) -> Option<Built> {
        let made = &later.made.reports[at];
        if made.len() > usize::from(self.args.past) {
            return None;
        }
        let specs = driver::reports(&later.project.model);
        let first = made.first()?;
        let spec = specs.iter().find(|spec| spec.name == first.document.name)?;
        let shelf = self.held.map(|held| held as &dyn Shelf);
        let host = RecordingHost::new(self.host).with_shelf(shelf);
        let mut out = Diagnostics::default();
        let asked = (&made.last()?.document, 1);
        let past = driver::past(&host, &later.project, spec, asked, &[Format::Html], &mut out);
        past.ok()?.built.into_iter().next()
    }

    /// Puts the latest reports in place; earlier periods are as they were until they are made again,
    /// so that neither a page that lies open nor the list of all loses one for a moment.
    fn put(&mut self, project: &Project, mut made: Made) -> Made {
        let mut known = std::mem::take(&mut self.earlier);
        for report in &mut made.reports {
            let name = report.first().map(|built| built.document.name.clone());
            report.extend(name.and_then(|name| known.remove(&name)).into_iter().flatten());
        }
        self.all(project, &mut made);
        for report in &mut made.reports {
            let earlier = report.split_off(report.len().min(1));
            if let Some(latest) = report.first() {
                self.earlier.insert(latest.document.name.clone(), earlier);
            }
        }
        made
    }

    /// Puts in place what was made while nothing changed.
    fn put_whole(&mut self, later: Later) {
        let Later { project, made, .. } = later;
        self.put(&project, made);
    }

    /// Puts everything that is made in place, with a front page that names it.
    fn all(&self, project: &Project, made: &mut Made) {
        let mut out = Diagnostics::default();
        if self.build.reports.is_empty() {
            made.front = driver::index(self.host, project, &made.reports, &mut out).ok().flatten();
        }
        self.server.put(Site::new(pages(made)));
    }
}

fn pages(made: &Made) -> BTreeMap<String, Page> {
    let files = made.files().into_iter();
    files.map(|file| (file.path.clone(), Page::new(&file.path, file.bytes))).collect()
}

/// The address that opens a place.
fn address_of(address: &str, root: &Path, path: &str, line: u64, column: u64) -> String {
    let whole = root.join(path).to_string_lossy().replace('\\', "/");
    let whole = if whole.starts_with('/') { whole } else { format!("/{whole}") };
    address
        .replace("{path}", &disk_path(&whole))
        .replace("{line}", &line.to_string())
        .replace("{column}", &column.to_string())
}

/// A path as an address writes it.
fn disk_path(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(path, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_have_addresses() {
        let address = editor(None).unwrap().unwrap();
        let place = address_of(&address, Path::new("/a b"), "شاخص.kpi", 3, 5);
        assert_eq!(place, "vscode://file/a%20b/%D8%B4%D8%A7%D8%AE%D8%B5.kpi:3:5");
        assert_eq!(editor(Some("none")).unwrap(), None);
        let own = editor(Some("my://x?f={path}&l={line}")).unwrap().unwrap();
        assert_eq!(address_of(&own, Path::new("/a"), "b.kpi", 7, 1), "my://x?f=/a/b.kpi&l=7");
        assert!(editor(Some("javascript:alert('{path}')")).is_err());
        assert!(editor(Some("vim")).unwrap_err().contains("vscode"));
    }
}
