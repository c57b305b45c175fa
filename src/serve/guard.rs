//! Who is answered, and what goes with every answer.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers those who call the server by the name of this machine. A page elsewhere that has its
/// own name lead here (rebinding) calls it by that name, and one that sends a request from
/// elsewhere says where it comes from: neither may read a report.
pub(super) async fn only_from_here(
    State(address): State<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if is_from_here(request.headers(), address.port()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only for pages of this server\n").into_response()
    }
}

fn is_from_here(headers: &HeaderMap, port: u16) -> bool {
    let names = ["127.0.0.1", "localhost", "[::1]"];
    let is_ours = |host: &str| {
        let host = host.to_ascii_lowercase();
        names.iter().any(|name| host == format!("{name}:{port}") || (port == 80 && host == *name))
    };
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
    let mut hosts = headers.get_all(header::HOST).iter().map(text);
    let host = hosts.next().is_some_and(|host| is_ours(&host)) && hosts.next().is_none();
    let origin = headers.get(header::ORIGIN).map(text);
    let origin = origin.is_none_or(|o| o.strip_prefix("http://").is_some_and(&is_ours));
    let site = headers.get("sec-fetch-site").map(text);
    // A link on another page may lead here; what is inside another page may not.
    let mode = headers.get("sec-fetch-mode").map(text);
    let cross = site.as_deref() == Some("cross-site") && mode.as_deref() != Some("navigate");
    host && origin && !cross
}

/// Nothing is guessed, kept, sent on or put into another page.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let all = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in all {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_calls_this_machine_by_its_name_is_answered() {
        let is = |all: &[(&str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in all {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                headers.append(name, HeaderValue::from_str(value).unwrap());
            }
            is_from_here(&headers, 5747)
        };
        assert!(is(&[("host", "127.0.0.1:5747")]));
        assert!(is(&[("host", "LocalHost:5747"), ("origin", "http://localhost:5747")]));
        assert!(is(&[("host", "[::1]:5747")]));
        assert!(!is(&[]));
        assert!(!is(&[("host", "127.0.0.1")]));
        assert!(!is(&[("host", "evil.example:5747")]));
        assert!(!is(&[("host", "127.0.0.1:5747"), ("host", "evil.example")]));
        assert!(!is(&[("host", "localhost:5747"), ("origin", "http://evil.example")]));
        assert!(!is(&[("host", "localhost:5747"), ("origin", "null")]));
        assert!(!is(&[("host", "localhost:5747"), ("origin", "https://localhost:5747")]));
        let cross = ("sec-fetch-site", "cross-site");
        assert!(!is(&[("host", "localhost:5747"), cross, ("sec-fetch-mode", "no-cors")]));
        assert!(is(&[("host", "localhost:5747"), cross, ("sec-fetch-mode", "navigate")]));
    }
}
