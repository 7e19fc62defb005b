//! A process that is killed while 64 callers refresh one token at once, round after round.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dharmagraph_auth::store::{Presented, Rotation, Session, Store};
use dharmagraph_auth::testkit::sample;
use dharmagraph_auth::{SessionId, TokenId};
use tokio::task::JoinSet;

const SESSION: &str = "CRASH_SESSION";
const TOKEN: &str = "CRASH_TOKEN";
/// Says where the store of the process is.
pub(crate) const STORE: &str = "CRASH_STORE";
/// How many use one token at once.
const CALLERS: usize = 64;
/// How often the process is killed.
const KILLS: usize = 30;
/// How many rounds there are before a kill, at least: over a thousand in all.
const ROUNDS: usize = 34;
/// What the process writes before each answer: the token that was used, and its successor.
const ANSWER: &str = "answer ";
/// Within the grace all the time.
const GRACE: Duration = Duration::from_secs(600);

fn present(session: &SessionId, token: &TokenId) -> Presented {
    let (session, token) = (session.clone(), token.clone());
    Presented { session, token, successor: sample::token(), now: sample::second(1), grace: GRACE }
}

/// The session after a use of its current token: of this one, or of another before it.
#[track_caller]
fn used(rotation: Rotation) -> Session {
    match rotation {
        Rotation::Rotated(after, _) | Rotation::Repeated(after, _) => after,
        other => panic!("the newest token was answered with {other:?}"),
    }
}

/// Uses each token 64 times at once for the next one, and writes each answer as soon as its caller has it, until the process is
/// killed.
pub(crate) async fn rotate_until_killed(store: Arc<dyn Store>) {
    let variable = |name| std::env::var(name).unwrap();
    let (session, mut token) = (SessionId::new(variable(SESSION)), TokenId::new(variable(TOKEN)));
    loop {
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let (store, presented) = (Arc::clone(&store), present(&session, &token));
            callers.spawn(async move {
                let successor = used(store.rotate(&presented).await.unwrap()).current;
                let line = format!("\n{ANSWER}{} {successor}\n", presented.token);
                let mut output = std::io::stdout().lock();
                output.write_all(line.as_bytes()).unwrap();
                output.flush().unwrap();
                successor
            });
        }
        token = callers.join_all().await.swap_remove(0);
    }
}

/// What callers were answered, in all processes.
#[derive(Default)]
struct Answers {
    successors: BTreeMap<TokenId, TokenId>,
    newest: Option<TokenId>,
    count: usize,
}

impl Answers {
    /// Notes an answer; a token that was answered with another successor before fails the test.
    #[track_caller]
    fn note(&mut self, token: TokenId, successor: TokenId) {
        let first = self.successors.entry(token).or_insert_with_key(|_| successor.clone());
        assert_eq!(*first, successor, "a token has two successors");
        self.newest = Some(successor);
        self.count += 1;
    }

    /// Notes what a line of the process tells, if it is an answer.
    #[track_caller]
    fn read(&mut self, line: &str) {
        let answer = line.trim_end().strip_prefix(ANSWER).and_then(|answer| answer.split_once(' '));
        if let Some((token, successor)) = answer {
            self.note(TokenId::new(token), TokenId::new(successor));
        }
    }
}

fn start(at: &str, test: &str, session: &Session) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .envs([(STORE, at), (SESSION, session.id.as_str()), (TOKEN, session.current.as_str())])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts the ignored test of this program that is named so, again and again, and kills it at another moment each time
/// (SIGKILL), over a thousand rounds. After each kill the store is opened anew: what anybody was answered is kept, no token
/// ever has two successors, and the session goes on.
pub(crate) async fn nothing_is_lost_to_kills<S: Store>(open: impl AsyncFn() -> S, at: &str, test: &str) {
    let user = sample::user();
    let mut session = sample::session(&user, sample::second(0));
    let store = open().await;
    store.insert_user(&user).await.unwrap();
    store.start_session(&session).await.unwrap();
    drop(store);
    let mut answers = Answers::default();
    for kill in 0..KILLS {
        let mut child = start(at, test, &session);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        // Another place among the answers of a round each time.
        let enough = answers.count + ROUNDS * CALLERS + kill * 37 % CALLERS;
        let mut line = String::new();
        while answers.count < enough {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the process ended by itself");
            answers.read(&line);
        }
        // And another moment of what follows.
        let moment = Instant::now() + Duration::from_micros(kill as u64 * 97 % 4_000);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        let complete = rest.rfind('\n').map_or("", |end| &rest[..end]);
        complete.lines().for_each(|line| answers.read(line));

        let store = open().await;
        let newest = answers.newest.clone().unwrap();
        // Either its use did not happen, and does now; or it did, and only the answers were lost.
        session = used(store.rotate(&present(&session.id, &newest)).await.unwrap());
        assert_eq!(session.previous.as_ref(), Some(&newest), "after kill {kill}");
        let sessions = store.sessions(&user.id, sample::second(1)).await.unwrap();
        assert_eq!(sessions, [session.clone()], "after kill {kill}");
        answers.note(newest, session.current.clone());
    }
    assert!(answers.successors.len() > 1_000, "{} rounds", answers.successors.len());
}
