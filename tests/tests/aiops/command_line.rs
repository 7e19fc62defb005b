//! `train`, `predict` and `evaluate`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use dharmagraph_tests::{dharmagraph, finished};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::{NOWHERE, ask, machines, numbers, server, train};

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
    let hash = answered["file_hash"].as_str().unwrap();
    assert!(predicted.errors.contains(hash), "{hash}: {}", predicted.errors);
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
