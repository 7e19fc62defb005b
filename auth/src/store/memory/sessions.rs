//! Sessions in memory.

use std::cmp::Ordering;

use async_trait::async_trait;

use super::MemoryStore;
use crate::error::{Error, Result};
use crate::id::{SessionId, TokenId, UserId};
use crate::store::{Presented, Rotation, Session, SessionState, SessionStore, accept};
use crate::time::Timestamp;

#[async_trait]
impl SessionStore for MemoryStore {
    async fn start_session(&self, session: &Session) -> Result<()> {
        accept::session(session)?;
        let mut state = self.state();
        state.owner(&session.user)?;
        if state.sessions.contains_key(&session.id) {
            return Err(Error::taken("session id"));
        }
        state.sessions.insert(session.id.clone(), session.clone());
        Ok(())
    }

    async fn rotate(&self, presented: &Presented) -> Result<Rotation> {
        accept::text("token id", presented.successor.as_str())?;
        let mut state = self.state();
        let state = &mut *state;
        let Some(session) = state.sessions.get_mut(&presented.session) else { return Ok(Rotation::Unknown) };
        if !is_live(session, presented.now) {
            return Ok(Rotation::Ended);
        }
        let is_current = session.current == presented.token;
        let is_repeated =
            session.previous.as_ref() == Some(&presented.token) && presented.now.since(session.issued_at) < presented.grace;
        if !is_current && !is_repeated {
            session.ended_at = Some(presented.now);
            return Ok(Rotation::Reused(session.clone()));
        }
        let Some(user) = state.users.get(&session.user).filter(|user| user.active) else {
            session.ended_at = Some(presented.now);
            return Ok(Rotation::Disabled(session.clone()));
        };
        if is_repeated {
            return Ok(Rotation::Repeated(session.clone(), user.clone()));
        }
        session.previous = Some(std::mem::replace(&mut session.current, presented.successor.clone()));
        session.issued_at = presented.now;
        Ok(Rotation::Rotated(session.clone(), user.clone()))
    }

    async fn session(&self, id: &SessionId, token: &TokenId, now: Timestamp) -> Result<Option<SessionState>> {
        let state = self.state();
        let Some(session) = state.sessions.get(id).cloned() else { return Ok(None) };
        let user = state.owner(&session.user)?.clone();
        let denied = state.denied.get(token).is_some_and(|until| now < *until);
        Ok(Some(SessionState { session, user, denied }))
    }

    async fn sessions(&self, user: &UserId, now: Timestamp) -> Result<Vec<Session>> {
        let state = self.state();
        let live = |session: &&Session| session.user == *user && is_live(session, now);
        let mut sessions: Vec<Session> = state.sessions.values().filter(live).cloned().collect();
        sessions.sort_by(newest_first);
        Ok(sessions)
    }

    async fn end_session(&self, user: &UserId, id: &SessionId, now: Timestamp) -> Result<bool> {
        match self.state().sessions.get_mut(id) {
            Some(session) if session.user == *user && is_live(session, now) => {
                session.ended_at = Some(now);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn end_sessions(&self, user: &UserId, except: Option<&SessionId>, now: Timestamp) -> Result<u64> {
        let mut ended = 0;
        for session in self.state().sessions.values_mut() {
            if session.user == *user && Some(&session.id) != except && is_live(session, now) {
                session.ended_at = Some(now);
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn end_oldest_sessions(&self, user: &UserId, newest: u32, now: Timestamp) -> Result<u64> {
        let mut state = self.state();
        let live = |session: &&mut Session| session.user == *user && is_live(session, now);
        let mut sessions: Vec<&mut Session> = state.sessions.values_mut().filter(live).collect();
        sessions.sort_by(|one, other| newest_first(one, other));
        let mut ended = 0;
        for session in sessions.into_iter().skip(newest as usize) {
            session.ended_at = Some(now);
            ended += 1;
        }
        Ok(ended)
    }

    async fn deny_token(&self, token: &TokenId, until: Timestamp) -> Result<()> {
        accept::text("token id", token.as_str())?;
        let mut state = self.state();
        let kept = state.denied.entry(token.clone()).or_insert(until);
        *kept = until.max(*kept);
        Ok(())
    }

    async fn forget_sessions(&self, before: Timestamp) -> Result<u64> {
        let mut state = self.state();
        let was_over = |session: &Session| session.expires_at < before || session.ended_at.is_some_and(|ended| ended < before);
        let sessions = state.sessions.extract_if(.., |_, session| was_over(session)).count();
        let denials = state.denied.extract_if(.., |_, until| *until < before).count();
        Ok((sessions + denials) as u64)
    }
}

/// The order in which sessions are listed.
fn newest_first(one: &Session, other: &Session) -> Ordering {
    (other.created_at, &other.id).cmp(&(one.created_at, &one.id))
}

/// Whether a session is neither ended nor over.
fn is_live(session: &Session, now: Timestamp) -> bool {
    session.ended_at.is_none() && now < session.expires_at
}
