//! Values as bytes: PackStream.

use super::{Fault, Map, Value};

/// How deeply lists and maps may lie in each other.
const MAX_DEPTH: usize = 256;

/// Appends a structure, which is also what a message is.
pub(super) fn write_structure(tag: u8, fields: &[Value], to: &mut Vec<u8>) {
    to.push(0xB0 | (fields.len() as u8 & 0x0F));
    to.push(tag);
    fields.iter().for_each(|field| write(field, to));
}

fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.push(0xC0),
        Value::Boolean(false) => to.push(0xC2),
        Value::Boolean(true) => to.push(0xC3),
        Value::Integer(integer) => write_integer(*integer, to),
        Value::Float(float) => {
            to.push(0xC1);
            to.extend(float.to_be_bytes());
        }
        Value::Bytes(bytes) => {
            write_size(bytes.len(), None, [0xCC, 0xCD, 0xCE], to);
            to.extend(bytes);
        }
        Value::Text(text) => {
            write_size(text.len(), Some(0x80), [0xD0, 0xD1, 0xD2], to);
            to.extend(text.as_bytes());
        }
        Value::List(items) => {
            write_size(items.len(), Some(0x90), [0xD4, 0xD5, 0xD6], to);
            items.iter().for_each(|item| write(item, to));
        }
        Value::Map(members) => {
            write_size(members.len(), Some(0xA0), [0xD8, 0xD9, 0xDA], to);
            for (key, member) in members {
                write_size(key.len(), Some(0x80), [0xD0, 0xD1, 0xD2], to);
                to.extend(key.as_bytes());
                write(member, to);
            }
        }
        Value::Structure { tag, fields } => write_structure(*tag, fields, to),
    }
}

fn write_integer(integer: i64, to: &mut Vec<u8>) {
    if let Ok(tiny @ -16..) = i8::try_from(integer) {
        to.extend(tiny.to_be_bytes());
    } else if let Ok(small) = i8::try_from(integer) {
        to.push(0xC8);
        to.extend(small.to_be_bytes());
    } else if let Ok(short) = i16::try_from(integer) {
        to.push(0xC9);
        to.extend(short.to_be_bytes());
    } else if let Ok(medium) = i32::try_from(integer) {
        to.push(0xCA);
        to.extend(medium.to_be_bytes());
    } else {
        to.push(0xCB);
        to.extend(integer.to_be_bytes());
    }
}

/// Writes a size with the least marker that holds it. Sizes above `u32::MAX` do not come up: a message is built in memory
/// from batches of rows.
fn write_size(size: usize, tiny: Option<u8>, markers: [u8; 3], to: &mut Vec<u8>) {
    match (tiny, size) {
        (Some(tiny), 0..=15) => to.push(tiny | size as u8),
        (_, 0..=0xFF) => to.extend([markers[0], size as u8]),
        (_, 0x100..=0xFFFF) => {
            to.push(markers[1]);
            to.extend((size as u16).to_be_bytes());
        }
        _ => {
            to.push(markers[2]);
            to.extend((size as u32).to_be_bytes());
        }
    }
}

/// Reads a message: its tag and fields.
pub(super) fn read_structure(mut bytes: &[u8]) -> Result<(u8, Vec<Value>), Fault> {
    match read(&mut bytes, 0)? {
        Value::Structure { tag, fields } => Ok((tag, fields)),
        _ => Err(malformed("a message that is no structure")),
    }
}

fn read(from: &mut &[u8], depth: usize) -> Result<Value, Fault> {
    if depth > MAX_DEPTH {
        return Err(malformed("a value that is nested too deeply"));
    }
    let [marker] = take(from)?;
    Ok(match marker {
        0xC0 => Value::Null,
        0xC1 => Value::Float(f64::from_be_bytes(take(from)?)),
        0xC2 => Value::Boolean(false),
        0xC3 => Value::Boolean(true),
        0x00..=0x7F | 0xF0..=0xFF => Value::Integer(i64::from(i8::from_be_bytes([marker]))),
        0xC8 => Value::Integer(i64::from(i8::from_be_bytes(take(from)?))),
        0xC9 => Value::Integer(i64::from(i16::from_be_bytes(take(from)?))),
        0xCA => Value::Integer(i64::from(i32::from_be_bytes(take(from)?))),
        0xCB => Value::Integer(i64::from_be_bytes(take(from)?)),
        0xCC..=0xCE => {
            let size = read_size(marker - 0xCC, from)?;
            Value::Bytes(slice(from, size)?.to_vec())
        }
        0x80..=0x8F | 0xD0..=0xD2 => Value::Text(read_text(marker, from)?),
        0x90..=0x9F | 0xD4..=0xD6 => {
            let size = if marker < 0xA0 { usize::from(marker & 0x0F) } else { read_size(marker - 0xD4, from)? };
            Value::List((0..size).map(|_| read(from, depth + 1)).collect::<Result<_, _>>()?)
        }
        0xA0..=0xAF | 0xD8..=0xDA => {
            let size = if marker < 0xB0 { usize::from(marker & 0x0F) } else { read_size(marker - 0xD8, from)? };
            let mut members = Map::new();
            for _ in 0..size {
                let [marker] = take(from)?;
                let key = read_text(marker, from)?;
                members.insert(key, read(from, depth + 1)?);
            }
            Value::Map(members)
        }
        0xB0..=0xBF => {
            let [tag] = take(from)?;
            let fields = (0..marker & 0x0F).map(|_| read(from, depth + 1)).collect::<Result<_, _>>()?;
            Value::Structure { tag, fields }
        }
        _ => return Err(malformed("an unknown kind of value")),
    })
}

fn read_text(marker: u8, from: &mut &[u8]) -> Result<String, Fault> {
    let size = match marker {
        0x80..=0x8F => usize::from(marker & 0x0F),
        0xD0..=0xD2 => read_size(marker - 0xD0, from)?,
        _ => return Err(malformed("a key that is no text")),
    };
    String::from_utf8(slice(from, size)?.to_vec()).map_err(|_| malformed("text that is not UTF-8"))
}

/// A size of 1, 2 or 4 bytes.
fn read_size(width: u8, from: &mut &[u8]) -> Result<usize, Fault> {
    Ok(match width {
        0 => usize::from(u8::from_be_bytes(take(from)?)),
        1 => usize::from(u16::from_be_bytes(take(from)?)),
        _ => u32::from_be_bytes(take(from)?) as usize,
    })
}

fn take<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], Fault> {
    let (taken, rest) = from.split_first_chunk().ok_or_else(cut)?;
    *from = rest;
    Ok(*taken)
}

fn slice<'a>(from: &mut &'a [u8], size: usize) -> Result<&'a [u8], Fault> {
    let (taken, rest) = from.split_at_checked(size).ok_or_else(cut)?;
    *from = rest;
    Ok(taken)
}

fn cut() -> Fault {
    malformed("a message that ends too early")
}

fn malformed(what: &str) -> Fault {
    Fault::Protocol(format!("the server sent {what}; is this a Neo4j?"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(Value::Integer),
            (-200_i64..200).prop_map(Value::Integer),
            (-1e300..1e300).prop_map(Value::Float),
            ".{0,20}".prop_map(Value::Text),
            prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
        ];
        leaf.prop_recursive(3, 40, 20, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Value::List),
                prop::collection::btree_map(".{0,5}", inner.clone(), 0..20).prop_map(Value::Map),
                (any::<u8>(), prop::collection::vec(inner, 0..8)).prop_map(|(tag, fields)| Value::Structure { tag, fields }),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_read_back_as_they_were_written(fields in prop::collection::vec(value(), 0..4)) {
            let mut bytes = Vec::new();
            write_structure(0x71, &fields, &mut bytes);
            prop_assert_eq!(read_structure(&bytes).unwrap(), (0x71, fields));
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(read_structure(&bytes));
        }
    }

    #[test]
    fn large_sizes_read_back() {
        let fields = vec![Value::Text("ä".repeat(40_000)), Value::List(vec![Value::Null; 70_000]), Value::Bytes(vec![1; 300])];
        let mut bytes = Vec::new();
        write_structure(1, &fields, &mut bytes);
        assert_eq!(read_structure(&bytes).unwrap(), (1, fields));
    }

    #[test]
    fn a_value_that_is_nested_without_end_is_refused() {
        let mut bytes = vec![0xB1, 0x71];
        bytes.extend([0x91].repeat(100_000));
        assert!(read_structure(&bytes).is_err());
    }
}
