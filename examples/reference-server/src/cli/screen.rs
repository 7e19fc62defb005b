//! Text of others on this person's terminal.
//!
//! Names and tags are written by whoever may tag a machine. A terminal obeys control characters, and shows text with
//! direction marks in another order than it is in, so neither reaches it as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a terminal would act on this character, hide it or reorder what stands around it.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text with every such character written as an escape: `\n`, `\t`, `\u{1b}`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            // `escape_default` knows the short forms and writes the rest as `\u{..}`.
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    Cow::Owned(printable)
}

/// JSON text in which such characters are written as JSON escapes: the same value, safe to look at. Line breaks between
/// values stay.
pub(crate) fn printable_json(json: String) -> String {
    let layout = |character: char| character == '\n';
    if !json.contains(|c| is_unsafe(c) && !layout(c)) {
        return json;
    }
    let mut printable = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_unsafe(character) && !layout(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(printable, "\\u{unit:04x}");
            }
        } else {
            printable.push(character);
        }
    }
    printable
}

/// A document of another language (a diagram), in which no escape of ours would be understood: such characters become
/// the replacement character. Line breaks and tabs stay.
pub(crate) fn printable_document(text: &str) -> Cow<'_, str> {
    let replaced = |c: char| is_unsafe(c) && c != '\n' && c != '\t';
    if text.contains(replaced) { Cow::Owned(text.replace(replaced, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 8] = [
        "\u{1b}[2J",
        "\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "a\rb",
        "x\u{7f}y",
        "abc\u{202e}fdp.exe",
        "in\u{200b}visible",
        "tag\u{e0041}",
    ];

    #[test]
    fn no_control_character_survives_in_any_form() {
        for text in HOSTILE {
            assert!(!printable(text).contains(is_unsafe), "{text:?}");
            assert!(!printable_document(text).contains(is_unsafe), "{text:?}");
            let json = printable_json(serde_json::to_string(text).unwrap());
            assert!(!json.contains(is_unsafe), "{text:?}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn escapes_say_what_was_there() {
        assert_eq!(printable("\u{1b}[31mred\n\ttab"), "\\u{1b}[31mred\\n\\ttab");
    }

    #[test]
    fn ordinary_text_of_any_language_stays_as_it_is() {
        for text in ["web-server-01", "Bücher", "数据库", "база", "🚀", "arn:aws:iam::1:role/x"] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn the_layout_of_json_and_of_documents_stays() {
        assert_eq!(printable_json("{\n  \"a\": \"\u{7f}\"\n}".into()), "{\n  \"a\": \"\\u007f\"\n}");
        assert_eq!(printable_document("graph TD\n\ta\u{1b}"), "graph TD\n\ta\u{fffd}");
    }
}
