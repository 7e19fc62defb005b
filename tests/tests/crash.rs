//! Processes that end in the middle of a discovery.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use dharmagraph_tests::{Account, FaultProxy, Server, ServerSettings, perfect};
use serde_json::{Value, json};
use tempfile::TempDir;

static ACCOUNT: Account = Account::new(60, 31, &["us-east-1", "us-west-2"]);

/// A discovery that can be met in its middle, since every call takes a while.
async fn slow() -> (ServerSettings, FaultProxy, TempDir) {
    let proxy = ACCOUNT.proxy().await;
    proxy.inject(20, &[json!({"then": {"delay": [0.05, 0.6]}})]).await;
    let folder = tempfile::tempdir().unwrap();
    (ServerSettings::new(folder.path().join("data"), Some(proxy.url())), proxy, folder)
}

async fn nothing_runs(server: &Server) {
    for task in server.all("/discovery", "tasks").await {
        assert_ne!(task["status"], "running", "{task}");
    }
}

fn scopes_done(task: &Value) -> u64 {
    task["progress"]["scopes_done"].as_u64().unwrap()
}

async fn killed_after(scopes: u64) {
    let (settings, proxy, _folder) = slow().await;
    let mut server = settings.start().await;
    let task = server.begin(&ACCOUNT.regions()).await;
    let seen = server.reached(&task, |task| scopes_done(task) >= scopes).await;
    assert_eq!(seen["status"], "running", "the discovery ended too early: {seen}");
    server.kill();

    proxy.inject(20, &[]).await;
    let server = settings.start().await;
    let resumed = server.ended(&task).await;
    assert_eq!(resumed["status"], "completed", "{resumed}");
    perfect(&server, ACCOUNT.truth().await).await;
    nothing_runs(&server).await;
}

#[tokio::test]
async fn a_discovery_killed_before_its_first_scope_is_resumed() {
    killed_after(0).await;
}

#[tokio::test]
async fn a_discovery_killed_after_its_first_scope_is_resumed() {
    killed_after(1).await;
}

#[tokio::test]
async fn a_discovery_killed_in_its_middle_is_resumed() {
    killed_after(15).await;
}

#[tokio::test]
async fn a_discovery_killed_near_its_end_is_resumed() {
    killed_after(35).await;
}

#[tokio::test]
async fn a_discovery_killed_again_and_again_ends_well() {
    let (settings, proxy, _folder) = slow().await;
    let mut server = settings.start().await;
    let task = server.begin(&ACCOUNT.regions()).await;
    for _ in 0..8 {
        let before = scopes_done(&server.get(&format!("/discovery/{task}")).await.expect(200));
        server.reached(&task, |task| scopes_done(task) >= before + 3).await;
        server.kill();
        server = settings.start().await;
    }
    proxy.inject(20, &[]).await;
    let ended = server.ended(&task).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    perfect(&server, ACCOUNT.truth().await).await;
    nothing_runs(&server).await;
}

#[tokio::test]
async fn a_killed_repeat_leaves_a_graph_that_the_next_discovery_confirms() {
    let (settings, proxy, _folder) = slow().await;
    proxy.inject(20, &[]).await;
    let mut server = settings.start().await;
    assert_eq!(server.discovered(&ACCOUNT.regions()).await["status"], "completed");
    proxy.inject(20, &[json!({"then": {"delay": [0.05, 0.6]}})]).await;
    let repeat = server.begin(&ACCOUNT.regions()).await;
    server.reached(&repeat, |task| scopes_done(task) >= 10).await;
    server.kill();
    proxy.inject(20, &[]).await;
    let server = settings.start().await;
    let repeat = server.ended(&repeat).await;
    assert_eq!(repeat["status"], "completed", "{repeat}");
    for counter in ["created", "updated", "removed"] {
        assert_eq!(repeat[counter], 0, "{counter}: {repeat}");
    }
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn keys_that_came_with_a_request_are_gone_after_a_crash_and_what_was_stored_stays() {
    let (settings, proxy, _folder) = slow().await;
    let mut server = settings.start().await;
    let body = json!({"credentials": {"access_key": "testing", "secret_key": "testing", "regions": ACCOUNT.regions()}});
    let task = server.begin_with(&body).await;
    server.reached(&task, |task| scopes_done(task) >= 10).await;
    server.kill();

    proxy.inject(20, &[]).await;
    let server = settings.start().await;
    let ended = server.ended(&task).await;
    assert_eq!(ended["status"], "failed", "{ended}");
    assert_eq!(ended["errors"][0]["code"], "CREDENTIALS_GONE", "{ended}");
    let stored = server.get("/statistics").await.expect(200);
    assert!(stored["total_resources"].as_u64() > Some(0), "{stored}");
    nothing_runs(&server).await;

    assert_eq!(server.discovered(&ACCOUNT.regions()).await["status"], "completed");
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn a_server_that_is_asked_to_end_leaves_a_discovery_that_the_next_one_resumes() {
    let (settings, proxy, _folder) = slow().await;
    let mut server = settings.start().await;
    let task = server.begin(&ACCOUNT.regions()).await;
    server.reached(&task, |task| scopes_done(task) >= 5).await;
    let status = server.terminated().await;
    assert!(status.success(), "{status}\n{}", server.logged());

    proxy.inject(20, &[]).await;
    let server = settings.start().await;
    let resumed = server.ended(&task).await;
    assert_eq!(resumed["status"], "completed", "{resumed}");
    perfect(&server, ACCOUNT.truth().await).await;
}
