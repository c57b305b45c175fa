//! Report trees to HTML, Markdown and JSON, through templates.
