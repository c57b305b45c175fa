//! The published schema of the JSON report is that of its types.

use crate::support::root;

/// `UPDATE=1 cargo test --features schema schema` writes it anew: a field that goes away or changes
/// its meaning raises the version of the tree.
#[test]
fn the_published_schema_is_that_of_the_types() {
    let made = sanjeh::report::tree::schema();
    let version = sanjeh::report::tree::VERSION;
    let title = format!("A report of Sanjeh, version {version} of its tree");
    let mut schema = serde_json::json!({ "$schema": made["$schema"], "title": title });
    for (key, value) in made.as_object().unwrap().iter().filter(|(key, _)| *key != "title") {
        schema[key] = value.clone();
    }
    schema["properties"]["version"]["const"] = version.into();
    let text = format!("{schema:#}\n");
    let path = root().join("docs/report.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == published, "docs/report.schema.json is another one");
}
