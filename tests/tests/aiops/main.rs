//! The models behind the REST API and the command line: asked, trained, promoted, rolled back, kept.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::fmt::Write as _;

use dharmagraph_tests::{Answer, Server, ServerSettings};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

mod answers;
mod command_line;
mod models;
mod refusals;
mod streams;

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
