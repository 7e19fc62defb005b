//! Models that are trained, promoted, rolled back and kept.

use dharmagraph_tests::ServerSettings;
use serde_json::{Value, json};

use super::{NOWHERE, PREFIX, alone_and_together, ask, flows, machines, numbers_of, promote, server, train};

#[tokio::test]
async fn attacks_in_flows_need_a_model_and_are_named_by_it() {
    let (server, _folder) = server().await;
    let flood = json!({"duration": 1.0, "bytes": 3.0, "ports": 1, "protocol": "tcp"});
    let calm = json!({"duration": 1.0, "bytes": 2500.0, "ports": 2, "protocol": "tcp"});
    let detail = ask(&server, "/detect/threat", &json!({"flows": [flood]})).await.problem(409, "CONFLICT");
    assert!(detail.contains("/models/threat/train"), "{detail}");
    let model = train(&server, "threat", "target=class", &flows()).await.expect(201);
    assert_eq!((&model["name"], &model["version"], &model["current"]), (&json!("threat"), &json!("1"), &json!(true)));
    let answers =
        alone_and_together(&server, "/detect/threat", &[json!({"flows": [calm, flood]}), json!({"flows": [calm]})]).await;
    assert_eq!((&answers[0]["threat_detected"], &answers[0]["threat_type"]), (&json!(true), &json!("DDOS")));
    assert_eq!(answers[0]["flows"].as_array().unwrap().len(), 2);
    assert_eq!(answers[0]["flows"][0]["threat_detected"], false);
    assert_eq!(answers[1]["threat_detected"], false);
    assert_eq!(answers[0]["false_alarm_budget"], 0.01);
    let detail = ask(&server, "/detect/threat", &json!({"flows": [{"bytess": 1}]})).await.problem(400, "INVALID");
    assert!(detail.contains("`bytess`") && detail.contains("duration"), "{detail}");
    let unseen = ask(&server, "/detect/threat", &json!({"flows": [{"bytes": 2500, "protocol": "quic"}]})).await.expect(200);
    let codes: Vec<&str> = unseen["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"unseen_category") && codes.contains(&"missing_feature"), "{unseen}");
}

#[tokio::test]
async fn a_trained_model_answers_is_promoted_rolled_back_and_kept_over_a_restart() {
    let (mut server, folder) = server().await;
    let csv = machines(1);
    let first = train(&server, "failure", "target=failed&group=machine", &csv).await.expect(201);
    assert_eq!((&first["version"], &first["current"]), (&json!("1"), &json!(true)));
    assert!(first["metrics"]["auc_pr"].as_f64().unwrap() > 0.7, "{first}");
    assert_eq!(first["features"], json!(["temperature", "load", "kind"]));

    let hot = json!({"features": {"temperature": 98, "load": 95, "kind": "web"}});
    let cold = json!({"features": {"temperature": 25, "load": 10, "kind": null}});
    let answers = alone_and_together(&server, "/predict/failure", &[hot.clone(), cold]).await;
    assert_eq!((&answers[0]["calibrated"], &answers[0]["at_risk"]), (&json!(true), &json!(true)));
    assert!(answers[0]["probability"].as_f64().unwrap() > 0.8 && answers[1]["probability"].as_f64().unwrap() < 0.2);
    assert_eq!(answers[0]["contributing_factors"][0]["feature"], "temperature");
    assert_eq!(answers[0]["model"]["version"], "1");
    assert_eq!(answers[0]["model"]["data_hash"], first["data_hash"]);

    // The same rows give the same file; other rows another one, which answers when it is told to.
    let again = train(&server, "failure", "target=failed&group=machine", &csv).await.expect(201);
    assert_eq!((&again["version"], &again["file_hash"], &again["current"]), (&json!("2"), &first["file_hash"], &json!(false)));
    let other = train(&server, "failure", "target=failed&group=machine&promote=true", &machines(2)).await.expect(201);
    assert_eq!((&other["version"], &other["current"]), (&json!("3"), &json!(true)));
    assert_ne!(other["file_hash"], first["file_hash"]);
    assert_eq!(ask(&server, "/predict/failure", &hot).await.expect(200)["model"]["version"], "3");
    assert_eq!(promote(&server, "failure", "1").await.expect(200)["current"], true);
    promote(&server, "failure", "7").await.problem(404, "NOT_FOUND");
    promote(&server, "threat", "1").await.problem(404, "NOT_FOUND");

    // What was acknowledged is there after a crash.
    let listed = server.get(&format!("{PREFIX}/models")).await.expect(200);
    assert_eq!(listed["models"].as_array().unwrap().len(), 3);
    server.kill();
    let server = ServerSettings::new(folder.path().join("data"), Some(NOWHERE)).start().await;
    assert_eq!(server.get(&format!("{PREFIX}/models")).await.expect(200), listed);
    let after = numbers_of(&ask(&server, "/predict/failure", &hot).await.expect(200));
    assert_eq!(after, answers[0]);
    assert_eq!(server.get(&format!("{PREFIX}/models/failure/current")).await.expect(200)["version"], "1");
    let health = server.get(&format!("{PREFIX}/health")).await.expect(200);
    assert_eq!(health["models"]["failure"]["model"]["version"], "1");
    assert_eq!(health["models"]["threat"]["status"], "untrained");

    let metrics = server.get(&format!("{PREFIX}/metrics")).await.text;
    for line in [
        r#"dharmagraph_model_version{kind="failure"} 1"#,
        r#"dharmagraph_predictions_total{kind="failure"} 1"#,
        r#"http_requests_total{method="POST",route="/api/v3/aiops/predict/failure",status="200"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn rows_in_json_train_as_rows_in_csv_and_drift_is_told() {
    let (server, _folder) = server().await;
    let csv = machines(1);
    let names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let cell = |text: &str| text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number));
    let row =
        |line: &str| Value::from_iter(names.iter().zip(line.split(',')).map(|(name, text)| ((*name).to_owned(), cell(text))));
    let rows: Vec<Value> = csv.lines().skip(1).map(row).collect();
    let body = json!({"target": "failed", "group": "machine", "promote": true, "rows": rows});
    let model = ask(&server, "/models/failure/train", &body).await.expect(201);
    assert_eq!(model["metrics"]["rows"], 600.0);
    let hotter = |at: usize| json!({"features": {"temperature": 300 + at, "load": 50, "kind": "web"}});
    let items: Vec<Value> = (0..200).map(hotter).collect();
    let answers = ask(&server, "/predict/failure", &json!({ "items": items })).await.expect(200);
    let warnings = answers["items"][0]["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning["code"] == "drift" && warning["feature"] == "temperature"), "{warnings:?}");
    let metrics = server.get("//metrics").await.text;
    assert!(!metrics.contains("dharmagraph_model_drift{kind=\"failure\"} 0\n"), "{metrics}");
    assert!(metrics.contains("dharmagraph_trainings_total{kind=\"failure\",outcome=\"done\"} 1"), "{metrics}");
}
