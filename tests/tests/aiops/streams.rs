//! Series that go on from request to request.

use dharmagraph_tests::ServerSettings;
use serde_json::{Value, json};

use super::{NOWHERE, ask, load, server, train};

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
