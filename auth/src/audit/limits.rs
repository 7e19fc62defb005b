//! How much an event may hold: what comes from a caller ends up here, and nobody can remove it again.

use serde_json::Value;

use super::event::AuditEvent;
use crate::error::{Error, Result};

/// Characters of an action.
pub(super) const ACTION: usize = 64;
/// Characters of a type of resource.
pub(super) const RESOURCE_TYPE: usize = 64;
/// Characters of a resource's id: an ARN has at most 2,048 and hardly ever more than 200.
pub(super) const RESOURCE_ID: usize = 512;
/// Characters of a program's name; browsers send about 150.
pub(super) const USER_AGENT: usize = 512;
/// Characters of a request's id.
pub(super) const REQUEST_ID: usize = 128;
/// Characters of a tenant or of a user's id.
pub(super) const NAME: usize = 256;
/// Characters of one text in `changes`.
pub(super) const VALUE: usize = 1_024;
/// Lists and objects in each other, the event itself counted; `serde_json` reads back up to 128.
pub(super) const DEPTH: usize = 32;
/// Bytes of an event's whole text.
pub(super) const TEXT: usize = 65_536;

/// `text` with at most `limit` characters, and U+FFFD in place of control characters: a name that a caller sent shows as one
/// line, and databases take it.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    text.chars().take(limit).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// `value` with each of its texts [`cut`]; names of members stay, since they come from the program.
pub(super) fn cut_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(cut(&text, VALUE)),
        Value::Array(items) => items.into_iter().map(cut_value).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, cut_value(value))).collect(),
        other => other,
    }
}

/// Refuses what is over its limit, so that it holds also for an event whose fields were set one by one.
///
/// # Errors
/// [`Error::Invalid`] that names the field.
pub(super) fn check(event: &AuditEvent) -> Result<()> {
    let canonical = uuid::Uuid::try_parse(&event.id).is_ok_and(|id| id.to_string() == event.id);
    if !canonical {
        return Err(Error::invalid("audit event's id", "a UUID in lower case with hyphens", format!("`{}`", cut(&event.id, 80))));
    }
    let optional = Option::as_deref;
    let fields = [
        ("tenant", Some(event.tenant.as_str()), NAME),
        ("user", event.user.as_ref().map(|user| user.as_str()), NAME),
        ("action", Some(event.action.as_str()), ACTION),
        ("resource_type", Some(event.resource_type.as_str()), RESOURCE_TYPE),
        ("resource_id", optional(&event.resource_id), RESOURCE_ID),
        ("user_agent", optional(&event.user_agent), USER_AGENT),
        ("request_id", optional(&event.request_id), REQUEST_ID),
    ];
    for (name, text, limit) in fields {
        // Characters are at least as many as a fourth of the bytes: a long text is refused without being walked through.
        if text.is_some_and(|text| text.len() > limit * 4 || text.chars().count() > limit) {
            return Err(Error::invalid(format!("audit event's {name}"), format!("at most {limit} characters"), "more"));
        }
    }
    Ok(())
}
