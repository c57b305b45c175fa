//! What goes wrong while a build writes: the reports are the old ones or the new ones, each of them
//! whole, and nothing else stays.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const SPEC: &str = r#"source web {
  csv:  "web.csv"
  date: day
  rows: events
  columns {
    visits: count
    device: text
  }
}

kpi visits "Visits" {
  formula: sum(web.visits)
  cadence: monthly
  by:      device
}

report first "NAME" {
  section "All" {
    kpis: visits
  }
}

report second "NAME" {
  section "All" {
    kpis: visits
    chart: visits by device
  }
}
"#;

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let mut rows = String::from("day,visits,device\n");
        for month in 1..=6 {
            let _ = writeln!(rows, "2026-{month:02}-01,{month},phone\n2026-{month:02}-28,1,desk");
        }
        fs::write(place.path().join("web.csv"), rows + "2026-06-30,1,desk\n").unwrap();
        place.named("Oldest");
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Both reports have this title from now on.
    fn named(&self, name: &str) {
        fs::write(self.path().join("shop.kpi"), SPEC.replace("NAME", name)).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kpi"));
        command.args(["build", "--no-cache"]).current_dir(self.path());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn build(&self) -> (Option<i32>, String) {
        let ended = self.command().output().unwrap();
        (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
    }

    /// Every page is whole, and has one of these titles; gives those that there are.
    fn titles(&self) -> BTreeSet<String> {
        let mut titles = BTreeSet::new();
        for name in ["first", "second"] {
            for ending in ["html", "md", "json"] {
                let path = self.path().join(format!("out/{name}.{ending}"));
                let text = fs::read_to_string(&path).unwrap();
                let end = match ending {
                    "html" => text.trim_end().ends_with("</html>"),
                    "json" => serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                    _ => text.ends_with('\n'),
                };
                assert!(end, "{} is torn", path.display());
                let title =
                    ["Oldest", "Newest", "Othermost"].into_iter().find(|t| text.contains(t));
                titles.insert(title.unwrap_or_else(|| panic!("{}", path.display())).to_owned());
            }
        }
        titles
    }

    /// What lies in the project beside what belongs there.
    fn strays(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in [self.path().to_owned(), self.path().join("out")] {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        let known = ["shop.kpi", "web.csv", "out", "index.html", "first", "second"];
        names.retain(|n| {
            !known.contains(&n.as_str()) && !n.starts_with("first.") && !n.starts_with("second.")
        });
        names
    }
}

#[test]
fn a_build_that_is_killed_leaves_whole_pages() {
    let project = Project::new();
    assert_eq!(project.build().0, Some(0));
    let mut killed = 0;
    for n in 0..60_u64 {
        project.named(if n % 2 == 0 { "Newest" } else { "Oldest" });
        let mut child = project.command().spawn().unwrap();
        // From before it has begun to after it has ended.
        std::thread::sleep(Duration::from_micros(n * 700));
        let _ = child.kill();
        killed += usize::from(!child.wait().unwrap().success());
        project.titles();
    }
    assert!(killed > 10, "only {killed} were killed in time");
    // Whatever they left, the next one says the same as if nothing had happened. What a killed one
    // staged is swept by one that comes an hour later.
    project.named("Othermost");
    assert_eq!(project.build().0, Some(0));
    assert_eq!(project.titles(), BTreeSet::from(["Othermost".to_owned()]));
    let strays = project.strays();
    assert!(strays.iter().all(|name| name.starts_with(".kpi-")), "{strays:?}");
    let old = std::time::SystemTime::now() - Duration::from_secs(7300);
    for name in strays {
        fs::File::open(project.path().join(name)).unwrap().set_modified(old).unwrap();
    }
    project.named("Newest");
    assert_eq!(project.build().0, Some(0));
    assert_eq!(project.strays(), Vec::<String>::new());
}

#[test]
fn builds_at_once_are_one_after_the_other() {
    let project = Project::new();
    for round in 0..6 {
        let mut running = Vec::new();
        for name in ["Oldest", "Newest", "Othermost"] {
            // Each reads its own spec from a folder of its own, and all write to one.
            let place = project.path().join(format!("{name}{round}"));
            fs::create_dir(&place).unwrap();
            fs::copy(project.path().join("web.csv"), place.join("web.csv")).unwrap();
            fs::write(place.join("shop.kpi"), SPEC.replace("NAME", name)).unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_kpi"));
            let out = project.path().join("out");
            command.args(["build", "--no-cache", "--out"]).arg(out).current_dir(&place);
            running.push((
                place,
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap(),
            ));
        }
        for (place, mut child) in running {
            assert!(child.wait().unwrap().success());
            fs::remove_dir_all(place).unwrap();
        }
        let titles = project.titles();
        assert_eq!(titles.len(), 1, "pages of several builds side by side: {titles:?}");
        assert_eq!(project.strays(), Vec::<String>::new());
    }
}

#[test]
fn a_folder_that_may_not_be_written_to_keeps_its_reports() {
    let project = Project::new();
    assert_eq!(project.build().0, Some(0));
    project.named("Newest");
    let lock = |mode| {
        let folders = [project.path().join("out"), project.path().to_owned()];
        for folder in folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    lock(0o555);
    // The superuser may write anyway, and becomes nobody for it.
    let ended = if fs::write(project.path().join("probe"), "x").is_ok() {
        fs::remove_file(project.path().join("probe")).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.args([env!("CARGO_BIN_EXE_kpi"), "build", "--no-cache"]);
        command.current_dir(project.path()).env("HOME", "/nonexistent").output().ok()
    } else {
        project.command().output().ok()
    };
    lock(0o755);
    // Nor may nobody reach every folder that a program is built in.
    let Some(ended) = ended.filter(|e| !matches!(e.status.code(), Some(126 | 127))) else { return };
    let ended = (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned());
    assert_eq!(ended.0, Some(1));
    assert!(ended.1.contains("Permission denied"), "{}", ended.1);
    assert_eq!(project.titles(), BTreeSet::from(["Oldest".to_owned()]));
    assert_eq!(project.strays(), Vec::<String>::new());
}

#[test]
fn a_disk_that_is_full_keeps_the_old_reports() {
    let project = Project::new();
    assert_eq!(project.build().0, Some(0));
    project.named("Newest");
    // No file may grow past so many kilobytes: what a full disk does to a write, anywhere
    // and as anybody.
    for kilobytes in [0, 1, 4, 10, 20] {
        let kpi = env!("CARGO_BIN_EXE_kpi");
        let script = format!(
            "trap '' XFSZ; ulimit -f {kilobytes}; exec '{kpi}' build --no-cache 2>&1 | cat"
        );
        let ended = Command::new("bash")
            .args(["-c", &format!("set -o pipefail; {script}")])
            .current_dir(project.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{kilobytes}: {said}");
        assert!(said.contains("error: ") && !said.contains("bug"), "{kilobytes}: {said}");
        assert_eq!(project.titles(), BTreeSet::from(["Oldest".to_owned()]), "{kilobytes}");
        assert_eq!(project.strays(), Vec::<String>::new(), "{kilobytes}");
    }
    assert_eq!(project.build().0, Some(0));
    assert_eq!(project.titles(), BTreeSet::from(["Newest".to_owned()]));
}
