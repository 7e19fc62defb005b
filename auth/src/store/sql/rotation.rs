//! What is done with a refresh token, once its session is locked.

use crate::store::{Presented, Session, User};

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
    /// The session's user was switched off: the session is to be ended.
    Disable,
}

/// Decides on a refresh token of a session that nobody else can change meanwhile.
pub(in crate::store) fn judge(session: &Session, user: &User, presented: &Presented) -> Verdict {
    let repeats =
        || session.previous.as_ref() == Some(&presented.token) && presented.now.since(session.issued_at) < presented.grace;
    if session.ended_at.is_some() || session.expires_at <= presented.now {
        Verdict::Ended
    } else if session.current != presented.token && !repeats() {
        Verdict::Reuse
    } else if !user.active {
        Verdict::Disable
    } else if session.current == presented.token {
        Verdict::Rotate
    } else {
        Verdict::Repeat
    }
}
