//! `kpi serve` as a client sees it; `tests/browser/serve.sh` looks at it in a browser.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SPEC: &str = r#"source web {
  csv:  "web.csv"
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

report monthly "The month" {
  section "All" {
    kpis: visits
  }
}
"#;

const DATA: &str =
    "day,visits\n2026-04-30,1\n2026-05-01,2\n2026-05-31,3\n2026-06-01,4\n2026-06-30,5\n";

struct Served {
    child: Child,
    port: u16,
    place: tempfile::TempDir,
}

impl Served {
    fn begin(more: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("shop.kpi"), SPEC).unwrap();
        fs::write(place.path().join("web.csv"), DATA).unwrap();
        fs::write(place.path().join("secret.txt"), "secret").unwrap();
        let errors = fs::File::create(place.path().join(".said")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_kpi"))
            .args([&["serve", "--port", "0", "--no-cache"], more].concat())
            .current_dir(place.path())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap();
        let served = Self { port: port.parse().unwrap(), child, place };
        served.until(|state| {
            state["pages"]["index.html"].is_string()
                && state["pages"]["monthly-2026-05.html"].is_string()
        });
        served
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// The status and all of the answer to a request, which is sent as it is.
    fn ask(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect();
        // A server that has heard enough may close before everything is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, answer)
    }

    fn get(&self, path: &str, more: &str) -> (u16, String) {
        let port = self.port;
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{more}\r\n"
        ))
    }

    /// Hears of what is new, from the state that there is on.
    fn listen(&self) -> Events {
        let mut stream = self.connect();
        let port = self.port;
        write!(stream, "GET /_kpi/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").unwrap();
        Events(BufReader::new(stream))
    }

    fn until(&self, holds: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut events = self.listen();
        let begun = Instant::now();
        loop {
            let state = events.next();
            if holds(&state) {
                return state;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{state}\n{}", self.said());
        }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.place.path().join(".said")).unwrap_or_default()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    fn next(&mut self) -> serde_json::Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the server has gone");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

#[test]
fn what_is_built_is_served_and_nothing_else() {
    let served = Served::begin(&[]);
    let (status, front) = served.get("/", "");
    assert_eq!(status, 200);
    assert!(front.contains("href=\"monthly-2026-05.html\""), "{front}");
    assert!(
        front.contains("x-content-type-options: nosniff")
            && front.contains("cache-control: no-store")
    );
    assert_eq!(served.get("/index.html", "").0, 200);
    let (status, page) = served.get("/monthly.html", "");
    assert_eq!(status, 200);
    assert!(page.contains("data-page=\"monthly.html\"") && page.contains("The month"));
    for path in [
        "/secret.txt",
        "/web.csv",
        "/shop.kpi",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "//etc/passwd",
        "/monthly.html/",
        "/..%2fsecret.txt",
        "/%00",
        "/%ff",
        "/_kpi",
        "/_kpi/",
        "/monthly.json",
    ] {
        let (status, answer) = served.get(path, "");
        assert_eq!(status, 404, "{path}");
        assert!(
            !answer.contains("secret\n") && answer.contains("monthly.html"),
            "{path}: {answer}"
        );
    }
    // Nothing is written into the project.
    let mut names: Vec<_> =
        fs::read_dir(served.place.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    names.sort();
    assert_eq!(names, [".said", "secret.txt", "shop.kpi", "web.csv"]);
}

#[test]
fn only_pages_of_this_server_are_answered() {
    let served = Served::begin(&[]);
    let port = served.port;
    let host = |host: &str| {
        served.ask(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).0
    };
    assert_eq!(host(&format!("localhost:{port}")), 200);
    assert_eq!(host("evil.example"), 403);
    assert_eq!(host(&format!("evil.example:{port}")), 403);
    assert_eq!(host(&format!("127.0.0.1.evil.example:{port}")), 403);
    assert_eq!(served.ask("GET / HTTP/1.0\r\n\r\n").0, 403);
    for path in ["/", "/_kpi/events", "/_kpi/live.js", "/nowhere"] {
        assert_eq!(served.get(path, "Origin: http://evil.example\r\n").0, 403, "{path}");
    }
    let own = format!("Origin: http://127.0.0.1:{port}\r\n");
    assert_eq!(served.get("/", &own).0, 200);
    let post = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    );
    assert_eq!(served.ask(&post).0, 405);
    // Heads that are too large, and none at all.
    let long = format!("X-Long: {}\r\n", "x".repeat(100_000));
    assert!(matches!(served.get("/", &long).0, 431 | 400 | 0));
    assert!(matches!(served.get(&format!("/{}", "a".repeat(100_000)), "").0, 414 | 431 | 400 | 0));
    assert!(matches!(served.ask("\u{1}\u{2}\r\n\r\n").0, 400 | 0));
    assert_eq!(served.get("/", "").0, 200);
}

#[test]
fn two_hundred_open_pages_hear_of_a_change() {
    let served = Served::begin(&[]);
    // Some who begin and never end.
    let mut slow: Vec<TcpStream> = (0..50).map(|_| served.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    }
    let mut open: Vec<Events> = (0..200).map(|_| served.listen()).collect();
    let known: Vec<serde_json::Value> = open.iter_mut().map(Events::next).collect();
    assert!(known.iter().all(|state| *state == known[0]));
    fs::write(served.place.path().join("shop.kpi"), SPEC.replace("The month", "Another title"))
        .unwrap();
    for events in &mut open {
        let state = events.next();
        assert_ne!(state["pages"]["monthly.html"], known[0]["pages"]["monthly.html"]);
    }
    assert!(served.get("/monthly.html", "").1.contains("Another title"));
    // What is not read by a client is kept for none of the others.
    drop(slow);
    assert_eq!(served.get("/", "").0, 200);
}

#[test]
fn a_mistake_leaves_the_pages_and_is_told_until_it_is_mended() {
    let served = Served::begin(&["--editor", "zed"]);
    let good = served.listen().next();
    let spec = served.place.path().join("shop.kpi");
    fs::write(&spec, SPEC.replace("sum(", "smu(")).unwrap();
    let broken = served.until(|state| state["problems"].is_string());
    assert_eq!(broken["pages"], good["pages"]);
    assert_eq!(broken["tally"], "1 error");
    let problems = broken["problems"].as_str().unwrap();
    let place = served.place.path().canonicalize().unwrap();
    let link = format!("zed://file{}/shop.kpi:11:12", place.display());
    assert!(problems.contains(&link) && problems.contains("<mark>smu</mark>"), "{problems}");
    fs::write(&spec, SPEC).unwrap();
    let mended = served.until(|state| state["problems"].is_null());
    assert_eq!(mended["pages"], good["pages"]);
    // The spec gone altogether.
    fs::remove_file(&spec).unwrap();
    let gone = served.until(|state| state["problems"].is_string());
    assert!(gone["problems"].as_str().unwrap().contains("no `.kpi` file"), "{gone}");
    assert_eq!(gone["pages"], good["pages"]);
}

#[test]
fn a_project_that_is_broken_from_the_start_is_served_once_it_is_mended() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("shop.kpi"), "kpi a {").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kpi"))
        .args(["serve", "--port", "0", "--no-cache"])
        .current_dir(place.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    let served = Served { child, port, place };
    let broken = served.until(|state| state["problems"].is_string());
    assert_eq!(broken["pages"], serde_json::json!({}));
    let (status, page) = served.get("/", "");
    assert_eq!(status, 200);
    assert!(page.contains("No report yet") && page.contains("/_kpi/live.js"), "{page}");
    fs::write(served.place.path().join("web.csv"), DATA).unwrap();
    fs::write(served.place.path().join("shop.kpi"), SPEC).unwrap();
    served.until(|state| state["pages"]["monthly.html"].is_string());
}

#[test]
fn a_port_that_is_taken_is_told() {
    let served = Served::begin(&[]);
    let port = served.port.to_string();
    let second = Command::new(env!("CARGO_BIN_EXE_kpi"))
        .args(["serve", "--port", &port])
        .current_dir(served.place.path())
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(said, format!("error: port {port} is in use: `--port 0` takes one that is free\n"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_well_whoever_listens() {
    for signal in ["-INT", "-TERM"] {
        let mut served = Served::begin(&[]);
        let _open: Vec<Events> = (0..5).map(|_| served.listen()).collect();
        let id = served.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert_eq!(served.child.wait().unwrap().code(), Some(0), "{signal}: {}", served.said());
    }
}
