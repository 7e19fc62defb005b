//! What requests say, read strictly: whatever is not known or not in range is refused by name.

mod body;
mod credentials;
mod discovery;
mod filter;
mod object;
mod page;
mod query_string;
mod reference;
mod walk;

pub(crate) use body::{parse_json, read_body};
pub(crate) use discovery::{RequestedDiscovery, discovery_request};
pub(crate) use filter::{filter, known};
pub(crate) use object::Object;
pub(crate) use page::{PAGE, page};
pub(crate) use query_string::QueryString;
pub(crate) use reference::Reference;
pub(crate) use walk::{direction, kinds, walk_limits};

/// A caller's text as an error quotes it: cut, in backquotes.
pub(crate) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    if short.len() < text.len() { format!("`{short}...`") } else { format!("`{short}`") }
}
