//! What [`SessionStore`](crate::store::SessionStore) promises.

use std::time::Duration;

use super::users::assert_same;
use super::{Subject, at_once, ok, refresh_race, refused, some};
use crate::error::ErrorKind;
use crate::id::{SessionId, TokenId, UserId};
use crate::store::{Presented, Rotation, Session, Store, User, UserChange};
use crate::testkit::sample;
use crate::time::Timestamp;

const GRACE: Duration = Duration::from_secs(10);

/// A user with a session that began at second 0.
async fn begun(store: &dyn Store) -> (User, Session) {
    let user = sample::user();
    let session = sample::session(&user, sample::second(0));
    ok(store.insert_user(&user).await);
    ok(store.start_session(&session).await);
    (user, session)
}

fn present(session: &Session, token: &TokenId, now: Timestamp) -> Presented {
    Presented { session: session.id.clone(), token: token.clone(), successor: sample::token(), now, grace: GRACE }
}

async fn kept(store: &dyn Store, session: &Session) -> Session {
    some(ok(store.session(&session.id, &session.current, sample::second(0)).await)).session
}

/// The session that a use of its token left, which had to be its current one.
#[track_caller]
fn rotated(rotation: Rotation) -> Session {
    match rotation {
        Rotation::Rotated(session, _) => session,
        other => panic!("the current token was answered with {other:?}"),
    }
}

/// A session reads back with its user, and its time goes to the microsecond.
pub async fn a_session_reads_back_as_it_began(subject: &Subject) {
    let user = sample::user();
    ok(subject.store.insert_user(&user).await);
    let bare = Session { ip_address: None, user_agent: None, ..sample::session(&user, sample::second(1)) };
    let odd = Session {
        ip_address: Some([192, 0, 2, 255].into()),
        user_agent: Some("Mozilla/5.0 '\"\\ ünï 日本 %00".to_owned()),
        previous: Some(sample::token()),
        ..sample::session(&user, sample::second(2))
    };
    for session in [bare, odd, sample::session(&user, sample::second(3))] {
        ok(subject.store.start_session(&session).await);
        let state = some(ok(subject.other.session(&session.id, &session.current, sample::second(3)).await));
        assert_eq!(state.session, session);
        assert_same(&state.user, &user);
        assert!(!state.denied);
    }
    assert!(ok(subject.store.session(&SessionId::new("nobody's"), &sample::token(), sample::second(0)).await).is_none());
}

/// A session needs a user, an id of its own and text without NUL.
pub async fn a_session_that_cannot_be_kept_is_refused(subject: &Subject) {
    let store = &subject.store;
    let (user, session) = begun(&**store).await;
    let again = Session { id: session.id.clone(), ..sample::session(&user, sample::second(9)) };
    assert_eq!(refused(store.start_session(&again).await), ErrorKind::Conflict);
    assert_eq!(refused(store.start_session(&sample::session(&sample::user(), sample::second(0))).await), ErrorKind::NotFound);
    let nul = Session { user_agent: Some("a\0b".to_owned()), ..sample::session(&user, sample::second(0)) };
    assert_eq!(refused(store.start_session(&nul).await), ErrorKind::Invalid);
    assert!(ok(store.session(&nul.id, &nul.current, sample::second(0)).await).is_none());
    assert!(ok(store.session(&SessionId::new("a\0b"), &TokenId::new("a\0b"), sample::second(0)).await).is_none());
    assert_eq!(kept(&**store, &session).await, session);
}

/// The current token gets a successor, which is current then; everything else of the session stays.
pub async fn a_token_is_used_for_its_successor(subject: &Subject) {
    let (user, mut session) = begun(&*subject.store).await;
    for number in 1..5 {
        let presented = present(&session, &session.current, sample::second(number));
        let answer = ok(subject.handle(number as usize).rotate(&presented).await);
        let Rotation::Rotated(found, found_user) = answer else { panic!("the current token was answered with {answer:?}") };
        session.previous = Some(session.current);
        session.current = presented.successor;
        session.issued_at = sample::second(number);
        assert_eq!(found, session);
        assert_same(&found_user, &user);
        assert_eq!(kept(&*subject.store, &session).await, session);
    }
}

/// 64 uses of one token at once make one successor, in every round.
pub async fn a_session_has_one_successor_at_a_time(subject: &Subject) {
    refresh_race(subject, 64).await;
}

/// Without a grace, of several uses of one token at once one is answered with a successor, and the second one ends the
/// session, that successor included.
pub async fn without_a_grace_a_token_that_comes_twice_ends_the_session(subject: &Subject) {
    let store = &subject.store;
    for _ in 0..subject.rounds {
        let (_, session) = begun(&**store).await;
        let answers = at_once(subject, 16, |store, _| {
            let presented = Presented { grace: Duration::ZERO, ..present(&session, &session.current, sample::second(1)) };
            async move { ok(store.rotate(&presented).await) }
        })
        .await;
        let count = |fits: fn(&Rotation) -> bool| answers.iter().filter(|answer| fits(answer)).count();
        let rotated = count(|answer| matches!(answer, Rotation::Rotated(..)));
        let reused = count(|answer| matches!(answer, Rotation::Reused(_)));
        let ended = count(|answer| matches!(answer, Rotation::Ended));
        assert_eq!((rotated, reused, ended), (1, 1, 14), "{answers:?}");
        let left = kept(&**store, &session).await;
        assert_eq!(left.ended_at, Some(sample::second(1)));
        let successor = present(&session, &left.current, sample::second(2));
        assert!(matches!(ok(store.rotate(&successor).await), Rotation::Ended), "the successor outlived its session");
    }
}

/// Within the grace the token before is answered with the session as its use left it; when the grace is over, it ends it.
pub async fn a_repeated_token_is_answered_alike_until_the_grace_is_over(subject: &Subject) {
    let store = &subject.store;
    let (_, session) = begun(&**store).await;
    let used_at = sample::second(100);
    let left = rotated(ok(store.rotate(&present(&session, &session.current, used_at)).await));
    let grace_ends = used_at.after(GRACE);
    for now in [used_at.before(GRACE), used_at, grace_ends.before(Duration::from_micros(1))] {
        let answer = ok(subject.other.rotate(&present(&session, &session.current, now)).await);
        let Rotation::Repeated(found, _) = answer else { panic!("within the grace came {answer:?}") };
        assert_eq!(found, left);
    }
    let answer = ok(store.rotate(&present(&session, &session.current, grace_ends)).await);
    let Rotation::Reused(ended) = answer else { panic!("after the grace came {answer:?}") };
    assert_eq!(ended, Session { ended_at: Some(grace_ends), ..left.clone() });
    assert_eq!(kept(&**store, &session).await, ended);
    for token in [&session.current, &left.current] {
        let answer = ok(store.rotate(&present(&session, token, grace_ends)).await);
        assert!(matches!(answer, Rotation::Ended), "an ended session answered with {answer:?}");
    }
}

/// A token that was used twice ago, or that the session never had, ends it, whatever the grace.
pub async fn a_token_that_is_not_the_sessions_ends_it(subject: &Subject) {
    let store = &subject.store;
    for stale in [true, false] {
        let (_, session) = begun(&**store).await;
        let first = rotated(ok(store.rotate(&present(&session, &session.current, sample::second(1))).await));
        let second = rotated(ok(store.rotate(&present(&session, &first.current, sample::second(1))).await));
        let token = if stale { session.current.clone() } else { sample::token() };
        let answer = ok(subject.other.rotate(&present(&session, &token, sample::second(1))).await);
        let Rotation::Reused(ended) = answer else { panic!("a token of no use was answered with {answer:?}") };
        assert_eq!(ended, Session { ended_at: Some(sample::second(1)), ..second });
        assert_eq!(kept(&**store, &session).await, ended);
    }
}

/// Another session's token does not refresh this one, and neither session's reuse touches the other.
pub async fn sessions_are_apart(subject: &Subject) {
    let store = &subject.store;
    let (user, session) = begun(&**store).await;
    let other = sample::session(&user, sample::second(0));
    ok(store.start_session(&other).await);
    let answer = ok(store.rotate(&present(&session, &other.current, sample::second(1))).await);
    assert!(matches!(answer, Rotation::Reused(_)), "another session's token was answered with {answer:?}");
    assert_eq!(kept(&**store, &other).await, other);
    let unknown = Presented { session: SessionId::new("unknown"), ..present(&other, &other.current, sample::second(1)) };
    assert!(matches!(ok(store.rotate(&unknown).await), Rotation::Unknown));
    rotated(ok(store.rotate(&present(&other, &other.current, sample::second(1))).await));
}

/// A session is over at its time, to the microsecond.
pub async fn a_session_is_over_at_its_time(subject: &Subject) {
    let store = &subject.store;
    let (user, session) = begun(&**store).await;
    let before = session.expires_at.before(Duration::from_micros(1));
    assert_eq!(ok(store.sessions(&user.id, before).await), std::slice::from_ref(&session));
    assert!(ok(store.sessions(&user.id, session.expires_at).await).is_empty());
    assert!(!ok(store.end_session(&user.id, &session.id, session.expires_at).await));
    assert_eq!(ok(store.end_sessions(&user.id, None, session.expires_at).await), 0);
    let left = rotated(ok(store.rotate(&present(&session, &session.current, before)).await));
    for token in [&session.current, &left.current] {
        let answer = ok(store.rotate(&present(&session, token, session.expires_at)).await);
        assert!(matches!(answer, Rotation::Ended), "a session that is over answered with {answer:?}");
    }
    assert_eq!(kept(&**store, &session).await, left, "a session that is over was changed");
}

/// A user that was switched off is let in no more, and its session is over also when it is switched on again.
pub async fn a_user_that_is_switched_off_refreshes_no_more(subject: &Subject) {
    let store = &subject.store;
    for within_grace in [false, true] {
        let (user, session) = begun(&**store).await;
        if within_grace {
            rotated(ok(store.rotate(&present(&session, &session.current, sample::second(1))).await));
        }
        let switch = |active| UserChange { active: Some(active), ..UserChange::default() };
        some(ok(store.change_user(&user.tenant, &user.id, &switch(false), sample::second(1)).await));
        assert!(!some(ok(store.session(&session.id, &session.current, sample::second(1)).await)).user.active);
        let presented = present(&session, &session.current, sample::second(2));
        let answer = ok(subject.other.rotate(&presented).await);
        let Rotation::Disabled(ended) = answer else { panic!("a user that is switched off got {answer:?}") };
        assert_eq!(ended.ended_at, Some(sample::second(2)));
        assert_eq!(kept(&**store, &session).await, ended);
        some(ok(store.change_user(&user.tenant, &user.id, &switch(true), sample::second(3)).await));
        assert!(matches!(ok(store.rotate(&presented).await), Rotation::Ended));
    }
}

/// A user's sessions come newest first, without those that were ended, and none of others.
pub async fn a_users_sessions_are_listed_newest_first(subject: &Subject) {
    let store = &subject.store;
    let (user, first) = begun(&**store).await;
    begun(&**store).await;
    let second = sample::session(&user, sample::second(2));
    let third = sample::session(&user, sample::second(1));
    for session in [&second, &third] {
        ok(store.start_session(session).await);
    }
    let list = ok(subject.other.sessions(&user.id, sample::second(3)).await);
    assert_eq!(list, [second.clone(), third.clone(), first.clone()]);
    assert!(ok(store.end_session(&user.id, &third.id, sample::second(3)).await));
    assert_eq!(ok(store.sessions(&user.id, sample::second(3)).await), [second, first]);
    assert!(ok(store.sessions(&UserId::generate(), sample::second(3)).await).is_empty());
}

/// A user ends its own sessions, each once.
pub async fn a_user_ends_its_own_sessions(subject: &Subject) {
    let store = &subject.store;
    let (user, session) = begun(&**store).await;
    let (stranger, _) = begun(&**store).await;
    let now = sample::second(5);
    assert!(!ok(store.end_session(&stranger.id, &session.id, now).await), "a stranger ended it");
    assert!(!ok(store.end_session(&user.id, &SessionId::new("unknown"), now).await));
    assert!(ok(store.end_session(&user.id, &session.id, now).await));
    assert!(!ok(subject.other.end_session(&user.id, &session.id, sample::second(6)).await), "it was ended twice");
    assert_eq!(kept(&**store, &session).await.ended_at, Some(now));
    assert!(matches!(ok(store.rotate(&present(&session, &session.current, now)).await), Rotation::Ended));
}

/// All sessions of a user but one end, and nobody else's.
pub async fn all_sessions_but_one_end(subject: &Subject) {
    let store = &subject.store;
    let (user, session) = begun(&**store).await;
    let (stranger, theirs) = begun(&**store).await;
    for number in 1..4 {
        ok(store.start_session(&sample::session(&user, sample::second(number))).await);
    }
    assert_eq!(ok(store.end_sessions(&user.id, Some(&session.id), sample::second(5)).await), 3);
    assert_eq!(ok(subject.other.sessions(&user.id, sample::second(5)).await), [session]);
    assert_eq!(ok(store.end_sessions(&user.id, None, sample::second(6)).await), 1);
    assert_eq!(ok(store.end_sessions(&user.id, None, sample::second(7)).await), 0);
    assert_eq!(ok(store.sessions(&stranger.id, sample::second(7)).await), [theirs]);
}

/// All sessions of a user that go on end but the newest, as many as are asked for, and nobody else's.
pub async fn all_sessions_but_the_newest_end(subject: &Subject) {
    let store = &subject.store;
    let (user, oldest) = begun(&**store).await;
    let (stranger, theirs) = begun(&**store).await;
    let over = Session { expires_at: sample::second(9), ..sample::session(&user, sample::second(9)) };
    // Two of one time, added in the other order than the one in which they are listed.
    let mut pair = [(); 2].map(|()| sample::session(&user, sample::second(1)));
    pair.sort_by(|one, other| one.id.cmp(&other.id));
    let [second, third] = pair;
    let newest = sample::session(&user, sample::second(2));
    for session in [&newest, &over, &second, &third] {
        ok(store.start_session(session).await);
    }
    let now = sample::second(10);
    for limit in [4, u32::MAX] {
        assert_eq!(ok(store.end_oldest_sessions(&user.id, limit, now).await), 0, "{limit}");
    }
    assert_eq!(ok(store.end_oldest_sessions(&user.id, 2, now).await), 2);
    assert_eq!(ok(subject.other.sessions(&user.id, now).await), [newest, third]);
    for ended in [&oldest, &second] {
        assert_eq!(kept(&**store, ended).await.ended_at, Some(now));
    }
    assert_eq!(kept(&**store, &over).await, over, "a session that is over was changed");
    assert_eq!(ok(subject.other.end_oldest_sessions(&user.id, 2, sample::second(11)).await), 0);
    assert_eq!(ok(store.end_oldest_sessions(&user.id, 0, sample::second(11)).await), 2);
    assert_eq!(ok(store.end_oldest_sessions(&UserId::generate(), 0, now).await), 0);
    assert_eq!(ok(store.sessions(&stranger.id, now).await), [theirs]);
}

/// Many begin a session each and end the oldest, all at once: the newest stay, and each of the others is ended once.
pub async fn of_many_that_end_the_oldest_at_once_each_ends_others(subject: &Subject) {
    let store = &subject.store;
    let (user, _) = begun(&**store).await;
    let answers = at_once(subject, 16, |store, number| {
        let session = sample::session(&user, sample::second(1 + number as i64));
        let user = user.id.clone();
        async move {
            ok(store.start_session(&session).await);
            ok(store.end_oldest_sessions(&user, 3, sample::second(20)).await)
        }
    })
    .await;
    assert_eq!(answers.iter().sum::<u64>(), 14, "{answers:?}");
    assert_eq!(ok(store.sessions(&user.id, sample::second(20)).await).len(), 3);
}

/// A denied token stays denied until its own time is over, and others are not denied with it.
pub async fn a_denied_token_is_denied_until_its_time_is_over(subject: &Subject) {
    let store = &subject.store;
    let (_, session) = begun(&**store).await;
    let (token, until) = (sample::token(), sample::second(60));
    ok(store.deny_token(&token, until).await);
    ok(store.deny_token(&token, sample::second(30)).await);
    let denied = async |token: &TokenId, now| some(ok(subject.other.session(&session.id, token, now).await)).denied;
    assert!(denied(&token, sample::second(0)).await);
    assert!(denied(&token, until.before(Duration::from_micros(1))).await, "a second denial made the first one shorter");
    assert!(!denied(&token, until).await);
    assert!(!denied(&sample::token(), sample::second(0)).await);
    assert_eq!(refused(store.deny_token(&TokenId::new("a\0b"), until).await), ErrorKind::Invalid);
}

/// What was over before a time is forgotten, and nothing else.
pub async fn sessions_and_denials_are_forgotten_when_they_are_over(subject: &Subject) {
    let store = &subject.store;
    let (user, over) = begun(&**store).await;
    let ended = sample::session(&user, sample::second(0));
    let live = Session { expires_at: Timestamp::MAX, ..sample::session(&user, sample::second(0)) };
    for session in [&ended, &live] {
        ok(store.start_session(session).await);
    }
    let end = sample::second(10);
    assert!(ok(store.end_session(&user.id, &ended.id, end).await));
    ok(store.deny_token(&sample::token(), end).await);
    ok(store.deny_token(&live.current, Timestamp::MAX).await);

    assert_eq!(ok(store.forget_sessions(end).await), 0, "it forgot what was over at this very time");
    assert_eq!(ok(store.forget_sessions(end.after(Duration::from_micros(1))).await), 2);
    assert!(ok(store.session(&ended.id, &ended.current, end).await).is_none());
    assert_eq!(ok(store.forget_sessions(over.expires_at).await), 0);
    assert_eq!(ok(store.forget_sessions(over.expires_at.after(Duration::from_micros(1))).await), 1);
    assert!(matches!(ok(store.rotate(&present(&over, &over.current, end)).await), Rotation::Unknown));
    let state = some(ok(subject.other.session(&live.id, &live.current, end).await));
    assert_eq!((state.session, state.denied), (live, true));
}
