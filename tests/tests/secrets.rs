//! Keys that came with a request are found nowhere afterwards.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;

use dharmagraph_tests::{Account, Server, ServerSettings, dharmagraph, finished, percent_encoded};
use reqwest::Method;
use serde_json::{Value, json};

const ACCESS_KEY: &str = "AKIAZ7UNIQUEKEYID042";
const SECRET_KEY: &str = "uniqueSecret/Key+With=Signs/0123456789AB";
const SESSION_TOKEN: &str = "FwoGUniqueSessionToken//////////wEaDuniquetoken+end==";
/// A secret that is a number, as a caller may send it by mistake.
const NUMBER: u64 = 7_391_846_205_518_273;

static ACCOUNT: Account = Account::new(60, 41, &["us-east-1"]);

/// Every form in which text of a secret may leak: as it is, escaped for a URL or for JSON, and its telling part alone.
fn forms() -> Vec<String> {
    let whole = [ACCESS_KEY, SECRET_KEY, SESSION_TOKEN];
    let mut forms: Vec<String> = whole.iter().flat_map(|&text| [text.to_owned(), percent_encoded(text)]).collect();
    forms.extend(["Z7UNIQUEKEYID", "uniqueSecret", "UniqueSessionToken", &NUMBER.to_string()].map(str::to_owned));
    forms
}

fn clean(what: &str, text: &[u8]) {
    for form in forms() {
        let found = text.windows(form.len()).position(|window| window == form.as_bytes());
        if let Some(at) = found {
            let (start, end) = (at.saturating_sub(100), (at + form.len() + 60).min(text.len()));
            panic!("{what} holds a secret: ..{}..", String::from_utf8_lossy(&text[start..end]));
        }
    }
}

fn clean_folder(folder: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += clean_folder(&path);
        } else {
            clean(&path.display().to_string(), &std::fs::read(&path).unwrap());
            files += 1;
        }
    }
    files
}

fn inline(regions: &Value) -> Value {
    json!({"credentials": {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "session_token": SESSION_TOKEN, "regions": regions}})
}

async fn clean_answers(server: &Server, task: &str) {
    let task = |rest: &str| format!("/discovery/{task}{rest}");
    let paths = [
        task(""),
        task("/events"),
        "/discovery".into(),
        "/health".into(),
        "/statistics".into(),
        "/resources?limit=1000".into(),
        "/changes?limit=1000".into(),
        "//metrics".into(),
        "//api/v3/openapi.json".into(),
    ];
    for path in paths {
        let answer = server.get(&path).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        clean(&path, answer.text.as_bytes());
        clean(&path, format!("{:?}", answer.headers).as_bytes());
    }
}

#[tokio::test]
async fn keys_of_a_request_are_in_no_log_no_file_and_no_answer() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let settings =
        ServerSettings::new(&data, Some(proxy.url())).variable("DHARMAGRAPH_LOG__LEVEL", "trace").variable("RUST_LOG", "trace");
    let mut server = settings.start().await;

    let accepted = server.post("/discover/aws", &inline(&json!(["us-east-1"]))).await;
    clean("the answer to a discovery", accepted.text.as_bytes());
    let task = accepted.expect(202)["task_id"].as_str().unwrap().to_owned();
    let ended = server.ended(&task).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    clean_answers(&server, &task).await;

    // The provider's words come from outside: AWS repeats what was signed, the session's token included.
    let words = format!(
        "The canonical request should have been 'POST\n/\nx-amz-security-token:{SESSION_TOKEN}\n' for {ACCESS_KEY} and {SECRET_KEY}"
    );
    proxy.inject(100, &[json!({"then": {"error": {"code": "SignatureDoesNotMatch", "status": 403, "message": words}}})]).await;
    let task = server.begin_with(&inline(&json!(["us-east-1"]))).await;
    let ended = server.ended(&task).await;
    assert_eq!(ended["status"], "failed", "{ended}");
    clean_answers(&server, &task).await;

    let logged = server.logged();
    assert!(logged.contains(&task), "the log tells of the discovery:\n{logged}");
    clean("the log", logged.as_bytes());
    assert!(clean_folder(&data) > 0);
    assert!(server.terminated().await.success());
    clean("the log", server.logged().as_bytes());
    assert!(clean_folder(&data) > 0);
    let export = finished(dharmagraph(proxy.url(), folder.path()).args(["export", "--data-dir"]).arg(&data)).await.succeeded();
    clean("the export", export.output.as_bytes());
}

#[tokio::test]
async fn a_crash_leaves_no_keys_behind() {
    let proxy = ACCOUNT.proxy().await;
    proxy.inject(20, &[json!({"then": {"delay": [0.05, 0.4]}})]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let task = server.begin_with(&inline(&json!(["us-east-1"]))).await;
    server.reached(&task, |task| task["progress"]["scopes_done"].as_u64() > Some(2)).await;
    server.kill();
    clean("the log", server.logged().as_bytes());
    assert!(clean_folder(server.data_directory()) > 0);
}

#[tokio::test]
async fn refused_requests_do_not_repeat_the_keys_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ServerSettings::new(folder.path().join("data"), None).variable("DHARMAGRAPH_LOG__LEVEL", "trace");
    let server = settings.start().await;
    let good = inline(&json!(["us-east-1"]));
    let credentials = |credentials: Value| json!({ "credentials": credentials }).to_string();
    let bodies = [
        inline(&json!(["not a region"])).to_string(),
        inline(&json!("us-east-1")).to_string(),
        inline(&json!([])).to_string(),
        credentials(json!(SECRET_KEY)),
        credentials(json!([ACCESS_KEY, SECRET_KEY, SESSION_TOKEN])),
        credentials(json!({"access_key": NUMBER, "secret_key": NUMBER, "regions": ["us-east-1"]})),
        credentials(json!({"access_key": [ACCESS_KEY], "secret_key": {SECRET_KEY: 1}, "regions": ["us-east-1"]})),
        credentials(json!({"accesskey": ACCESS_KEY, "secretkey": SECRET_KEY, "regions": ["us-east-1"]})),
        credentials(json!({"access_key": ACCESS_KEY, "regions": ["us-east-1"]})),
        credentials(json!({"source": SECRET_KEY, "regions": ["us-east-1"]})),
        credentials(json!({"source": "default_chain", "secret_key": SECRET_KEY, "regions": ["us-east-1"]})),
        credentials(json!({"source": "ref", "access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "regions": ["us-east-1"]})),
        good.to_string().replace("}}", "}"),
        format!("{good}{SECRET_KEY}"),
        format!("access_key={}&secret_key={}", percent_encoded(ACCESS_KEY), percent_encoded(SECRET_KEY)),
    ];
    let mut refused = 0;
    for provider in ["aws", "terraform", "azure", "nonsense"] {
        for body in &bodies {
            let request = server.request(Method::POST, &format!("/discover/{provider}"));
            let answer = server.send(request.header("content-type", "application/json").body(body.clone())).await;
            assert!(answer.status.is_client_error() || answer.status.as_u16() == 501, "{body}: {}", answer.text);
            clean(&format!("the refusal of {provider} {body}"), answer.text.as_bytes());
            refused += 1;
        }
    }
    let path = format!("/discover/aws?secret_key={}", percent_encoded(SECRET_KEY));
    let answer = server.post(&path, &json!({})).await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    clean("the refusal of a key in the address", answer.text.as_bytes());
    assert_eq!(refused, 60);
    let logged = server.logged();
    assert!(!logged.is_empty(), "requests are logged");
    clean("the log", logged.as_bytes());
    clean_folder(server.data_directory());
}
