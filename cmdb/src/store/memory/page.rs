//! A page of a list that is all there.

use crate::error::Result;
use crate::model::PageRequest;
use crate::store::cursor::{Position, Start, page_start, write_cursor};

/// A part of a list.
pub(in crate::store) struct Page<T> {
    pub(in crate::store) items: Vec<T>,
    pub(in crate::store) total: u64,
    pub(in crate::store) next_cursor: Option<String>,
}

/// Cuts a page out of an ordered list. `place` gives the place of an item; `follows` whether an item comes after one.
pub(in crate::store) fn page<T, P: Position>(
    mut all: Vec<T>,
    request: &PageRequest,
    place: impl Fn(&T) -> P,
    follows: impl Fn(&T, &P) -> bool,
) -> Result<Page<T>> {
    let total = all.len();
    let skip = match page_start(request)? {
        Start::Offset(items) => usize::try_from(items).unwrap_or(usize::MAX).min(total),
        Start::After(last) => all.iter().take_while(|item| !follows(item, &last)).count(),
    };
    let mut items = all.split_off(skip);
    let more = items.len() > request.limit;
    items.truncate(request.limit);
    let next_cursor = items.last().filter(|_| more).map(|last| write_cursor(&place(last)));
    Ok(Page { items, total: total as u64, next_cursor })
}
