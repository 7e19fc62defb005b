//! Many at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Barrier;

use super::{Subject, ok};
use crate::store::{Presented, Rotation, Store};
use crate::testkit::sample;

/// What `count` callers are answered that all call at once, the even ones through the first handle and the odd ones through
/// the second. Each gets its handle and its number.
pub async fn at_once<T, F>(subject: &Subject, count: usize, call: impl Fn(Arc<dyn Store>, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(count));
    let callers: Vec<_> = (0..count)
        .map(|number| {
            let (start, called) = (Arc::clone(&start), call(subject.handle(number), number));
            tokio::spawn(async move {
                start.wait().await;
                called.await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(count);
    for caller in callers {
        answers.push(ok(caller.await));
    }
    answers
}

/// `count` callers use one refresh token at once, round after round, each with a successor of its own: one successor is made,
/// and every other caller is answered with it. Then the family goes on with that successor, and the first token of all, which
/// is two uses old by now, ends it.
pub async fn refresh_race(subject: &Subject, count: usize) {
    let user = sample::user();
    ok(subject.store.insert_user(&user).await);
    for _ in 0..subject.rounds {
        let session = sample::session(&user, sample::second(0));
        ok(subject.store.start_session(&session).await);
        let present = |token: &crate::TokenId, grace| Presented {
            session: session.id.clone(),
            token: token.clone(),
            successor: sample::token(),
            now: sample::second(1),
            grace,
        };

        let answers = at_once(subject, count, |store, _| {
            let presented = present(&session.current, Duration::from_secs(10));
            async move { ok(store.rotate(&presented).await) }
        })
        .await;
        let mut successors = BTreeSet::new();
        let mut rotated = 0;
        for answer in answers {
            match answer {
                Rotation::Rotated(session, _) => {
                    rotated += 1;
                    successors.insert(session.current);
                }
                Rotation::Repeated(session, _) => {
                    successors.insert(session.current);
                }
                other => panic!("a token within the grace was answered with {other:?}"),
            }
        }
        assert_eq!((rotated, successors.len()), (1, 1), "of {count} uses of one token");

        let Some(successor) = successors.pop_first() else { panic!("nobody got a successor") };
        let answer = ok(subject.other.rotate(&present(&successor, Duration::ZERO)).await);
        assert!(matches!(answer, Rotation::Rotated(..)), "the successor was answered with {answer:?}");
        let answer = ok(subject.store.rotate(&present(&session.current, Duration::from_secs(10))).await);
        assert!(matches!(answer, Rotation::Reused(_)), "an old token was answered with {answer:?}");
    }
}
