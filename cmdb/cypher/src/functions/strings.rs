//! Functions of texts. Characters are Unicode's scalar values.

use super::arguments::{argument, count, string, unfit};
use super::lists::size;
use super::{Function, Kinds};
use crate::error::Result;
use crate::evaluate::{Context, flat_list, text_room};
use crate::value::Value;

const TEXT: Kinds = Kinds::STRING;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("btrim", &[TEXT, TEXT], TEXT, |arguments, context| trimmed("btrim", arguments, [true, true], context))
        .at_least(1),
    Function::new("char_length", &[TEXT], Kinds::INTEGER, size),
    Function::new("character_length", &[TEXT], Kinds::INTEGER, size),
    Function::new("left", &[TEXT, Kinds::INTEGER], TEXT, left),
    Function::new("lower", &[TEXT], TEXT, |arguments, context| mapped("lower", arguments, str::to_lowercase, context)),
    Function::new("ltrim", &[TEXT, TEXT], TEXT, |arguments, context| trimmed("ltrim", arguments, [true, false], context))
        .at_least(1),
    Function::new("replace", &[TEXT, TEXT, TEXT], TEXT, replace),
    Function::new("right", &[TEXT, Kinds::INTEGER], TEXT, right),
    Function::new("rtrim", &[TEXT, TEXT], TEXT, |arguments, context| trimmed("rtrim", arguments, [false, true], context))
        .at_least(1),
    Function::new("split", &[TEXT, TEXT.or(Kinds::LIST)], Kinds::LIST, split),
    Function::new("substring", &[TEXT, Kinds::INTEGER, Kinds::INTEGER], TEXT, substring).at_least(2),
    Function::new("tolower", &[TEXT], TEXT, |arguments, context| mapped("toLower", arguments, str::to_lowercase, context)),
    Function::new("toupper", &[TEXT], TEXT, |arguments, context| mapped("toUpper", arguments, str::to_uppercase, context)),
    Function::new("trim", &[TEXT], TEXT, |arguments, context| trimmed("trim", arguments, [true, true], context)),
    Function::new("upper", &[TEXT], TEXT, |arguments, context| mapped("upper", arguments, str::to_uppercase, context)),
];

fn mapped(function: &str, arguments: &[Value], map: fn(&str) -> String, context: &Context<'_>) -> Result<Value> {
    let Some(text) = string(function, arguments, 0)? else { return Ok(Value::Null) };
    text_room(text.len(), context.meter)?;
    Ok(Value::from(map(text)))
}

/// Without white space, or without the given characters, at the start, the end or both.
fn trimmed(function: &str, arguments: &[Value], [start, end]: [bool; 2], context: &Context<'_>) -> Result<Value> {
    let Some(mut text) = string(function, arguments, 0)?.map(|text| &**text) else { return Ok(Value::Null) };
    let characters = string(function, arguments, 1)?;
    if arguments.len() > 1 && characters.is_none() {
        return Ok(Value::Null);
    }
    text_room(text.len(), context.meter)?;
    let unwanted = |character: char| characters.map_or(character.is_whitespace(), |characters| characters.contains(character));
    if start {
        text = text.trim_start_matches(unwanted);
    }
    if end {
        text = text.trim_end_matches(unwanted);
    }
    Ok(Value::from(text))
}

fn left(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let length = count("left", arguments, 1)?;
    let (Some(text), Some(length)) = (string("left", arguments, 0)?, length) else { return Ok(Value::Null) };
    text_room(text.len(), context.meter)?;
    Ok(Value::from(part(text, 0, length)))
}

fn right(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let length = count("right", arguments, 1)?;
    let (Some(text), Some(length)) = (string("right", arguments, 0)?, length) else { return Ok(Value::Null) };
    text_room(text.len(), context.meter)?;
    Ok(Value::from(part(text, text.chars().count().saturating_sub(length), usize::MAX)))
}

/// From a place counted from 0, of the given length or to the end.
fn substring(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let length = if arguments.len() < 3 { Some(usize::MAX) } else { count("substring", arguments, 2)? };
    let start = count("substring", arguments, 1)?;
    let (Some(text), Some(start), Some(length)) = (string("substring", arguments, 0)?, start, length) else {
        return Ok(Value::Null);
    };
    text_room(text.len(), context.meter)?;
    Ok(Value::from(part(text, start, length)))
}

/// So many characters from a place.
fn part(text: &str, start: usize, length: usize) -> &str {
    let offset = |text: &str, characters| text.char_indices().nth(characters).map_or(text.len(), |(offset, _)| offset);
    let rest = text.get(offset(text, start)..).unwrap_or_default();
    rest.get(..offset(rest, length)).unwrap_or_default()
}

fn replace(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let [text, search, replacement] = [0, 1, 2].map(|place| string("replace", arguments, place));
    let (Some(text), Some(search), Some(replacement)) = (text?, search?, replacement?) else { return Ok(Value::Null) };
    text_room(text.len(), context.meter)?;
    if search.is_empty() {
        return Ok(Value::String(std::sync::Arc::clone(text)));
    }
    let growth = text.matches(&**search).count().saturating_mul(replacement.len());
    text_room(text.len().saturating_add(growth), context.meter)?;
    Ok(Value::from(text.replace(&**search, replacement)))
}

/// The pieces between a delimiter, or between any of several. An empty one splits into characters.
fn split(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let Some(text) = string("split", arguments, 0)? else { return Ok(Value::Null) };
    text_room(text.len(), context.meter)?;
    match argument(arguments, 1) {
        Value::Null => Ok(Value::Null),
        Value::String(delimiter) => pieces(text, &[delimiter], context),
        Value::List(delimiters) => {
            let read = |delimiter: &'_ Value| match delimiter {
                Value::String(delimiter) => Ok(std::sync::Arc::clone(delimiter)),
                other => Err(unfit("split", "strings as delimiters", other)),
            };
            let delimiters = delimiters.iter().map(read).collect::<Result<Vec<_>>>()?;
            pieces(text, &delimiters.iter().map(|delimiter| &**delimiter).collect::<Vec<_>>(), context)
        }
        other => Err(unfit("split", "a string or list of strings as delimiter", other)),
    }
}

fn pieces(text: &str, delimiters: &[&str], context: &Context<'_>) -> Result<Value> {
    if text.is_empty() {
        return flat_list(vec![Value::from("")], context.meter);
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut piece_end = 0;
    while let Some(character) = rest.get(piece_end..).and_then(|tail| tail.chars().next()) {
        context.meter.take(delimiters.len() as u64)?;
        let tail = rest.get(piece_end..).unwrap_or_default();
        match delimiters.iter().find(|delimiter| tail.starts_with(**delimiter) && (!delimiter.is_empty() || piece_end > 0)) {
            Some(delimiter) => {
                pieces.push(Value::from(rest.get(..piece_end).unwrap_or_default()));
                rest = tail.get(delimiter.len()..).unwrap_or_default();
                piece_end = 0;
            }
            None => piece_end += character.len_utf8(),
        }
    }
    pieces.push(Value::from(rest));
    flat_list(pieces, context.meter)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error};
    use super::*;

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(call("substring", ["abcdef".into(), 1.into(), 3.into()]), r#""bcd""#);
        assert_eq!(call("substring", ["0123".into(), 9.into()]), r#""""#);
        assert_eq!(call("left", ["åßc".into(), 2.into()]), r#""åß""#);
        assert_eq!(call("right", ["abc".into(), 2.into()]), r#""bc""#);
        assert!(error("left", ["abc".into(), (-1).into()]).contains("at least 0"));
    }

    #[test]
    fn texts_are_split_at_one_or_several_delimiters() {
        assert_eq!(call("split", ["a,b,".into(), ",".into()]), r#"["a","b",""]"#);
        assert_eq!(call("split", ["one1two".into(), "1".into()]), r#"["one","two"]"#);
        assert_eq!(call("split", ["a,b;c".into(), Value::from(vec![",", ";"])]), r#"["a","b","c"]"#);
        assert_eq!(call("split", ["ab".into(), "".into()]), r#"["a","b"]"#);
        assert_eq!(call("split", ["".into(), ",".into()]), r#"[""]"#);
    }

    #[test]
    fn white_space_and_chosen_characters_are_trimmed() {
        assert_eq!(call("trim", ["  q ".into()]), r#""q""#);
        assert_eq!(call("lTrim", ["  q ".into()]), r#""q ""#);
        assert_eq!(call("btrim", ["xxqx".into(), "x".into()]), r#""q""#);
    }

    #[test]
    fn pieces_are_replaced_and_letter_case_changed() {
        assert_eq!(call("replace", ["x-y-".into(), "-".into(), "_".into()]), r#""x_y_""#);
        assert_eq!(call("toUpper", ["ß".into()]), r#""SS""#);
        assert_eq!(call("toLower", ["AB".into()]), r#""ab""#);
        assert_eq!(call("toLower", [Value::Null]), "null");
    }
}
