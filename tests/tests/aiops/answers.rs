//! What is answered without training.

use serde_json::{Value, json};

use super::{alone_and_together, ask, load, series, server};

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
