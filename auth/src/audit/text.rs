//! The text of an event: the one way to write it, so that its hash can be made again.

use serde_json::{Map, Value};

use super::event::AuditEvent;
use super::limits;
use crate::error::{Error, Result};

/// One line of JSON: no spaces, members in the order of their names' code points at every depth, no member for what the event
/// does not tell.
///
/// Written here and not by `serde_json`, whose order of members depends on a feature that any crate of the program may switch
/// on. Absent members are left out, so that an event that a later version adds members to still has its old text.
///
/// # Errors
/// [`Error::Invalid`] where the event cannot be kept and read back as it is; [`limits`] names the reasons.
pub(super) fn write(event: &AuditEvent) -> Result<String> {
    limits::check(event)?;
    let Value::Object(mut members) = serde_json::to_value(event).map_err(|e| Error::internal(e.to_string()))? else {
        return Err(Error::internal("an audit event is not written as an object"));
    };
    members.retain(|_, value| !value.is_null());
    let mut text = String::with_capacity(512);
    write_object(&members, &mut text, 0)?;
    if text.len() > limits::TEXT {
        let expected = format!("at most {} bytes of text", limits::TEXT);
        return Err(Error::invalid("audit event", expected, format!("{} bytes", text.len())));
    }
    Ok(text)
}

/// The event of a text that [`write`] made, byte for byte.
///
/// # Errors
/// [`Error::Internal`] where another text came. It says where, and nothing of what the text holds.
pub(super) fn read(text: &str) -> Result<AuditEvent> {
    let event: AuditEvent = serde_json::from_str(text).map_err(|error| {
        Error::internal(format!("the text of an audit event cannot be read (line {}, column {})", error.line(), error.column()))
    })?;
    match write(&event) {
        Ok(canonical) if canonical == text => Ok(event),
        Ok(_) => Err(Error::internal("the text of an audit event is not the one that its event has")),
        Err(error) => Err(Error::internal(format!("the text of an audit event holds what none has: {error}"))),
    }
}

fn write_object(members: &Map<String, Value>, text: &mut String, depth: usize) -> Result<()> {
    let mut names: Vec<&String> = members.keys().collect();
    names.sort_unstable();
    text.push('{');
    for (index, name) in names.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(name, text)?;
        text.push(':');
        write_value(&members[name], text, depth + 1)?;
    }
    text.push('}');
    Ok(())
}

fn write_value(value: &Value, text: &mut String, depth: usize) -> Result<()> {
    if depth > limits::DEPTH {
        let expected = format!("at most {} lists and objects in each other", limits::DEPTH);
        return Err(Error::invalid("audit event", expected, "more"));
    }
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => text.push_str(&whole.to_string()),
            (None, Some(whole)) => text.push_str(&whole.to_string()),
            (None, None) => {
                return Err(Error::invalid("audit event", "whole numbers of 64 bits in `changes`", number.to_string()));
            }
        },
        Value::String(string) => write_string(string, text)?,
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, text, depth + 1)?;
            }
            text.push(']');
        }
        Value::Object(members) => write_object(members, text, depth)?,
    }
    Ok(())
}

fn write_string(string: &str, text: &mut String) -> Result<()> {
    if string.contains('\0') {
        return Err(Error::invalid("audit event", "text without U+0000, which databases refuse", "U+0000"));
    }
    text.push_str(&serde_json::to_string(string).map_err(|e| Error::internal(e.to_string()))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    use serde_json::json;

    use super::super::event::AuditAction;
    use super::*;
    use crate::id::{Tenant, UserId};
    use crate::time::Timestamp;

    fn event() -> AuditEvent {
        let mut event = AuditEvent::new(AuditAction::Login, "session", Tenant::default(), Timestamp::from_seconds(1));
        event.id = "00000000-0000-4000-8000-000000000001".to_owned();
        event
    }

    #[test]
    fn the_text_is_this_one_byte_for_byte() {
        let mut event = event();
        event.user = Some(UserId::new("u1"));
        event.changes =
            serde_json::from_str(r#"{"é":"\u001f\"\\/","b":{"z":[1,-2,null],"a":true},"a":18446744073709551615}"#).unwrap();
        let expected = concat!(
            r#"{"action":"auth.login","at":"1970-01-01T00:00:01Z","#,
            r#""changes":{"a":18446744073709551615,"b":{"a":true,"z":[1,-2,null]},"é":"\u001f\"\\/"},"#,
            r#""id":"00000000-0000-4000-8000-000000000001","#,
            r#""resource_type":"session","success":true,"tenant":"default","user":"u1"}"#
        );
        assert_eq!(write(&event).unwrap(), expected);
        assert_eq!(read(expected).unwrap(), event);
    }

    #[test]
    fn another_way_to_write_the_same_event_is_refused() {
        let text = write(&event()).unwrap();
        let others = [
            text.replace(':', ": "),
            text.replace(r#""success":true"#, r#""success":false,"success":true"#),
            text.replace(r#""changes":{}"#, r#""changes":{"a":1,"a":1}"#),
            text.replace(r#""success":true"#, r#""success":true,"surprise":1"#),
            text.replace(r#""tenant""#, r#""request_id":null,"tenant""#),
            text.replace("default", "d\\u0065fault"),
            text.replace("00:01Z", "00:01.000Z"),
            format!("{text}\n"),
            "{}".to_owned(),
            String::new(),
            "[".repeat(100_000),
        ];
        for other in others {
            assert_ne!(other, text);
            assert!(matches!(read(&other), Err(Error::Internal { .. })), "{}", &other[..other.len().min(200)]);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back(changes in proptest::collection::btree_map(".{0,20}", value(), 0..6), micros: i64, success: bool) {
            let written = AuditEvent {
                at: Timestamp::from_micros(micros),
                changes: changes.into_iter().filter(|(name, _)| !name.contains('\0')).collect(),
                success,
                ..event()
            };
            let text = write(&written).unwrap();
            proptest::prop_assert_eq!(read(&text).unwrap(), written);
            proptest::prop_assert!(!text.contains('\n'));
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            "[^\0]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map("[^\0]{0,8}", inner, 0..5).prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn what_does_not_read_back_is_not_written() {
        let mut deep = json!(1);
        for _ in 0..200 {
            deep = json!([deep]);
        }
        for value in [json!(1.5), json!(1e300), json!("a\0b"), json!({"a\0": 1}), deep, json!("x".repeat(limits::TEXT))] {
            let mut event = event();
            event.changes.insert("value".to_owned(), value);
            assert!(matches!(write(&event), Err(Error::Invalid { .. })));
        }
    }
}
