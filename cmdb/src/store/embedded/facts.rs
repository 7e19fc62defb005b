//! Tags and metadata, packed: keys as symbols, values inline.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::bytes::{Reader, put_number, put_signed, put_text};
use super::strings::{Interner, Strings, Symbol};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const SIGNED: u8 = 3;
const UNSIGNED: u8 = 4;
const FLOAT: u8 = 5;
const TEXT: u8 = 6;
const LIST: u8 = 7;
const MAP: u8 = 8;

/// Packs tags and metadata.
pub(super) fn pack(tags: &BTreeMap<String, String>, metadata: &Map<String, Value>, interner: &mut Interner<'_>) -> Box<[u8]> {
    let mut out = Vec::with_capacity(256);
    put_number(&mut out, tags.len() as u64);
    for (key, tag) in tags {
        put_number(&mut out, interner.intern(key).0.into());
        put_text(&mut out, tag);
    }
    pack_map(&mut out, metadata, interner);
    out.into_boxed_slice()
}

fn pack_map(out: &mut Vec<u8>, map: &Map<String, Value>, interner: &mut Interner<'_>) {
    put_number(out, map.len() as u64);
    for (key, value) in map {
        put_number(out, interner.intern(key).0.into());
        pack_value(out, value, interner);
    }
}

fn pack_value(out: &mut Vec<u8>, value: &Value, interner: &mut Interner<'_>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        Value::Number(number) => {
            if let Some(signed) = number.as_i64() {
                out.push(SIGNED);
                put_signed(out, signed);
            } else if let Some(unsigned) = number.as_u64() {
                out.push(UNSIGNED);
                put_number(out, unsigned);
            } else {
                out.push(FLOAT);
                out.extend_from_slice(&number.as_f64().unwrap_or_default().to_le_bytes());
            }
        }
        Value::String(text) => {
            out.push(TEXT);
            put_text(out, text);
        }
        Value::Array(items) => {
            out.push(LIST);
            put_number(out, items.len() as u64);
            items.iter().for_each(|item| pack_value(out, item, interner));
        }
        Value::Object(members) => {
            out.push(MAP);
            pack_map(out, members, interner);
        }
    }
}

/// Tags and metadata as they were packed.
pub(super) fn unpack(facts: &[u8], strings: &Strings) -> Option<(BTreeMap<String, String>, Map<String, Value>)> {
    let mut reader = Reader::new(facts);
    // Collecting builds a map of keys that come in order at once, without a search for each.
    let count = reader.number()?;
    let tags = (0..count)
        .map(|_| Some((strings.text(Symbol(reader.small()?)).to_owned(), reader.text()?.to_owned())))
        .collect::<Option<_>>()?;
    Some((tags, unpack_map(&mut reader, strings)?))
}

fn unpack_map(reader: &mut Reader<'_>, strings: &Strings) -> Option<Map<String, Value>> {
    let count = reader.number()?;
    let member = |_| Some((strings.text(Symbol(reader.small()?)).to_owned(), unpack_value(reader, strings)?));
    (0..count).map(member).collect()
}

fn unpack_value(reader: &mut Reader<'_>, strings: &Strings) -> Option<Value> {
    Some(match reader.byte()? {
        NULL => Value::Null,
        FALSE => Value::Bool(false),
        TRUE => Value::Bool(true),
        SIGNED => Value::Number(reader.signed()?.into()),
        UNSIGNED => Value::Number(reader.number()?.into()),
        FLOAT => Value::Number(Number::from_f64(f64::from_le_bytes(reader.take(8)?.try_into().ok()?))?),
        TEXT => Value::String(reader.text()?.to_owned()),
        LIST => (0..reader.number()?).map(|_| unpack_value(reader, strings)).collect::<Option<Vec<_>>>()?.into(),
        MAP => Value::Object(unpack_map(reader, strings)?),
        _ => return None,
    })
}

/// Each tag's key and value, without unpacking the rest.
pub(super) fn tags(facts: &[u8]) -> impl Iterator<Item = (Symbol, &str)> {
    let mut reader = Reader::new(facts);
    let count = reader.number().unwrap_or(0);
    (0..count).map_while(move |_| Some((Symbol(reader.small()?), reader.text()?)))
}

/// One value of the metadata, as it lies there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact<'a> {
    Null,
    Boolean(bool),
    Signed(i64),
    /// A number beyond those with a sign.
    Unsigned,
    Float(f64),
    Text(&'a str),
    /// How many items, and where they begin.
    List(u64, Reader<'a>),
    Map,
}

impl<'a> Fact<'a> {
    /// The value at which a reader stands; the reader is behind it afterwards, but for lists and maps.
    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        Some(match reader.byte()? {
            NULL => Self::Null,
            FALSE => Self::Boolean(false),
            TRUE => Self::Boolean(true),
            SIGNED => Self::Signed(reader.signed()?),
            UNSIGNED => {
                reader.number()?;
                Self::Unsigned
            }
            FLOAT => Self::Float(f64::from_le_bytes(reader.take(8)?.try_into().ok()?)),
            TEXT => Self::Text(reader.text()?),
            LIST => Self::List(reader.number()?, *reader),
            MAP => Self::Map,
            _ => return None,
        })
    }

    /// The items of a list up to the first that is a list or map itself.
    pub(super) fn items(count: u64, mut reader: Reader<'a>) -> impl Iterator<Item = Self> {
        let mut flat = true;
        (0..count).map_while(move |_| {
            let item = if flat { Self::read(&mut reader) } else { None }?;
            flat = !matches!(item, Self::List(..) | Self::Map);
            Some(item)
        })
    }
}

/// The top level of the metadata: each key, and a reader that stands at its value.
pub(super) fn metadata(facts: &[u8]) -> impl Iterator<Item = (Symbol, Option<Fact<'_>>)> {
    let mut reader = Reader::new(facts);
    let mut skip_tags = || {
        for _ in 0..reader.number()? {
            reader.number()?;
            reader.text()?;
        }
        reader.number()
    };
    let count = skip_tags().unwrap_or(0);
    (0..count).map_while(move |_| {
        let key = Symbol(reader.small()?);
        let mut value = reader;
        skip_value(&mut reader)?;
        Some((key, Fact::read(&mut value)))
    })
}

/// A top-level text of the metadata, without unpacking the rest.
pub(super) fn metadata_text(facts: &[u8], key: Symbol) -> Option<&str> {
    match metadata(facts).find(|(found, _)| *found == key)?.1? {
        Fact::Text(text) => Some(text),
        _ => None,
    }
}

fn skip_value(reader: &mut Reader<'_>) -> Option<()> {
    match reader.byte()? {
        NULL | FALSE | TRUE => {}
        SIGNED | UNSIGNED => drop(reader.number()?),
        FLOAT => drop(reader.take(8)?),
        TEXT => drop(reader.text()?),
        LIST => {
            for _ in 0..reader.number()? {
                skip_value(reader)?;
            }
        }
        MAP => {
            for _ in 0..reader.number()? {
                reader.number()?;
                skip_value(reader)?;
            }
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::strings::SharedStrings;
    use super::*;

    #[test]
    fn facts_read_back_whole_and_in_part() {
        let tags_in: BTreeMap<String, String> = [("Name".into(), "a\u{0}b".into()), (String::new(), String::new())].into();
        let Value::Object(metadata) = json!({
            "list": [1, -2, 1.5, u64::MAX, null, true, false, "x", {"deep": []}], "arn": "arn:aws:x", "n": 7
        }) else {
            unreachable!()
        };
        let shared = SharedStrings::default();
        let facts = pack(&tags_in, &metadata, &mut Interner::new(&shared));
        let strings = shared.read();
        assert_eq!(unpack(&facts, &strings), Some((tags_in, metadata)));
        let text = |key| metadata_text(&facts, strings.symbol(key).unwrap());
        assert_eq!((text("arn"), text("n"), text("list")), (Some("arn:aws:x"), None, None));
        let found: Vec<_> = tags(&facts).map(|(key, tag)| (strings.text(key), tag)).collect();
        assert_eq!(found, [("", ""), ("Name", "a\u{0}b")]);
    }

    #[test]
    fn damaged_facts_are_refused_not_trusted() {
        let shared = SharedStrings::default();
        let mut facts = pack(&BTreeMap::new(), &Map::new(), &mut Interner::new(&shared)).into_vec();
        facts[1] = 200;
        assert_eq!(unpack(&facts, &shared.read()), None);
    }
}
