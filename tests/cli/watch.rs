//! `kpi watch`: however a file is saved, moved, taken away or brought back, the report that follows
//! is the right one.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SPEC: &str = r#"source web {
  csv:  "data/web.csv"
  date: day
  rows: events
  columns {
    visits: count
  }
}

kpi visits "Visits" {
  formula: sum(web.visits)
  cadence: monthly
}

report monthly "Month" {
  section "All" {
    kpis: visits
  }
}
"#;

fn table(visits: u32) -> String {
    format!("day,visits\n2026-05-01,1\n2026-05-31,1\n2026-06-01,{visits}\n2026-06-30,0\n")
}

struct Watched {
    child: Child,
    place: tempfile::TempDir,
}

impl Watched {
    fn begin(more: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("data")).unwrap();
        fs::write(place.path().join("shop.kpi"), SPEC).unwrap();
        fs::write(place.path().join("data/web.csv"), table(1)).unwrap();
        let errors = fs::File::create(place.path().join(".said")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_kpi"))
            .args([&["watch", "--format", "json", "--no-cache"], more].concat())
            .current_dir(place.path())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .unwrap();
        let watched = Self { child, place };
        watched.shows(1);
        watched
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.place.path().join(name)
    }

    fn said(&self) -> String {
        fs::read_to_string(self.path(".said")).unwrap_or_default()
    }

    /// Waits until the report has this value.
    fn shows(&self, visits: u32) {
        let begun = Instant::now();
        let report = self.path("out/monthly.json");
        loop {
            let text = fs::read_to_string(&report).unwrap_or_default();
            let found: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            let raw = found.map(|f| f["sections"][0]["rows"][0]["value"]["raw"].clone());
            if raw == Some(visits.to_string().into()) {
                return;
            }
            let waited = begun.elapsed() > Duration::from_secs(60);
            assert!(!waited, "{raw:?} in place of {visits}\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until so many builds were told of, and no more follow for a while.
    fn builds(&self) -> usize {
        let mut known = usize::MAX;
        loop {
            let now = self.said().matches("built in").count();
            if now == known {
                return now;
            }
            known = now;
            std::thread::sleep(Duration::from_millis(900));
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes beside the file and renames over it, as vim, `IntelliJ` and `sed -i` do.
fn by_rename(path: &Path, text: &str) {
    let beside = path.with_extension("new~");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

#[test]
fn every_way_of_saving_is_seen() {
    let watched = Watched::begin(&[]);
    let data = watched.path("data/web.csv");
    by_rename(&data, &table(2));
    watched.shows(2);
    // In place, as VS Code and `>` do.
    fs::write(&data, table(3)).unwrap();
    watched.shows(3);
    // In two steps, with nothing in between.
    fs::write(&data, "").unwrap();
    fs::write(&data, table(4)).unwrap();
    watched.shows(4);
    // Away and back: the report stays while there is no file.
    fs::remove_file(&data).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    watched.shows(4);
    assert!(watched.said().contains("K4002"), "{}", watched.said());
    fs::write(&data, table(5)).unwrap();
    watched.shows(5);
    // The old one kept by another name first, as emacs does.
    fs::rename(&data, watched.path("data/web.csv~")).unwrap();
    fs::write(&data, table(6)).unwrap();
    watched.shows(6);
    // The whole folder away, and another in its place.
    fs::rename(watched.path("data"), watched.path("before")).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    watched.shows(6);
    fs::create_dir(watched.path("data")).unwrap();
    fs::write(&data, table(7)).unwrap();
    watched.shows(7);
    by_rename(&data, &table(8));
    watched.shows(8);
    // Two folders change places at once, as `git checkout` of another branch does.
    fs::create_dir(watched.path("next")).unwrap();
    fs::write(watched.path("next/web.csv"), table(9)).unwrap();
    fs::rename(watched.path("data"), watched.path("last")).unwrap();
    fs::rename(watched.path("next"), watched.path("data")).unwrap();
    watched.shows(9);
    fs::write(&data, table(10)).unwrap();
    watched.shows(10);
    // A spec, by both ways; a mistake in it leaves the report.
    let spec = watched.path("shop.kpi");
    by_rename(&spec, &SPEC.replace("sum(web.visits)", "sum(web.visits) * 3"));
    watched.shows(30);
    fs::write(&spec, SPEC.replace("sum(", "smu(")).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    watched.shows(30);
    fs::write(&spec, SPEC).unwrap();
    watched.shows(10);
}

#[test]
fn many_changes_at_once_are_one() {
    let watched = Watched::begin(&[]);
    let before = watched.builds();
    for n in 0..1000 {
        fs::write(watched.path("data/other.csv"), n.to_string()).unwrap();
    }
    fs::write(watched.path("data/web.csv"), table(2)).unwrap();
    watched.shows(2);
    let after = watched.builds();
    assert!((1..=3).contains(&(after - before)), "{} builds\n{}", after - before, watched.said());
    // What it never looked at, its own reports, reads and hidden files start nothing.
    fs::write(watched.path("notes.txt"), "x").unwrap();
    fs::write(watched.path(".hidden"), "x").unwrap();
    fs::read(watched.path("data/web.csv")).unwrap();
    fs::write(watched.path("out/more.txt"), "x").unwrap();
    assert_eq!(watched.builds(), after);
}

#[test]
fn where_the_system_does_not_tell_it_looks() {
    let watched = Watched::begin(&["--poll"]);
    for visits in 2..4 {
        // Times of writing have steps of a few milliseconds at least.
        std::thread::sleep(Duration::from_millis(50));
        by_rename(&watched.path("data/web.csv"), &table(visits));
        watched.shows(visits);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_well() {
    for signal in ["-INT", "-TERM"] {
        let mut watched = Watched::begin(&[]);
        let id = watched.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = watched.child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{signal}: {}", watched.said());
        let left = fs::read_dir(watched.place.path()).unwrap().flatten();
        let left: Vec<_> =
            left.filter(|e| e.file_name().to_string_lossy().starts_with(".kpi-")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// A spec that comes into a folder where there was none, or into one that was not there.
#[test]
fn a_spec_in_a_new_place_is_seen() {
    let place = |name: &str| format!("kpi {name} {{\n  formula: nothing_like_it\n}}\n");
    let watched = Watched::begin(&[]);
    fs::create_dir(watched.path("empty")).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    for path in ["empty/a.kpi", "new/deep/b.kpi"] {
        let path = watched.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        fs::write(&path, place(&name)).unwrap();
        let begun = Instant::now();
        while !watched.said().contains(&format!("{name}.kpi:2:12")) {
            assert!(begun.elapsed() < Duration::from_secs(60), "{name}: {}", watched.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        fs::remove_file(&path).unwrap();
        fs::write(watched.path("data/web.csv"), table(u32::try_from(name.len()).unwrap() + 4))
            .unwrap();
        watched.shows(5);
    }
}

/// Another branch has another spec and other data, in folders that only it has.
#[test]
fn another_branch_is_seen() {
    let watched = Watched::begin(&[]);
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(watched.place.path());
        command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]).args(args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    // Without git there are no branches.
    if !git(&["init", "-q", "-b", "main", "."]) {
        return;
    }
    fs::write(watched.path(".gitignore"), "out/\n.said\n").unwrap();
    assert!(git(&["add", "-A"]) && git(&["commit", "-q", "-m", "one"]));
    assert!(git(&["checkout", "-q", "-b", "other"]));
    fs::create_dir(watched.path("tables")).unwrap();
    fs::write(watched.path("tables/web.csv"), table(7)).unwrap();
    fs::remove_dir_all(watched.path("data")).unwrap();
    fs::write(watched.path("shop.kpi"), SPEC.replace("data/", "tables/")).unwrap();
    watched.shows(7);
    assert!(git(&["add", "-A"]) && git(&["commit", "-q", "-m", "two"]));
    for _ in 0..3 {
        assert!(git(&["checkout", "-q", "main"]));
        watched.shows(1);
        assert!(git(&["checkout", "-q", "other"]));
        watched.shows(7);
    }
    // A folder of another name, and the spec after it.
    fs::rename(watched.path("tables"), watched.path("exports")).unwrap();
    fs::write(watched.path("shop.kpi"), SPEC.replace("data/", "exports/")).unwrap();
    fs::write(watched.path("exports/web.csv"), table(8)).unwrap();
    watched.shows(8);
}
