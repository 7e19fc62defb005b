//! What goes on for long ends with the session.

use std::net::TcpListener;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::setup::{Estate, PRODUCTION, text};

#[tokio::test]
async fn a_progress_stream_ends_with_its_session() {
    // Takes connections and never answers: the discovery goes on.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let estate = Estate::start_with(PRODUCTION, |settings| settings.variable("AWS_ENDPOINT_URL", &endpoint)).await;
    let body = json!({"credentials": {"source": "default_chain", "regions": ["us-east-1"]}});
    let task = estate.post(&estate.admin, "//api/v3/cmdb/discover/aws", &body).await.expect(202);
    let events = format!("//api/v3/cmdb/discovery/{}/events", text(&task["task_id"]));
    let viewer = text(&estate.user("grace", "VIEWER").await["token"]);
    let mut stream = estate.request(&viewer, Method::GET, &events).send().await.unwrap();
    assert_eq!(stream.status(), 200);
    stream.chunk().await.unwrap().unwrap();
    estate.post(&viewer, "/logout", &json!({})).await;
    let ended = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(Duration::from_secs(30), ended).await.expect("the stream ends");
    estate.get(&estate.admin, &format!("//api/v3/cmdb/discovery/{}", text(&task["task_id"]))).await.expect(200);
}
