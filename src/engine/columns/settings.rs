//! The user's own file of connections. Only here is a driver named: loading one runs its code, so
//! that no spec of a repository may.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::host::Host;

/// How a database is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// A driver's name or the path of its library.
    pub(super) driver: String,
    /// The function that begins it, where it is not the usual one.
    pub(super) entrypoint: Option<String>,
    pub(super) uri: Option<String>,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    /// The driver's own options.
    #[serde(default)]
    pub(super) options: BTreeMap<String, String>,
}

/// The settings of a connection, in a text of such a file.
pub(super) fn find(
    text: &str,
    name: &str,
    host: &dyn Host,
) -> Result<Result<Settings, NoSettings>, String> {
    let mut all: BTreeMap<String, Settings> =
        toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
    let Some(mut found) = all.remove(name) else {
        return Ok(Err(NoSettings { others: all.into_keys().collect() }));
    };
    let optional = [&mut found.entrypoint, &mut found.uri, &mut found.username];
    let optional = optional.into_iter().chain([&mut found.password]).flatten();
    let texts = optional.chain(found.options.values_mut()).chain([&mut found.driver]);
    for text in texts {
        *text = expand(text, host)?;
    }
    Ok(Ok(found))
}

/// A connection that the file does not have.
#[derive(Debug)]
pub(super) struct NoSettings {
    /// Those that it has.
    pub(super) others: Vec<String>,
}

/// Puts the values of variables in: `${PGPASSWORD}`. `$${` stands for `${` itself.
fn expand(text: &str, host: &dyn Host) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let before = &rest[..at];
        if let Some(before) = before.strip_suffix('$') {
            out.extend([before, "${"]);
            rest = &rest[at + 2..];
            continue;
        }
        let inside = &rest[at + 2..];
        let end = inside.find('}').ok_or_else(|| "`${` is not closed by `}`".to_owned())?;
        let name = &inside[..end];
        let value = host
            .variable(name)
            .ok_or_else(|| format!("the environment has no variable `{name}`"))?;
        out.extend([before, &value]);
        rest = &inside[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}
