//! Sessions: families of refresh tokens.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;

use super::users::User;
use crate::error::Result;
use crate::id::{SessionId, TokenId, UserId};
use crate::time::Timestamp;

/// A session as it is kept: what one sign-in began, until it is ended or its time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// From when on it is over, however often it is refreshed.
    pub expires_at: Timestamp,
    /// The one refresh token that can be used.
    pub current: TokenId,
    /// When that was issued.
    pub issued_at: Timestamp,
    /// The refresh token that was used for it, if it is not the first.
    pub previous: Option<TokenId>,
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
    /// Where it began.
    pub ip_address: Option<IpAddr>,
    /// With what program.
    pub user_agent: Option<String>,
}

/// A refresh token that somebody presented.
#[derive(Debug, Clone)]
pub struct Presented {
    /// Its session.
    pub session: SessionId,
    /// Its id.
    pub token: TokenId,
    /// The id for its successor, if it gets one.
    pub successor: TokenId,
    /// The time now.
    pub now: Timestamp,
    /// For less than how long after its use a token is answered with the same successor once more.
    pub grace: Duration,
}

/// What became of a refresh token.
#[derive(Debug, Clone)]
pub enum Rotation {
    /// It was the current one. The session's current token is the successor now.
    Rotated(Session, User),
    /// It was the one before, used less than the grace ago, which is never where the grace is zero: the session is as that
    /// use left it.
    Repeated(Session, User),
    /// It was used before. The session was ended by this call.
    Reused(Session),
    /// The session was ended before, or its time is over.
    Ended,
    /// The session's user was switched off. The session was ended by this call.
    Disabled(Session),
    /// There is no such session.
    Unknown,
}

/// A session with all that decides whether a request of it is let in, read at once.
#[derive(Debug, Clone)]
pub struct SessionState {
    /// The session.
    pub session: Session,
    /// Its user as it is now.
    pub user: User,
    /// Whether the token that was asked about was denied.
    pub denied: bool,
}

/// Keeps sessions.
#[async_trait]
pub trait SessionStore {
    /// Begins a session.
    async fn start_session(&self, session: &Session) -> Result<()>;

    /// Uses a refresh token.
    ///
    /// - A session has one successor at a time: of any number of calls with its current token, whether in one process or in
    ///   many, one is [`Rotation::Rotated`], and those within the grace after it are [`Rotation::Repeated`] with the very
    ///   same session.
    /// - A token that is neither the current one nor, within the grace, the one before ends the session in the same
    ///   transaction: [`Rotation::Reused`].
    /// - The user is read in the same transaction. A user that is not active ends the session: [`Rotation::Disabled`].
    /// - A process that dies in between leaves the session as it was before or as it is after, never between.
    async fn rotate(&self, presented: &Presented) -> Result<Rotation>;

    /// A session and its user as they are now, and whether `token` was denied.
    async fn session(&self, id: &SessionId, token: &TokenId, now: Timestamp) -> Result<Option<SessionState>>;

    /// A user's sessions that are neither ended nor over, newest first.
    async fn sessions(&self, user: &UserId, now: Timestamp) -> Result<Vec<Session>>;

    /// Ends a session of this user; whether there was one to end.
    async fn end_session(&self, user: &UserId, id: &SessionId, now: Timestamp) -> Result<bool>;

    /// Ends all sessions of a user but one; how many that were.
    async fn end_sessions(&self, user: &UserId, except: Option<&SessionId>, now: Timestamp) -> Result<u64>;

    /// Ends all sessions of a user that go on but its newest, in the order in which they are listed: as many stay as `newest`
    /// says, at most; how many were ended.
    async fn end_oldest_sessions(&self, user: &UserId, newest: u32, now: Timestamp) -> Result<u64>;

    /// Denies one token until its own time is over: no longer at `until`. To deny it again never makes that earlier.
    async fn deny_token(&self, token: &TokenId, until: Timestamp) -> Result<()>;

    /// Forgets sessions that were ended or over, and denials whose time was over, before this time; how many rows.
    async fn forget_sessions(&self, before: Timestamp) -> Result<u64>;
}
