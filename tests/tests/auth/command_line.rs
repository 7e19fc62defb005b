//! The command line beside and before a server in production.

use std::process::Command as Program;

use dharmagraph_tests::{dharmagraph, finished, python};

use crate::setup::Estate;

#[tokio::test]
async fn the_command_line_shows_its_token_to_a_server() {
    let estate = Estate::start().await;
    let command = || {
        let mut command = dharmagraph("http://127.0.0.1:1", estate.folder.path());
        command.args(["stats", "--json", "--server", estate.server.url()]);
        command
    };
    let refused = finished(&mut command()).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.errors.contains("DHARMAGRAPH_TOKEN"), "{}", refused.errors);
    let let_in = finished(command().env("DHARMAGRAPH_TOKEN", &estate.admin)).await.succeeded();
    assert!(let_in.json().is_object());
}

#[tokio::test]
async fn the_audit_trail_is_verified_beside_a_server_and_a_change_shows() {
    let mut estate = Estate::start().await;
    let data = estate.server.data_directory().to_owned();
    let verify = async |more: &[&str]| {
        let mut command = dharmagraph("http://127.0.0.1:1", estate.folder.path());
        command.args(["audit", "verify", "--json", "--data-dir"]).arg(&data).args(more);
        finished(&mut command).await
    };
    let report = verify(&[]).await.succeeded().json();
    let head = report["head"].as_str().unwrap().to_owned();
    estate.user("grace", "VIEWER").await;
    assert_eq!(verify(&["--expect", &head]).await.succeeded().json()["sound"], true);
    let mut rotate = dharmagraph("http://127.0.0.1:1", estate.folder.path());
    let rotated = finished(rotate.args(["auth", "rotate-keys", "--json", "--data-dir"]).arg(&data)).await.succeeded();
    assert_eq!(rotated.json()["rotated"], true);
    estate.get(&estate.admin, "/me").await.expect(200);

    const CHANGE: &str = "
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute(\"UPDATE audit_logs SET action = 'auth.logout' WHERE action = 'auth.bootstrap'\")
database.commit()";
    let changed = Program::new(python()).args(["-c", CHANGE]).arg(data.join("auth.db")).output().unwrap();
    assert!(changed.status.success(), "{}", String::from_utf8_lossy(&changed.stderr));
    let broken = verify(&[]).await;
    assert_eq!((broken.status.code(), &broken.json()["damage"]["sequence"]), (Some(1), &1.into()));
    estate.server.terminated().await;
}
