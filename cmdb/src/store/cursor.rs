//! Where a page begins and ends, as text that means nothing to anybody else.

use crate::error::{Error, Result};
use crate::model::{PageRequest, PageStart, ResourceId, TaskId, Timestamp};

/// The most items on one page.
pub(crate) const MAX_PAGE: usize = 1000;

/// A place in one ordered list: that of its last item on a page.
pub(crate) trait Position: Sized {
    /// Tells the cursors of one list from those of another.
    const LIST: char;

    /// The place as text.
    fn to_text(&self) -> String;

    /// The place that [`Position::to_text`] wrote.
    fn from_text(text: &str) -> Option<Self>;
}

/// Resources are ordered by id.
impl Position for ResourceId {
    const LIST: char = 'r';

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::new(text))
    }
}

/// The versions of one resource are ordered by time, newest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VersionPosition(pub(crate) Timestamp);

impl Position for VersionPosition {
    const LIST: char = 'v';

    fn to_text(&self) -> String {
        self.0.as_micros().to_string()
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().map(Timestamp::from_micros).map(Self)
    }
}

/// Changes are ordered by time, then by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ChangePosition(pub(crate) Timestamp, pub(crate) ResourceId);

impl Position for ChangePosition {
    const LIST: char = 'c';

    fn to_text(&self) -> String {
        timed(self.0, self.1.as_str())
    }

    fn from_text(text: &str) -> Option<Self> {
        split_timed(text).map(|(at, id)| Self(at, ResourceId::new(id)))
    }
}

/// Tasks are ordered by the time they began, newest first, then by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskPosition(pub(crate) Timestamp, pub(crate) TaskId);

impl Position for TaskPosition {
    const LIST: char = 't';

    fn to_text(&self) -> String {
        timed(self.0, self.1.as_str())
    }

    fn from_text(text: &str) -> Option<Self> {
        split_timed(text).map(|(at, id)| Self(at, TaskId::new(id)))
    }
}

fn timed(at: Timestamp, id: &str) -> String {
    format!("{} {id}", at.as_micros())
}

fn split_timed(text: &str) -> Option<(Timestamp, &str)> {
    let (micros, id) = text.split_once(' ')?;
    let micros = micros.parse().ok()?;
    (!id.is_empty()).then(|| (Timestamp::from_micros(micros), id))
}

/// Where a page begins, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start<P> {
    /// After so many items.
    Offset(u64),
    /// After the item at this place.
    After(P),
}

/// Checks a page's limit and reads where it begins.
///
/// # Errors
/// [`Error::Invalid`] for a `limit` outside 1 to [`MAX_PAGE`] or a `cursor` that this list did not give.
pub(crate) fn page_start<P: Position>(page: &PageRequest) -> Result<Start<P>> {
    if page.limit == 0 || page.limit > MAX_PAGE {
        return Err(Error::invalid("limit", format!("1 to {MAX_PAGE}"), page.limit.to_string()));
    }
    Ok(match &page.start {
        PageStart::First => Start::Offset(0),
        PageStart::Offset(items) => Start::Offset(*items),
        PageStart::Cursor(cursor) => Start::After(read_cursor(cursor)?),
    })
}

/// The cursor of the page that follows `last`: letters and digits only, so that it stands in a URL as it is.
pub(crate) fn write_cursor<P: Position>(last: &P) -> String {
    let text = last.to_text();
    let mut cursor = String::with_capacity(1 + 2 * text.len());
    cursor.push(P::LIST);
    for byte in text.bytes() {
        for digit in [byte >> 4, byte & 15] {
            cursor.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    cursor
}

fn read_cursor<P: Position>(cursor: &str) -> Result<P> {
    let place = || {
        let digits = cursor.strip_prefix(P::LIST)?.as_bytes();
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let (pairs, []) = digits.as_chunks::<2>() else { return None };
        let bytes: Option<Vec<u8>> = pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect();
        P::from_text(&String::from_utf8(bytes?).ok()?)
    };
    place().ok_or_else(|| {
        let found: String = cursor.chars().take(80).collect();
        Error::invalid("cursor", "the next_cursor of a page of the same list", format!("`{found}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after<P: Position>(cursor: &str) -> Result<Start<P>> {
        page_start(&PageRequest { limit: 1, start: PageStart::Cursor(cursor.to_owned()) })
    }

    #[test]
    fn cursors_are_letters_and_digits_and_read_back() {
        let id = ResourceId::new("arn:aws:rds:eu-west-1:1:db:öl/1 %");
        let cursor = write_cursor(&id);
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{cursor}");
        assert_eq!(after(&cursor).unwrap(), Start::After(id.clone()));
        let change = ChangePosition(Timestamp::from_micros(-5), id);
        assert_eq!(after(&write_cursor(&change)).unwrap(), Start::After(change));
        let version = VersionPosition(Timestamp::MAX);
        assert_eq!(after(&write_cursor(&version)).unwrap(), Start::After(version));
        let task = TaskPosition(Timestamp::MIN, TaskId::new("a b"));
        assert_eq!(after(&write_cursor(&task)).unwrap(), Start::After(task));
    }

    #[test]
    fn a_cursor_of_another_list_or_none_at_all_is_refused() {
        let change = write_cursor(&ChangePosition(Timestamp::MIN, ResourceId::new("i-1")));
        for cursor in ["", "r", "r0", "rzz", "rff", "x61", "r6é", &change] {
            let error = after::<ResourceId>(cursor).unwrap_err();
            assert!(matches!(&error, Error::Invalid { what, .. } if what == "cursor"), "{cursor}: {error}");
        }
    }

    #[test]
    fn a_page_has_1_to_1000_items() {
        for (limit, fits) in [(0, false), (1, true), (1000, true), (1001, false)] {
            let page = PageRequest { limit, start: PageStart::First };
            assert_eq!(page_start::<ResourceId>(&page).is_ok(), fits, "{limit}");
        }
    }
}
