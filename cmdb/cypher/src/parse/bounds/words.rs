//! What a token means for the depth of the tree.

use open_cypher::{Keyword, TokenKind};

pub(super) fn is_subquery(before: Option<TokenKind>) -> bool {
    let subqueries = [Keyword::Exists, Keyword::Count, Keyword::Collect, Keyword::Call];
    matches!(before, Some(TokenKind::Keyword(keyword)) if subqueries.contains(&keyword))
}

pub(super) const fn is_relationship(after: Option<TokenKind>) -> bool {
    matches!(after, Some(TokenKind::LeftBracket | TokenKind::Minus | TokenKind::RightArrow))
}

/// Whether the parser looks along the other tokens here.
pub(super) const fn looks_around(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::Colon)
        || matches!(kind, TokenKind::Keyword(keyword) if ends_expression(keyword) || matches!(keyword, Keyword::Is))
}

/// Whether a keyword behind an operand ends the expression.
pub(super) const fn ends_expression(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::As
            | K::Asc
            | K::Ascending
            | K::By
            | K::Call
            | K::Create
            | K::Delete
            | K::Desc
            | K::Descending
            | K::Detach
            | K::Else
            | K::Limit
            | K::Match
            | K::Merge
            | K::Offset
            | K::Optional
            | K::Order
            | K::Remove
            | K::Return
            | K::Set
            | K::Skip
            | K::Then
            | K::Unwind
            | K::When
            | K::Where
            | K::With
            | K::Yield
    )
}

/// How tightly an infix operator binds, from 1.
pub(super) const fn rank(kind: TokenKind) -> Option<u8> {
    use TokenKind as T;
    Some(match kind {
        T::Keyword(Keyword::Or) => 1,
        T::Keyword(Keyword::Xor) => 2,
        T::Keyword(Keyword::And) => 3,
        T::Equal | T::NotEqual | T::Less | T::LessEqual | T::Greater | T::GreaterEqual => 5,
        T::Keyword(Keyword::In | Keyword::Contains | Keyword::Starts | Keyword::Ends | Keyword::Is) | T::RegexMatch => 6,
        T::DoublePipe => 7,
        T::Plus | T::Minus | T::LeftArrow | T::RightArrow => 8,
        T::Star | T::Slash | T::Percent => 9,
        T::Caret => 10,
        _ => return None,
    })
}
