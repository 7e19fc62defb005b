//! Which part of a list is asked for.

use dharmagraph_cmdb::{PageRequest, PageStart};

use super::QueryString;
use crate::problem::Problem;

/// The parameters that choose a page.
pub(crate) const PAGE: [&str; 3] = ["limit", "offset", "cursor"];

/// Reads `limit` (1 to 1000, default 50) and `offset` or `cursor`.
pub(crate) fn page(parameters: &QueryString) -> Result<PageRequest, Problem> {
    let limit = parameters.number("limit", 1..=1000)?.unwrap_or(PageRequest::default().limit);
    let start = match (parameters.number("offset", 0..=u64::MAX)?, parameters.text("cursor")) {
        (Some(_), Some(_)) => return Err(Problem::invalid("page", "offset or cursor", "both")),
        (Some(offset), None) => PageStart::Offset(offset),
        (None, Some(cursor)) => PageStart::Cursor(cursor.to_owned()),
        (None, None) => PageStart::First,
    };
    Ok(PageRequest { limit, start })
}

#[cfg(test)]
mod tests {
    use super::super::query_string::query;
    use super::*;

    fn read(text: &str) -> Result<PageRequest, Problem> {
        page(&query(text, &PAGE)?)
    }

    #[test]
    fn a_page_begins_at_the_start_an_offset_or_a_cursor() {
        assert_eq!(read("").unwrap(), PageRequest::default());
        assert_eq!(read("limit=1000&offset=7").unwrap(), PageRequest { limit: 1000, start: PageStart::Offset(7) });
        assert_eq!(read("limit=1&cursor=abc").unwrap(), PageRequest { limit: 1, start: PageStart::Cursor("abc".into()) });
        assert_eq!(read("limit=&offset=&cursor=").unwrap(), PageRequest::default());
    }

    #[test]
    fn limits_out_of_range_and_two_starts_are_refused() {
        for text in ["limit=0", "limit=1001", "limit=-1", "limit=ten", "offset=-1", "offset=0&cursor=abc"] {
            assert_eq!(read(text).unwrap_err().code(), "INVALID", "{text}");
        }
    }
}
