use dharmagraph_cmdb::Provider;
use dharmagraph_cmdb::sync::{Credentials, TaskStatus};
use futures_util::StreamExt as _;

use super::*;
use crate::cli::failure::Exit;
use crate::cli::fake_server::{FakeServer, Script};

impl Remote {
    /// The same, asking again at once.
    pub(crate) fn without_waiting(mut self) -> Self {
        self.poll_every = Duration::ZERO;
        self
    }
}

fn shown(failure: &Failure) -> String {
    let mut text = Vec::new();
    failure.write(&mut text, false).unwrap();
    String::from_utf8(text).unwrap()
}

async fn statuses(script: Script) -> Vec<TaskStatus> {
    let server = FakeServer::start(script).await;
    let steps = server.client().watch(&TaskId::new("t")).await.unwrap();
    steps.map(|task| task.unwrap().status).collect().await
}

#[tokio::test]
async fn progress_is_what_the_server_pushes() {
    assert_eq!(statuses(Script::ends("completed")).await, [TaskStatus::Running, TaskStatus::Completed]);
}

#[tokio::test]
async fn progress_is_asked_for_where_nothing_is_pushed() {
    assert_eq!(statuses(Script::ends("partial").silent()).await, [TaskStatus::Running, TaskStatus::Partial]);
}

#[tokio::test]
async fn progress_is_asked_for_where_the_stream_breaks_off() {
    assert_eq!(statuses(Script::ends("completed").breaking_off()).await.last(), Some(&TaskStatus::Completed));
}

#[tokio::test]
async fn an_arn_reaches_the_server_whole() {
    let server = FakeServer::start(Script::ends("completed")).await;
    let arn = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a b/%2F?#$";
    let as_of = "2025-01-18T12:30:45Z".parse().unwrap();
    let resource = server.client().resource(arn, Some(as_of)).await.unwrap();
    assert_eq!(resource.id.as_str(), arn);
    assert_eq!(resource.region, "as_of=2025-01-18T12%3A30%3A45Z");
}

#[tokio::test]
async fn a_request_names_what_was_said_and_nothing_else() {
    let server = FakeServer::start(Script::ends("completed")).await;
    let mut request = DiscoveryRequest::new(Provider::AWS);
    request.regions = vec!["us-east-1".into()];
    request.credentials = Some(Credentials::Profile { profile: "work".into() });
    request.dry_run = true;
    server.client().discover(request).await.unwrap();
    let body: Value = serde_json::from_str(&server.requests()[0]).unwrap();
    let credentials = json!({"source": "profile", "profile": "work"});
    assert_eq!(body, json!({"credentials": credentials, "regions": ["us-east-1"], "dry_run": true}));
}

#[tokio::test]
async fn a_problem_document_becomes_two_lines() {
    let server = FakeServer::start(Script::ends("completed")).await;
    let failure = server.client().resource("web", None).await.unwrap_err();
    assert!(shown(&failure).starts_with("error: resource `web` was not found\n hint: "), "{}", shown(&failure));
    let failure = server.client().impact("web", &ImpactRequest::default(), None).await.unwrap_err();
    assert!(shown(&failure).contains("request id r-1"), "{}", shown(&failure));
    assert_eq!(failure.exit(), Exit::Failed);
}

#[tokio::test]
async fn another_programs_answer_is_named_as_such() {
    let server = FakeServer::start(Script::ends("completed")).await;
    let failure = server.client().statistics(None).await.unwrap_err();
    assert!(shown(&failure).contains("answered with text/plain where JSON was expected"), "{}", shown(&failure));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be_unreachable() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let remote = Remote::new(format!("http://{free}").parse().unwrap()).unwrap();
    let failure = remote.statistics(None).await.unwrap_err();
    let expected = format!("error: no server can be reached at http://{free}: connection refused\n hint: start one with");
    assert!(shown(&failure).starts_with(&expected), "{}", shown(&failure));
}

#[tokio::test]
async fn a_state_file_is_sent_whole() {
    let server = FakeServer::start(Script::ends("completed")).await;
    let mut request = DiscoveryRequest::new(Provider::TERRAFORM);
    request.document = Some(br#"{"version": 4, "lineage": "a"}"#.to_vec().into());
    server.client().discover(request).await.unwrap();
    assert_eq!(server.requests(), [r#"{"state":{"lineage":"a","version":4}}"#]);
}

#[test]
fn only_addresses_of_this_machine_go_past_the_proxy() {
    for (url, own) in [
        ("http://127.0.0.1:8200", true),
        ("http://[::1]:8200", true),
        ("http://localhost:1", true),
        ("http://10.0.0.1", false),
        ("http://localhost.example.org", false),
    ] {
        assert_eq!(is_this_machine(&url.parse().unwrap()), own, "{url}");
    }
}
