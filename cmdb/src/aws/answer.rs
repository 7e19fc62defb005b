//! Telling an answer from a part of one.

use std::fmt;

use serde::de::IgnoredAny;

/// Why an answer of status 200 is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BrokenAnswer(&'static str);

impl BrokenAnswer {
    pub(super) const fn new(why: &'static str) -> Self {
        Self(why)
    }
}

impl fmt::Display for BrokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer cannot be read: {}", self.0)
    }
}

impl std::error::Error for BrokenAnswer {}

/// Checks that a body of status 200 is a whole answer: a JSON object, or an XML document whose root is closed and named
/// as the services name theirs.
///
/// The SDK alone would take an XML document that ends between two elements for the end of the list.
pub(super) fn check_whole(body: &[u8]) -> Result<(), BrokenAnswer> {
    let body = body.trim_ascii();
    match body.first() {
        Some(b'{') => match serde_json::from_slice::<IgnoredAny>(body) {
            Ok(_) => Ok(()),
            Err(_) => Err(BrokenAnswer::new("it is not JSON, or not all of it")),
        },
        Some(b'<') => check_xml(body),
        Some(_) => Err(BrokenAnswer::new("it is neither XML nor JSON")),
        None => Err(BrokenAnswer::new("it is empty")),
    }
}

fn check_xml(body: &[u8]) -> Result<(), BrokenAnswer> {
    let root = root_name(body).ok_or(BrokenAnswer::new("it is XML without a root"))?;
    if !root.ends_with(b"Response") {
        return Err(BrokenAnswer::new("it is a page of something else"));
    }
    let closed = body
        .strip_suffix(b">")
        .map(<[u8]>::trim_ascii_end)
        .and_then(|rest| rest.strip_suffix(root))
        .is_some_and(|rest| rest.ends_with(b"</"));
    match closed {
        true => Ok(()),
        false => Err(BrokenAnswer::new("it ends in the middle")),
    }
}

/// The name of the first element that is not a declaration or a comment.
fn root_name(mut body: &[u8]) -> Option<&[u8]> {
    loop {
        body = body.trim_ascii_start().strip_prefix(b"<")?;
        let end: &[u8] = match body {
            [b'?', ..] => b"?>",
            [b'!', b'-', b'-', ..] => b"-->",
            [b'!', ..] => b">",
            _ => break,
        };
        let at = body.windows(end.len()).position(|window| window == end)?;
        body = &body[at + end.len()..];
    }
    let length = body.iter().position(|&b| b.is_ascii_whitespace() || b == b'>' || b == b'/')?;
    (length > 0).then(|| &body[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    const VPCS: &str = "<?xml version=\"1.0\"?>\n<!-- c -->\n<DescribeVpcsResponse xmlns=\"x\"><requestId>1</requestId>\
                        <vpcSet><item><vpcId>vpc-1</vpcId></item><item/></vpcSet></DescribeVpcsResponse>\n";

    #[test]
    fn whole_answers_pass() {
        check_whole(VPCS.as_bytes()).unwrap();
        check_whole(b"<DescribeVpcsResponse></DescribeVpcsResponse >").unwrap();
        check_whole(b" {\"clusterArns\": []} ").unwrap();
    }

    #[test]
    fn no_part_of_an_answer_passes_for_all_of_it() {
        let whole = VPCS.trim_end();
        for end in 0..whole.len() {
            assert!(check_whole(&whole.as_bytes()[..end]).is_err(), "{}", &whole[..end]);
        }
        let json = r#"{"clusterArns": ["a", "b"], "nextToken": null}"#;
        for end in 0..json.len() {
            assert!(check_whole(&json.as_bytes()[..end]).is_err(), "{}", &json[..end]);
        }
    }

    #[test]
    fn a_page_for_people_is_no_answer() {
        for page in
            ["<html><body>Log in</body></html>", "<!DOCTYPE html><html></html>", "Log in", "null", "[]", "<", "<>", "<!--"]
        {
            assert!(check_whole(page.as_bytes()).is_err(), "{page}");
        }
    }
}
