//! What is done with a refresh token, once its session is locked.

use crate::store::{Presented, Session};

/// What the session's row decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Verdict {
    /// The session is over already.
    Ended,
    /// The token is the current one.
    Rotate,
    /// The token was used a moment ago; the session stays as that use left it.
    Repeat,
    /// The token was used before, or never was one of this session: the session is to be ended.
    Reuse,
}

/// Decides on a refresh token of a session that nobody else can change meanwhile.
pub(in crate::store) fn judge(session: &Session, presented: &Presented) -> Verdict {
    if session.ended_at.is_some() || session.expires_at <= presented.now {
        Verdict::Ended
    } else if session.current == presented.token {
        Verdict::Rotate
    } else if session.previous.as_ref() == Some(&presented.token) && presented.now.since(session.issued_at) <= presented.grace {
        Verdict::Repeat
    } else {
        Verdict::Reuse
    }
}
