//! A process that is killed while it refreshes.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dharmagraph_auth::store::{Presented, Rotation, Store};
use dharmagraph_auth::testkit::sample;
use dharmagraph_auth::{SessionId, TokenId};

const SESSION: &str = "CRASH_SESSION";
const TOKEN: &str = "CRASH_TOKEN";
/// Says where the store of the process is.
pub(crate) const STORE: &str = "CRASH_STORE";
/// What the process writes before each token that it was given.
const GIVEN: &str = "given ";
/// Within the grace all the time.
const GRACE: Duration = Duration::from_secs(600);

fn present(session: &SessionId, token: &TokenId) -> Presented {
    let (session, token) = (session.clone(), token.clone());
    Presented { session, token, successor: sample::token(), now: sample::second(1), grace: GRACE }
}

/// Uses each token for the next one, and writes each when it has it, until the process is killed.
pub(crate) async fn rotate_until_killed(store: &dyn Store) {
    let variable = |name| std::env::var(name).unwrap();
    let (session, mut token) = (SessionId::new(variable(SESSION)), TokenId::new(variable(TOKEN)));
    loop {
        let Rotation::Rotated(after, _) = store.rotate(&present(&session, &token)).await.unwrap() else {
            panic!("the current token was not taken")
        };
        token = after.current;
        let mut output = std::io::stdout().lock();
        output.write_all(format!("\n{GIVEN}{token}\n").as_bytes()).unwrap();
        output.flush().unwrap();
    }
}

/// Starts the ignored test of this program that is named so, again and again, and kills it at another moment each time
/// (SIGKILL): what it was answered before is kept, and the session has one successor.
pub(crate) async fn nothing_is_lost_to_kills(store: &dyn Store, at: &str, test: &str, kills: u32) {
    let user = sample::user();
    let mut session = sample::session(&user, sample::second(0));
    store.insert_user(&user).await.unwrap();
    store.start_session(&session).await.unwrap();
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--ignored", "--nocapture"])
            .envs([(STORE, at), (SESSION, session.id.as_str()), (TOKEN, session.current.as_str())])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut given = Vec::new();
        let mut line = String::new();
        while given.len() <= usize::try_from(kill % 7).unwrap() {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the process ended by itself");
            given.extend(line.trim_end().strip_prefix(GIVEN).map(TokenId::new));
        }
        // Somewhere in the next use.
        let moment = Instant::now() + Duration::from_micros(u64::from(kill) * 97 % 4_000);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        let complete = rest.rfind('\n').map_or("", |end| &rest[..end]);
        given.extend(complete.lines().filter_map(|line| line.strip_prefix(GIVEN)).map(TokenId::new));

        let newest = given.last().unwrap();
        session = match store.rotate(&present(&session.id, newest)).await.unwrap() {
            // The next use did not happen.
            Rotation::Rotated(after, _) => after,
            // It did, and only its answer was lost.
            Rotation::Repeated(after, _) => after,
            other => panic!("after kill {kill} the newest token was answered with {other:?}"),
        };
        assert_eq!(session.previous.as_ref(), Some(newest), "after kill {kill}");
        let sessions = store.sessions(&user.id, sample::second(1)).await.unwrap();
        assert_eq!(sessions, [session.clone()], "after kill {kill}");
    }
}
