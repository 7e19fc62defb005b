//! What is refused, to whom, and what is answered with a warning.

use dharmagraph_tests::ServerSettings;
use reqwest::Method;
use serde_json::{Value, json};

use super::{NOWHERE, PREFIX, ask, server, train};

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
