//! What a token is for.

/// What a token is for. It is in the signed header, so that one cannot be used as the other (RFC 8725 section 3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// Lets its holder in.
    Access,
    /// Is exchanged, once, for new tokens.
    Refresh,
}

impl TokenKind {
    /// Its `typ`: `at+jwt` (RFC 9068) or `rt+jwt`.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }

    /// Whether a header's `typ` says so: a media type, whose case does not matter and whose `application/` may be left out
    /// (RFC 7515 section 4.1.9).
    pub(crate) fn is_named(self, typ: &str) -> bool {
        const PREFIX: &str = "application/";
        let subtype = match typ.get(..PREFIX.len()) {
            Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => &typ[PREFIX.len()..],
            _ => typ,
        };
        subtype.eq_ignore_ascii_case(self.typ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_compared_whole_and_without_case() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"] {
            assert!(TokenKind::Access.is_named(typ), "{typ}");
            assert!(!TokenKind::Refresh.is_named(typ), "{typ}");
        }
        for typ in
            ["", "JWT", "at", "at+jwt ", "at+jwt;a=b", "application/", "application/application/at+jwt", "text/at+jwt", "é+jwt"]
        {
            assert!(!TokenKind::Access.is_named(typ), "{typ}");
        }
    }
}
