//! Keys that are posted to a server turn up nowhere.

use std::fs;
use std::path::Path;

use reqwest::Client;
use serde_json::json;
use tokio::sync::oneshot;

use crate::config::{AwsConfiguration, Configuration, LogConfiguration, LogFormat};
use crate::logging::captured;
use crate::server::Server;

const KEYS: [&str; 3] = ["AKIASECRECYTEST00001", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYSECRECYKEY", "IQoJb3JpZ2luX2VjSECRECYTOKEN"];

/// Every file below a folder that holds one of the keys.
fn files_with_keys(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_keys(&path));
        } else {
            // Files that a database keeps beside its own for a moment are gone by then.
            let Ok(bytes) = fs::read(&path) else { continue };
            let holds = |key: &str| bytes.windows(key.len()).any(|window| window == key.as_bytes());
            if KEYS.into_iter().any(holds) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn posted_keys_are_in_no_log_at_any_level_no_file_and_no_answer() {
    let everything = LogConfiguration {
        format: LogFormat::Json,
        level: "trace,aws_sigv4=trace,aws_smithy_runtime=trace,hyper=trace".to_owned(),
    };
    let (subscriber, log) = captured(&everything);
    let _guard = tracing::subscriber::set_default(subscriber);

    let folder = tempfile::tempdir().unwrap();
    let configuration = Configuration {
        data_directory: folder.path().to_owned(),
        listen: vec!["127.0.0.1:0".parse().unwrap()],
        // Nobody listens there.
        aws: AwsConfiguration { endpoint_url: Some("http://127.0.0.1:9".to_owned()), ..AwsConfiguration::default() },
        ..Configuration::default()
    };
    let server = Server::bind(configuration).await.unwrap();
    let base = format!("http://{}/api/v3/cmdb", server.addresses()[0]);
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async { _ = stopped.await }));

    let client = Client::new();
    let [access_key, secret_key, session_token] = KEYS;
    let keys = json!({"access_key": access_key, "secret_key": secret_key, "session_token": session_token});
    let mut bodies = vec![json!({"credentials": keys, "regions": ["us-east-1"]}).to_string()];
    for misplaced in [
        json!({"credentials": KEYS}),
        json!({"credentials": {"source": secret_key, "regions": [access_key]}}),
        json!({"credentials": {"source": "ref", "access_key": access_key, "secret_key": secret_key}}),
        json!({"credentials": keys, secret_key: true}),
    ] {
        bodies.push(misplaced.to_string());
    }
    bodies.push(format!("{{\"credentials\": {{\"secret_key\": {secret_key}"));
    let mut answers = String::new();
    for body in bodies {
        let response = client.post(format!("{base}/discover/aws")).body(body).send().await.unwrap();
        answers.push_str(&response.text().await.unwrap());
    }
    let list = client.get(format!("{base}/discovery")).send().await.unwrap().text().await.unwrap();
    let tasks: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(tasks["tasks"].as_array().unwrap().len(), 1);
    let task = format!("{base}/discovery/{}", tasks["tasks"][0]["task_id"].as_str().unwrap());
    answers.push_str(&list);
    answers.push_str(&client.delete(&task).send().await.unwrap().text().await.unwrap());
    answers.push_str(&client.get(format!("{task}/events")).send().await.unwrap().text().await.unwrap());
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();

    let log = log();
    assert!(log.contains("/api/v3/cmdb/discover/aws") && log.contains("stopped"), "{log}");
    for key in KEYS {
        assert!(!log.contains(key), "{log}");
        assert!(!answers.contains(key), "{answers}");
    }
    assert_eq!(files_with_keys(folder.path()), Vec::<String>::new());
}
