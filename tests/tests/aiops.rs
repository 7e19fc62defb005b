//! The models behind the REST API and the command line: asked, trained, promoted, rolled back, kept.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use dharmagraph_tests::{Answer, Server, ServerSettings, dharmagraph, finished};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

const NOWHERE: &str = "http://127.0.0.1:9";
const PREFIX: &str = "//api/v3/aiops";

async fn server() -> (Server, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(NOWHERE)).start().await;
    (server, folder)
}

async fn ask(server: &Server, path: &str, body: &Value) -> Answer {
    server.post(&format!("{PREFIX}{path}"), body).await
}

/// Numbers from 0 to 1 that are the same in each run.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24)
    }
}

fn series(metric: &str, step: u32, values: &[f64]) -> Value {
    json!({"metric": metric, "unit": "percent", "start": "2025-01-18T00:00:00Z", "step_seconds": step, "values": values})
}

/// Two weeks of hours with a day's rhythm and a slow rise.
fn load() -> Vec<f64> {
    let mut noise = numbers(3);
    let day = |hour: u32| (f64::from(hour % 24) / 24.0 * std::f64::consts::TAU).sin();
    (0..336).map(|hour| 40.0 + 10.0 * day(hour) + 0.05 * f64::from(hour) + noise()).collect()
}

/// Machines of which the hot and busy ones failed.
fn machines(seed: u64) -> String {
    let mut random = numbers(seed);
    let mut csv = "machine,temperature,load,kind,failed\n".to_owned();
    for row in 0..600 {
        let (temperature, load) = (20.0 + 80.0 * random(), 100.0 * random());
        let failed = temperature + 0.3 * load + 10.0 * random() > 95.0;
        let kind = ["web", "database", "cache"][row % 3];
        writeln!(csv, "m{},{temperature:.3},{load:.3},{kind},{}", row / 4, u8::from(failed)).unwrap();
    }
    csv
}

/// Flows of which some are floods or scans.
fn flows() -> String {
    let mut random = numbers(5);
    let mut csv = "duration,bytes,ports,protocol,class\n".to_owned();
    for row in 0..900 {
        let (class, bytes, ports) = match row % 10 {
            0 => ("neptune", 10.0 * random(), 1.0),
            1 => ("portsweep", 60.0 * random(), 40.0 + 60.0 * random()),
            _ => ("normal", 500.0 + 4000.0 * random(), 1.0 + 3.0 * random()),
        };
        writeln!(csv, "{:.3},{bytes:.1},{ports:.1},tcp,{class}", 5.0 * random()).unwrap();
    }
    csv
}

async fn train(server: &Server, kind: &str, query: &str, csv: &str) -> Answer {
    let request = server.request(Method::POST, &format!("{PREFIX}/models/{kind}/train?{query}"));
    server.send(request.header("content-type", "text/csv").body(csv.to_owned())).await
}

async fn promote(server: &Server, kind: &str, version: &str) -> Answer {
    let request = server.request(Method::PUT, &format!("{PREFIX}/models/{kind}/current"));
    server.send(request.json(&json!({"version": version}))).await
}

/// An answer without what is another each time.
fn numbers_of(answer: &Value) -> Value {
    let mut answer = answer.clone();
    let members = answer.as_object_mut().unwrap();
    assert!(members.remove("prediction_id").unwrap().as_str().unwrap().len() >= 32);
    assert!(members.remove("predicted_at").unwrap().as_str().unwrap().ends_with('Z'));
    answer
}

/// Asks about each item alone and about all of them; gives the answers.
async fn alone_and_together(server: &Server, path: &str, items: &[Value]) -> Vec<Value> {
    let mut alone = Vec::new();
    for item in items {
        alone.push(numbers_of(&ask(server, path, item).await.expect(200)));
    }
    let together = ask(server, path, &json!({ "items": items })).await.expect(200);
    let together: Vec<Value> = together["items"].as_array().unwrap().iter().map(numbers_of).collect();
    assert_eq!(alone, together, "{path}");
    alone
}

#[tokio::test]
async fn capacity_is_forecast_with_intervals_and_the_date_of_exhaustion() {
    let (server, _folder) = server().await;
    let question = |limit: Value| json!({"series": series("disk", 3600, &load()), "horizon_steps": 480, "levels": [0.8, 0.95], "limit": limit});
    let answers =
        alone_and_together(&server, "/predict/capacity", &[question(json!(75)), question(json!(1e9)), question(Value::Null)])
            .await;
    let forecast = answers[0]["forecast"].as_array().unwrap();
    assert_eq!(forecast.len(), 480);
    assert_eq!(forecast[0]["time"], "2025-02-01T00:00:00Z");
    for point in forecast {
        let [narrow, wide] = [0, 1].map(|place| &point["intervals"][place]);
        let number = |value: &Value| value.as_f64().unwrap();
        assert_eq!((number(&narrow["level"]), number(&wide["level"])), (0.8, 0.95));
        assert!(number(&wide["lower"]) <= number(&narrow["lower"]) && number(&narrow["lower"]) <= number(&point["value"]));
        assert!(number(&point["value"]) <= number(&narrow["upper"]) && number(&narrow["upper"]) <= number(&wide["upper"]));
    }
    assert!(answers[0]["exhaustion"]["earliest"].as_str().unwrap() > "2025-02-01");
    assert!(answers[1]["exhaustion"].is_null() && answers[2]["exhaustion"].is_null());
    assert!(answers[0]["seasonality"].as_array().unwrap().iter().any(|season| season["seconds"] == 86_400));
    assert_eq!(answers[0]["model"]["name"], "capacity");
    assert!(answers[0]["model"]["trained_at"].is_null());
}

#[tokio::test]
async fn attacks_are_found_in_events_without_training() {
    let (server, _folder) = server().await;
    let failure = |second: u32| json!({"type": "auth.failure", "time": format!("2025-01-18T00:00:{second:02}Z"), "source_ip": "192.0.2.1", "user": "ada"});
    let attack = json!({"events": (0..40).map(failure).collect::<Vec<_>>()});
    let calm = json!({"events": [failure(0)]});
    let answers = alone_and_together(&server, "/detect/threat", &[attack, calm]).await;
    assert_eq!((&answers[0]["threat_detected"], &answers[0]["threat_type"]), (&json!(true), &json!("BRUTE_FORCE")));
    assert!(answers[0]["confidence"].as_f64().unwrap() > 0.5 && !answers[0]["indicators"].as_array().unwrap().is_empty());
    assert_eq!(answers[0]["findings"][0]["last"], "2025-01-18T00:00:39Z");
    assert_eq!((&answers[1]["threat_detected"], &answers[1]["threat_type"]), (&json!(false), &Value::Null));
}

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
async fn without_a_model_a_rule_says_what_may_fail() {
    let (server, _folder) = server().await;
    let filling: Vec<f64> = (0..80).map(|hour| f64::from(hour) + f64::from(hour % 3)).collect();
    let steady: Vec<f64> = (0..80).map(|hour| 30.0 + f64::from(hour % 7)).collect();
    let question = |values: &[f64]| json!({"horizon_hours": 24, "series": [series("disk_used", 3600, values)]});
    let answers = alone_and_together(&server, "/predict/failure", &[question(&filling), question(&steady)]).await;
    assert_eq!((&answers[0]["calibrated"], &answers[0]["at_risk"]), (&json!(false), &json!(true)));
    assert!(answers[0]["probability"].as_f64().unwrap() > 0.5 && answers[1]["probability"].as_f64().unwrap() < 0.5);
    assert_eq!(answers[0]["contributing_factors"][0]["feature"], "disk_used.slope");
    assert_eq!(answers[0]["warnings"][0]["code"], "untrained");
    assert!(answers[0]["remaining_hours"].is_null() && answers[0].get("impact").is_none());
    let detail = ask(&server, "/predict/failure", &json!({"features": {"load": 1}})).await.problem(409, "CONFLICT");
    assert!(detail.contains("/models/failure/train"), "{detail}");
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

#[tokio::test]
async fn anomalies_are_found_in_series_alone_together_and_in_turn() {
    let (server, _folder) = server().await;
    let mut values = load();
    values[300] = 120.0;
    let question = json!({"series": [series("load", 3600, &values)], "false_alarm_rate": 0.01, "training_points": 250});
    let calm = json!({"series": [series("load", 3600, &load())]});
    let answers = alone_and_together(&server, "/detect/anomaly", &[question, calm]).await;
    let points = answers[0]["points"].as_array().unwrap();
    assert_eq!((points.len(), &points[300]["is_anomaly"]), (336, &json!(true)));
    assert_eq!(points[300]["time"], "2025-01-30T12:00:00Z");
    assert!(points.iter().all(|point| (0.0..=1.0).contains(&point["p_value"].as_f64().unwrap())));
    assert!(!answers[0]["anomalies"].as_array().unwrap().is_empty());

    // Memory follows load, but for one moment.
    let mut memory: Vec<f64> = load().iter().map(|load| 2.0 * load).collect();
    memory[300] = 60.0;
    let together = |name: Value| json!({"series": [series("load", 3600, &load()), series("memory", 3600, &memory)], "training_points": 200, "stream_id": name});
    let several = ask(&server, "/detect/anomaly", &together(Value::Null)).await.expect(200);
    let strange = &several["points"][300];
    assert_eq!(strange["is_anomaly"], true);
    assert!(strange["contributions"]["memory"].is_number() && strange["contributions"]["load"].is_number(), "{strange}");

    // The same rows in turn, in one part or in two.
    let part = |name: &str, from: usize, to: usize| {
        let cut = |metric: &str, values: &[f64]| {
            let start = format!("2025-01-{:02}T{:02}:00:00Z", 18 + from / 24, from % 24);
            json!({"metric": metric, "start": start, "step_seconds": 3600, "values": values[from..to]})
        };
        json!({"series": [cut("load", &load()), cut("memory", &memory)], "training_points": 200, "stream_id": name})
    };
    let whole = ask(&server, "/detect/anomaly", &part("whole", 0, 336)).await.expect(200);
    let first = ask(&server, "/detect/anomaly", &part("parts", 0, 250)).await.expect(200);
    let second = ask(&server, "/detect/anomaly", &part("parts", 250, 336)).await.expect(200);
    let points = |answer: &Value| answer["points"].as_array().unwrap().clone();
    assert_eq!([points(&first), points(&second)].concat(), points(&whole));
    let detail = ask(&server, "/detect/anomaly", &part("parts", 250, 336)).await.problem(400, "INVALID");
    assert!(detail.contains("parts"), "{detail}");
}

/// A part of the series of a stream, from one hour to another.
fn part(name: &str, metrics: &[&str], (from, to): (usize, usize)) -> Value {
    let cut = |(place, metric): (usize, &&str)| {
        let start = format!("2025-01-{:02}T{:02}:00:00Z", 18 + from / 24, from % 24);
        let factor = f64::from(u32::try_from(place).unwrap() + 1);
        let values: Vec<Value> = load()[from..to].iter().map(|load| json!(load * factor)).collect();
        json!({"metric": metric, "unit": "percent", "start": start, "step_seconds": 3600, "values": values})
    };
    json!({"series": metrics.iter().enumerate().map(cut).collect::<Vec<_>>(), "stream_id": name})
}

fn points(answers: &[Value]) -> Vec<Value> {
    answers.iter().flat_map(|answer| answer["points"].as_array().unwrap().clone()).collect()
}

#[tokio::test]
async fn streams_go_on_after_a_restart_and_a_crash_as_if_there_was_none() {
    let (mut server, folder) = server().await;
    let rows = "load,memory,files\n".to_owned()
        + &load().iter().enumerate().map(|(row, load)| format!("{load},{},{}\n", 2.0 * load, row % 7)).collect::<String>();
    train(&server, "anomaly", "", &rows).await.expect(201);
    // One metric, several that are learnt on the way, and several by a trained model.
    let streams: [&[&str]; 3] = [&["load"], &["load", "memory"], &["load", "memory", "files"]];
    let mut whole = Vec::new();
    for (place, metrics) in streams.iter().enumerate() {
        let answer = ask(&server, "/detect/anomaly", &part(&format!("whole/{place}"), metrics, (0, 200))).await.expect(200);
        assert_eq!(answer["warnings"].as_array().unwrap().iter().filter(|warning| warning["code"] != "drift").count(), 0);
        whole.push(answer);
    }
    let names = ["anomaly-stream", "anomaly-stream", "anomaly"];
    assert!(whole.iter().zip(names).all(|(answer, name)| answer["model"]["name"] == name), "{whole:?}");
    assert!(whole[1]["points"][150]["contributions"]["memory"].is_number());

    let mut parts = vec![Vec::new(); streams.len()];
    for (step, cut) in [(0, 90), (90, 91), (91, 200)].into_iter().enumerate() {
        match step {
            1 => server.kill(),
            2 => {
                // What goes on with version 1 does so when another is current.
                train(&server, "anomaly", "promote=true", &rows.replace(",6\n", ",9\n")).await.expect(201);
                assert!(server.terminated().await.success());
            }
            _ => {}
        }
        if step > 0 {
            server = ServerSettings::new(folder.path().join("data"), Some(NOWHERE)).start().await;
        }
        for (place, metrics) in streams.iter().enumerate() {
            let answer = ask(&server, "/detect/anomaly", &part(&format!("parts/{place}"), metrics, cut)).await.expect(200);
            if place == 2 {
                assert_eq!(answer["model"]["version"], "1");
            }
            parts[place].push(answer);
        }
    }
    for (parts, whole) in parts.iter().zip(&whole) {
        assert_eq!(points(parts), points(std::slice::from_ref(whole)));
    }
    server.kill();
    let server = ServerSettings::new(folder.path().join("data"), Some(NOWHERE)).start().await;
    let again = ask(&server, "/detect/anomaly", &part("parts/0", streams[0], (199, 210))).await.problem(400, "INVALID");
    assert!(again.contains("2025-01-26T08:00:00Z or later"), "{again}");

    // A file that is damaged begins the stream anew, and the answer says so once.
    let files = folder.path().join("data/models/streams");
    for file in std::fs::read_dir(files).unwrap() {
        let file = file.unwrap().path();
        let mut content = std::fs::read(&file).unwrap();
        let middle = content.len() / 2;
        content[middle] ^= 1;
        std::fs::write(file, content).unwrap();
    }
    let warned = async |cut| {
        let answer = ask(&server, "/detect/anomaly", &part("parts/1", streams[1], cut)).await.expect(200);
        answer["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "stream_restarted")
    };
    assert!(warned((200, 220)).await);
    assert!(!warned((220, 240)).await);
}

#[tokio::test]
async fn a_batch_of_streams_is_taken_whole_or_not_at_all() {
    let (server, _folder) = server().await;
    let item = |name: &str, cut| part(name, &["load"], cut);
    let ask = async |items: &[Value]| ask(&server, "/detect/anomaly", &json!({ "items": items })).await;
    let whole = ask(&[item("a", (0, 100)), item("b", (0, 50)), item("b", (50, 100))]).await.expect(200);
    let answers = whole["items"].as_array().unwrap();
    assert_eq!(points(&answers[1..]), points(&answers[..1]));
    let refused = ask(&[item("a", (100, 120)), item("b", (90, 120))]).await.problem(400, "INVALID");
    assert!(refused.starts_with("item 2: "), "{refused}");
    ask(&[item("a", (100, 120)), item("b", (100, 120))]).await.expect(200);
    let mut other = item("a", (120, 130));
    other["series"][0]["unit"] = json!("ratio");
    let refused = ask(&[other]).await.problem(400, "INVALID");
    assert!(refused.contains("percent"), "{refused}");
    let many: Vec<Value> = (0..1001).map(|name| item(&name.to_string(), (0, 1))).collect();
    ask(&many).await.problem(422, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn requests_about_one_stream_wait_for_each_other() {
    let (server, _folder) = server().await;
    let part = part("shared", &["load"], (0, 100));
    let requests = (0..8).map(|_| ask(&server, "/detect/anomaly", &part));
    let answers = futures_util::future::join_all(requests).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.json()["code"] == "INVALID"));
}

#[tokio::test]
async fn a_prediction_for_a_resource_names_what_depends_on_it() {
    let (server, _folder) = server().await;
    let resource = |kind: &str, name: &str, attributes: Value| {
        json!({"mode": "managed", "type": kind, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
               "instances": [{"schema_version": 1, "attributes": attributes}]})
    };
    let arn = |kind: &str, id: &str| format!("arn:aws:ec2:us-east-1:123456789012:{kind}/{id}");
    let state = json!({"version": 4, "terraform_version": "1.9.5", "serial": 1, "lineage": "5a6b7c8d-0000-4000-8000-000000000001",
    "outputs": {}, "check_results": null, "resources": [
        resource("aws_vpc", "main", json!({"id": "vpc-0a1", "arn": arn("vpc", "vpc-0a1"), "cidr_block": "10.0.0.0/16",
            "tags": {}, "tags_all": {}})),
        resource("aws_subnet", "a", json!({"id": "subnet-0a1", "arn": arn("subnet", "subnet-0a1"), "vpc_id": "vpc-0a1",
            "cidr_block": "10.0.1.0/24", "availability_zone": "us-east-1a", "tags": {}, "tags_all": {}})),
    ]});
    let task = server.post("/discover/terraform", &json!({ "state": state })).await.expect(202);
    let task = server.ended(task["task_id"].as_str().unwrap()).await;
    assert_eq!(task["status"], "completed", "{task}");

    let of = |resource: &str| json!({"resource_id": resource, "series": [series("cpu", 3600, &load())]});
    let answers = alone_and_together(&server, "/predict/failure", &[of("vpc-0a1"), of("vpc-nowhere")]).await;
    assert_eq!(answers[0]["impact"]["resource_id"], "vpc-0a1");
    assert_eq!(answers[0]["impact"]["impacted"][0]["id"], "subnet-0a1");
    assert!(answers[1].get("impact").is_none());
    let warnings = answers[1]["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|w| w["code"] == "unknown_resource" && w["resource_id"] == "vpc-nowhere"), "{warnings:?}");
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_with_what_was_expected() {
    let (server, _folder) = server().await;
    let values = |values: Value| json!({"metric": "cpu", "unit": "percent", "start": "2025-01-18T00:00:00Z", "step_seconds": 300, "values": values});
    let capacity = |series: Value| json!({"series": series, "horizon_steps": 10});
    let anomaly = |series: Value| json!({ "series": series });
    let ramp: Vec<u32> = (0..100).collect();
    let mut later = values(json!(ramp));
    later["start"] = json!("2025-01-18T00:05:00Z");
    later["metric"] = json!("memory");
    for (path, body, expected) in [
        ("/predict/capacity", json!({}), "missing field"),
        ("/predict/capacity", json!([]), "an object"),
        ("/predict/capacity", json!({"items": []}), "at least one item"),
        ("/predict/capacity", json!({"items": [capacity(values(json!([])))], "horizon_steps": 1}), "unknown field `items`"),
        ("/predict/capacity", capacity(values(json!([]))), "cpu"),
        ("/predict/capacity", capacity(values(json!([null, null, null]))), "cpu"),
        ("/predict/capacity", capacity(values(json!(["1"]))), "f64"),
        ("/predict/capacity", json!({"series": values(json!(ramp)), "horizon_steps": 0}), "horizon"),
        ("/predict/capacity", json!({"series": values(json!(ramp)), "horizon_steps": 100_001}), "horizon"),
        ("/predict/capacity", json!({"series": values(json!(ramp)), "horizon_steps": 1, "levels": [1.5]}), "levels"),
        ("/predict/capacity", json!({"series": values(json!(ramp)), "horizon_steps": 1, "step": 1}), "unknown field `step`"),
        ("/predict/capacity", json!({"series": values(json!(ramp)), "horizon_steps": 1, "limit_side": "lower"}), "limit_side"),
        ("/predict/failure", json!({}), "series or features"),
        ("/predict/failure", json!({"series": []}), "at least one"),
        ("/predict/failure", json!({"series": [values(json!(ramp)), values(json!(ramp))]}), "`cpu` twice"),
        ("/predict/failure", json!({"series": [values(json!([1, 2]))]}), "8"),
        ("/predict/failure", json!({"series": [values(json!(ramp))], "horizon_hours": -1}), "horizon_hours"),
        ("/detect/anomaly", anomaly(json!([])), "at least one"),
        ("/detect/anomaly", anomaly(json!([values(json!([1, 2, 3]))])), "32"),
        ("/detect/anomaly", anomaly(json!([values(json!(ramp)), later])), "align"),
        ("/detect/anomaly", json!({"series": [values(json!(ramp))], "false_alarm_rate": 1}), "false_alarm_rate"),
        ("/detect/anomaly", json!({"series": [values(json!(ramp))], "training_points": 3}), "training_points"),
        ("/detect/anomaly", json!({"series": [values(json!(ramp))], "stream_id": ""}), "stream_id"),
        ("/detect/threat", json!({}), "events or flows"),
        ("/detect/threat", json!({"events": [{"type": "auth.failure", "time": "yesterday"}]}), "RFC 3339"),
        ("/detect/threat", json!({"events": [{"type": "transfer.out", "time": "2025-01-18T00:00:00Z", "bytes": -1}]}), "bytes"),
        (
            "/detect/threat",
            json!({"events": [{"type": "auth.failure", "time": "2025-01-18T00:00:00Z", "sourceip": "192.0.2.1"}]}),
            "unknown field `sourceip`",
        ),
        (
            "/detect/threat",
            json!({"events": [{"type": "connection.refused", "time": "2025-01-18T00:00:00Z", "details": {"port": 99_999}}]}),
            "0 to 65535",
        ),
        ("/models/failure/train", json!({"target": "y", "rows": []}), "rows"),
        ("/models/failure/train", json!({"target": "y", "windows": [3], "rows": [{"x": 1, "y": 1}]}), "group"),
        ("/models/failure/train", json!({"target": "y", "units": {"z": "percent"}, "rows": [{"x": 1, "y": 1}]}), "`z`"),
        ("/models/failure/train", json!({"target": "y", "rows": [{"x": 1}]}), "`y`"),
        ("/models/failure/train", json!({"rows": [{"x": 1, "y": 1}]}), "target"),
        ("/models/anomaly/train", json!({"rows": [{"x": "a"}, {"x": "b"}]}), "numbers"),
    ] {
        let detail = ask(&server, path, &body).await.problem(400, "INVALID");
        assert!(detail.contains(expected), "{path} {body}: {detail}");
    }
    let items = json!({"items": [capacity(values(json!(ramp))), capacity(values(json!([])))]});
    let detail = ask(&server, "/predict/capacity", &items).await.problem(400, "INVALID");
    assert!(detail.starts_with("item 2: "), "{detail}");

    // No JSON has an infinite number, but some write it.
    for text in ["1e999", "-1e999", "NaN", "Infinity"] {
        let body = format!(
            r#"{{"series": {{"metric": "cpu", "start": "2025-01-18T00:00:00Z", "step_seconds": 1, "values": [1, {text}]}}, "horizon_steps": 1}}"#
        );
        let request =
            server.request(Method::POST, &format!("{PREFIX}/predict/capacity")).header("content-type", "application/json");
        server.send(request.body(body)).await.problem(400, "INVALID");
    }
    for (query, csv, expected) in [
        ("target=failed", "", "names"),
        ("target=failed", "a,failed\n", "one row"),
        ("target=failed", "a,failed\n1,1\n2\n", "line 3"),
        ("target=failed", "a,failed\n1e999,1\n", "finite"),
        ("target=failed", "a,failed\n1,2\n", "0 or 1"),
        ("target=failed", "a,failed\n1,1\n2,1\n", "expected"),
        ("target=nothing", "a,failed\n1,1\n", "`nothing`"),
        ("targe=failed", "a,failed\n1,1\n", "`targe`"),
        ("target=failed&promote=yes", "a,failed\n1,1\n", "promote"),
    ] {
        let detail = train(&server, "failure", query, csv).await.problem(400, "INVALID");
        assert!(detail.contains(expected), "{query} {csv:?}: {detail}");
    }
    train(&server, "weather", "target=failed", "a\n1\n").await.problem(404, "NOT_FOUND");
    server.get(&format!("{PREFIX}/models/failure/1")).await.problem(404, "NOT_FOUND");
    server.get(&format!("{PREFIX}/models/failure/current")).await.problem(404, "NOT_FOUND");
    assert_eq!(server.get(&format!("{PREFIX}/models")).await.expect(200)["models"], json!([]));
    let large = vec![b' '; 8 * 1024 * 1024 + 1];
    let request = server.request(Method::POST, &format!("{PREFIX}/predict/capacity")).body(large);
    server.send(request).await.problem(413, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn odd_series_are_answered_with_numbers_and_warnings() {
    let (server, _folder) = server().await;
    let odd = [
        vec![json!(5.0); 200],
        (0..200).map(|place| if place % 2 == 0 { Value::Null } else { json!(place) }).collect(),
        (0..200).map(|place| json!(if place % 2 == 0 { f64::MAX } else { f64::MIN })).collect(),
        (0..200).map(|place| json!(if place == 150 { 1e300 } else { 0.0 })).collect(),
    ];
    for values in odd {
        let series = json!({"metric": "cpu", "start": "2025-01-18T00:00:00Z", "step_seconds": 300, "values": values});
        for (path, body) in [
            ("/predict/capacity", json!({"series": series, "horizon_steps": 24, "limit": 90})),
            ("/predict/failure", json!({"series": [series]})),
            ("/detect/anomaly", json!({"series": [series]})),
            ("/detect/anomaly", json!({"series": [series], "stream_id": "odd"})),
        ] {
            let answer = ask(&server, path, &body).await;
            let is_answer = answer.status == 200 || answer.json()["code"] == "INVALID";
            assert!(is_answer, "{path}: {}", answer.text);
            assert!(!answer.text.contains("\"value\":null,\"intervals\""), "{path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn in_production_nothing_but_health_is_told_to_strangers() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ServerSettings::new(folder.path().join("data"), Some(NOWHERE)).configuration("profile = \"production\"\n");
    let server = settings.start().await;
    for (method, path) in [
        (Method::POST, "/predict/failure"),
        (Method::POST, "/predict/capacity"),
        (Method::POST, "/detect/threat"),
        (Method::POST, "/detect/anomaly"),
        (Method::GET, "/metrics"),
        (Method::GET, "/models"),
        (Method::POST, "/models/failure/train"),
        (Method::GET, "/models/failure/current"),
        (Method::PUT, "/models/failure/current"),
        (Method::GET, "/models/failure/1"),
    ] {
        let request = server.request(method, &format!("{PREFIX}{path}")).json(&json!({}));
        server.send(request).await.problem(401, "UNAUTHENTICATED");
    }
    server.get(&format!("{PREFIX}/health")).await.expect(200);
}

#[tokio::test]
async fn the_command_line_trains_and_says_what_the_server_says() {
    let (server, folder) = server().await;
    let home = folder.path();
    let data = home.join("machines.csv");
    std::fs::write(&data, machines(1)).unwrap();
    let model = home.join("model.dhg");
    let run = async |arguments: &[&str]| finished(dharmagraph(NOWHERE, home).args(arguments)).await;
    let (data, model) = (data.to_str().unwrap(), model.to_str().unwrap());
    let learn = ["train", "failure", "--data", data, "--target", "failed", "--group", "machine", "--output", model, "--json"];
    let trained = run(&learn).await.succeeded().json();
    assert!(trained["metrics"]["auc_pr"].as_f64().unwrap() > 0.7, "{trained}");

    let answered = train(&server, "failure", "target=failed&group=machine", &machines(1)).await.expect(201);
    assert_eq!(answered["data_hash"], trained["data_hash"]);
    let file = reqwest::get(format!("{}/api/v3/aiops/models/failure/1", server.url())).await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), std::fs::read(model).unwrap());

    let asked = home.join("asked.csv");
    std::fs::write(&asked, "kind,temperature,load,note\nweb,98,95,x\ncache,25,,y\n").unwrap();
    let predicted = run(&["predict", "--model", model, "--data", asked.to_str().unwrap(), "--contributions", "--json"]).await;
    let predicted = predicted.succeeded().json();
    let features = json!({"temperature": 98, "load": 95, "kind": "web"});
    let told = ask(&server, "/predict/failure", &json!({ "features": features })).await;
    let probability = predicted[0]["probability"].as_str().unwrap();
    assert!(told.text.contains(&format!("\"probability\":{probability},")), "{probability}: {}", told.text);
    assert_eq!(predicted[0]["at_risk"], "true");
    assert!(predicted[0]["contribution.temperature"].as_str().unwrap().parse::<f64>().unwrap() > 0.0);

    // A model that was cut, or is none, is refused.
    let whole = std::fs::read(model).unwrap();
    for broken in [&whole[..whole.len() / 2], b"model", b""] {
        std::fs::write(home.join("broken.dhg"), broken).unwrap();
        let file = home.join("broken.dhg");
        let refused = run(&["predict", "--model", file.to_str().unwrap(), "--data", asked.to_str().unwrap()]).await;
        assert_eq!(refused.status.code(), Some(2));
        assert!(refused.errors.contains("not a usable model file"), "{}", refused.errors);
    }
}

fn write_compressed(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut encoder = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
}

#[tokio::test]
async fn evaluation_prints_scores_beside_floors_and_fails_below_them() {
    let folder = tempfile::tempdir().unwrap();
    let (mut train, mut test) = ("\"V1\",\"V2\"\n".to_owned(), "\"V1\",\"V2\"\n".to_owned());
    let mut noise = numbers(9);
    for name in 0..4 {
        let hour = |hour: u32| 100.0 + 50.0 * (f64::from(hour % 24) / 24.0 * std::f64::consts::TAU).sin();
        let mut line =
            |from: u32, to: u32| -> String { (from..to).map(|at| format!(",\"{:.2}\"", hour(at) + 2.0 * noise())).collect() };
        writeln!(train, "\"H{name}\"{}", line(0, 700)).unwrap();
        writeln!(test, "\"H{name}\"{}", line(700, 748)).unwrap();
    }
    let write = |test: &str| {
        write_compressed(&folder.path().join("capacity/m4_hourly_train_tiny.csv.gz"), &train);
        write_compressed(&folder.path().join("capacity/m4_hourly_test_tiny.csv.gz"), test);
    };
    let run = async || {
        let mut command = dharmagraph(NOWHERE, folder.path());
        finished(command.args(["evaluate", "--data", folder.path().to_str().unwrap()])).await
    };
    write(&test);
    let table = run().await.output;
    assert!(table.contains("M4 Hourly (tiny), 4 forecasts") && table.contains("MASE") && table.contains("FLOOR"), "{table}");
    assert!(table.contains("<= 0.95") && table.contains("PREDICT CPU"), "{table}");

    // A future that nobody could foresee is below every floor.
    write(&test.replace(",\"", ",\"9"));
    let below = run().await;
    assert_eq!(below.status.code(), Some(1), "{}", below.output);
    assert!(below.output.contains("BELOW"), "{}", below.output);
    std::fs::remove_dir_all(folder.path().join("capacity")).unwrap();
    assert_eq!(run().await.status.code(), Some(2), "there is nothing to measure");
}
