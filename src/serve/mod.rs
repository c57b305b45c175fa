//! Pages in a browser, replaced where they lie open.
//!
//! The server knows nothing but the pages that it is given: no path leads to a file. It listens on
//! the loopback address alone, answers only those who call it by that name, and tells every open
//! page when there is another one in its place.

mod guard;
mod pages;

pub use pages::{Page, Site};

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Semaphore, watch};

/// So many connections at a time; a page that is open holds one.
const CONNECTIONS: usize = 1024;
/// So long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// So large the head of a request may be.
const HEAD_BYTES: usize = 32 << 10;
/// So often an open page hears that the server is still there.
const ALIVE: Duration = Duration::from_secs(15);

/// What is served, and who hears of what is new.
#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    site: Arc<watch::Sender<Arc<Site>>>,
}

impl Server {
    /// Listens on a port of the loopback address, 0 for any that is free, and serves until the
    /// program ends.
    ///
    /// # Errors
    /// Where the port is not to be had.
    pub fn start(port: u16, site: Site) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let site = Arc::new(watch::Sender::new(Arc::new(site)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let routes = routes(&site, address);
        std::thread::Builder::new().name("serve".to_owned()).spawn(move || {
            runtime.block_on(accept(listener, routes));
        })?;
        Ok(Self { address, site })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts other pages in the place of those that are served, and tells those that lie open.
    pub fn put(&self, site: Site) {
        self.site.send_replace(Arc::new(site));
    }

    /// What is served.
    pub fn site(&self) -> Arc<Site> {
        self.site.borrow().clone()
    }
}

type Served = Arc<watch::Sender<Arc<Site>>>;

fn routes(site: &Served, address: SocketAddr) -> Router {
    Router::new()
        .route("/_kpi/events", get(events))
        .route("/_kpi/live.js", get(script))
        .fallback(page)
        .with_state(site.clone())
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(address, guard::only_from_here))
}

/// Takes connections in, so many at a time; those that come after them wait.
async fn accept(listener: TcpListener, routes: Router) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = room.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // No descriptors left, or a client that went: both pass.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // What is told is small, and is to be there at once.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(routes.clone());
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
            // A client that breaks off is its own affair.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}

/// A page by its name; the front page where none is named.
async fn page(State(site): State<Served>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "").into_response();
    }
    let site = site.borrow().clone();
    let path = percent_encoding::percent_decode_str(uri.path().trim_start_matches('/'));
    let path = path.decode_utf8_lossy();
    let (status, page) = match site.page(&path) {
        Some(page) => (StatusCode::OK, page),
        None => (StatusCode::NOT_FOUND, site.missing()),
    };
    let kind = HeaderValue::from_static(page.kind);
    (status, [(header::CONTENT_TYPE, kind)], page.bytes).into_response()
}

/// What a page that lies open is told: at once what there is, then whenever that changes. Who is
/// slow is told of the latest state alone.
async fn events(State(site): State<Served>) -> impl IntoResponse {
    let mut seen = site.subscribe();
    seen.mark_changed();
    let stream = futures_util::stream::unfold(seen, |mut seen| async move {
        seen.changed().await.ok()?;
        let state = seen.borrow_and_update().state();
        Some((Ok::<_, std::convert::Infallible>(Event::default().data(state)), seen))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE))
}

async fn script() -> impl IntoResponse {
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], include_str!("live.js"))
}
