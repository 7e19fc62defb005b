//! The routes and shapes of the REST API, over a small account.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::{BTreeMap, BTreeSet};

use dharmagraph_tests::{Account, ServerSettings, percent_encoded, perfect};
use reqwest::Method;
use serde_json::{Value, json};

static ACCOUNT: Account = Account::new(60, 51, &["us-east-1", "us-west-2"]);

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap_or_else(|| panic!("not an object: {object}")).keys().map(String::as_str).collect()
}

fn has(object: &Value, expected: &[&str]) {
    let missing: Vec<&&str> = expected.iter().filter(|key| !keys(object).contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:?} missing in {object}");
}

fn ids(resources: &[Value]) -> Vec<&str> {
    resources.iter().map(|resource| resource["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_service_says_what_it_is_and_how_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), None).start().await;
    let root = server.get("//").await;
    assert!(!root.header("x-request-id").is_empty());
    has(&root.expect(200), &["service", "version", "links"]);
    let health = server.get("/health").await.expect(200);
    has(&health, &["status", "dependencies"]);
    assert!(!health["dependencies"].as_object().unwrap().is_empty(), "{health}");
}

#[tokio::test]
async fn resources_are_listed_with_every_key_in_pages_and_through_filters() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let page = server.get("/resources?limit=1000").await.expect(200);
    let all = page["resources"].as_array().unwrap().clone();
    assert_eq!(page["total"], all.len());
    assert!(page["next_cursor"].is_null(), "{}", page["next_cursor"]);
    let mut sorted = ids(&all);
    sorted.sort_unstable();
    assert_eq!(ids(&all), sorted);
    for resource in &all {
        has(
            resource,
            &[
                "id",
                "name",
                "provider",
                "resource_type",
                "native_type",
                "status",
                "account",
                "region",
                "availability_zone",
                "tags",
                "metadata",
                "first_discovered",
                "last_discovered",
            ],
        );
        assert_eq!((&resource["provider"], &resource["account"]), (&json!("aws"), &json!("123456789012")));
    }
    assert_eq!(server.get("/resources").await.expect(200)["resources"].as_array().unwrap().len(), 50);

    for limit in [1, 7, 50] {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = server.get(&format!("/resources?limit={limit}{cursor}")).await.expect(200);
            assert_eq!(page["total"], all.len());
            let part = page["resources"].as_array().unwrap();
            assert!(part.len() <= limit);
            found.extend_from_slice(part);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={}", percent_encoded(next)),
                None => break,
            }
        }
        assert_eq!(found, all, "pages of {limit}");
    }
    let middle = server.get("/resources?limit=10&offset=20").await.expect(200);
    assert_eq!(middle["resources"].as_array().unwrap()[..], all[20..30]);
    assert_eq!(server.get("/resources?offset=100000").await.expect(200)["resources"], json!([]));

    let filtered = async |query: &str, fits: &dyn Fn(&Value) -> bool| {
        let found = server.all(&format!("/resources?{query}"), "resources").await;
        let expected: Vec<Value> = all.iter().filter(|resource| fits(resource)).cloned().collect();
        assert!(!expected.is_empty(), "nothing to find with {query}");
        assert_eq!(ids(&found), ids(&expected), "{query}");
    };
    filtered("provider=aws", &|_| true).await;
    filtered("resource_type=COMPUTE", &|r| r["resource_type"] == "COMPUTE").await;
    filtered("native_type=AWS::EC2::Volume", &|r| r["native_type"] == "AWS::EC2::Volume").await;
    filtered("status=RUNNING", &|r| r["status"] == "RUNNING").await;
    filtered("region=us-west-2", &|r| r["region"] == "us-west-2").await;
    filtered("account=123456789012", &|_| true).await;
    filtered("tag.Environment=production", &|r| r["tags"]["Environment"] == "production").await;
    filtered("resource_type=STORAGE&region=us-east-1&status=RUNNING&provider=aws", &|r| {
        r["resource_type"] == "STORAGE" && r["region"] == "us-east-1" && r["status"] == "RUNNING"
    })
    .await;
    for awkward in all.iter().filter(|r| r["name"].as_str().is_some_and(|name| !name.is_ascii() || name.contains('\''))) {
        let name = awkward["name"].as_str().unwrap();
        filtered(&format!("name={}", percent_encoded(name)), &|r| r["name"] == name).await;
    }
    for (key, value) in all.iter().flat_map(|r| r["tags"].as_object().unwrap()).take(40) {
        let query = format!("tag.{}={}", percent_encoded(key), percent_encoded(value.as_str().unwrap()));
        filtered(&query, &|r| r["tags"].get(key) == Some(value)).await;
    }
    assert_eq!(server.get("/resources?region=eu-west-3").await.expect(200)["total"], 0);
    let some = ids(&all)[3];
    filtered(&format!("q={}", percent_encoded(&some.to_uppercase())), &|r| r.to_string().contains(some) && r["id"] == some).await;
}

#[tokio::test]
async fn a_resource_answers_to_its_id_its_arn_and_a_name_that_only_it_has() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let all = server.all("/resources", "resources").await;
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for resource in &all {
        let id = resource["id"].as_str().unwrap();
        assert_eq!(&server.get(&format!("/resources/{}", percent_encoded(id))).await.expect(200), resource);
        if let Some(arn) = resource["metadata"]["arn"].as_str() {
            assert_eq!(&server.get(&format!("/resources/{}", percent_encoded(arn))).await.expect(200), resource);
        }
        if let Some(name) = resource["name"].as_str() {
            names.entry(name).or_default().push(id);
        }
    }
    let is_an_id = |name: &str| all.iter().any(|resource| resource["id"] == name);
    let unique = names.iter().find(|(name, ids)| ids.len() == 1 && !is_an_id(name) && !name.is_empty()).unwrap();
    let found = server.get(&format!("/resources/{}", percent_encoded(unique.0))).await.expect(200);
    assert_eq!(found["id"], unique.1[0]);
    let shared = names.iter().find(|(_, ids)| ids.len() > 1).unwrap();
    let answer = server.get(&format!("/resources/{}", percent_encoded(shared.0))).await;
    answer.problem(409, "CONFLICT");
    for id in shared.1.iter().take(20) {
        assert!(answer.text.contains(id), "{id} is no candidate in {}", answer.text);
    }
}

#[tokio::test]
async fn relationships_are_the_same_from_both_ends() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let all = server.all("/resources", "resources").await;
    let summaries: BTreeMap<&str, (&Value, &Value)> =
        all.iter().map(|r| (r["id"].as_str().unwrap(), (&r["resource_type"], &r["name"]))).collect();
    let (mut outgoing, mut incoming) = (BTreeSet::new(), BTreeSet::new());
    for id in summaries.keys() {
        let path = format!("/resources/{}/relationships", percent_encoded(id));
        let answer = server.get(&path).await.expect(200);
        assert_eq!(answer["resource_id"], *id);
        for relationship in answer["relationships"].as_array().unwrap() {
            let other = &relationship["related_resource"];
            let (kind, target) = (relationship["type"].as_str().unwrap().to_owned(), other["id"].as_str().unwrap().to_owned());
            assert_eq!((&other["type"], &other["name"]), summaries[target.as_str()], "{relationship}");
            match relationship["direction"].as_str().unwrap() {
                "outgoing" => outgoing.insert(((*id).to_owned(), kind, target)),
                "incoming" => incoming.insert((target, kind, (*id).to_owned())),
                other => panic!("direction {other}"),
            };
        }
        for direction in ["outgoing", "incoming"] {
            let part = server.get(&format!("{path}?direction={direction}")).await.expect(200);
            let whole = answer["relationships"].as_array().unwrap().iter().filter(|r| r["direction"] == direction);
            assert_eq!(part["relationships"], whole.cloned().collect::<Value>(), "{id} {direction}");
        }
    }
    assert_eq!(outgoing, incoming);
    let statistics = server.get("/statistics").await.expect(200);
    assert_eq!(statistics["total_relationships"], outgoing.len());
    let instance = ACCOUNT.truth().await.any("AWS::EC2::Instance");
    let attached = server.get(&format!("/resources/{instance}/relationships?type=ATTACHED_TO")).await.expect(200);
    let attached = attached["relationships"].as_array().unwrap();
    assert!(!attached.is_empty() && attached.iter().all(|relationship| relationship["type"] == "ATTACHED_TO"), "{attached:?}");
}

#[tokio::test]
async fn graphs_hold_what_lies_around_a_resource_in_every_format() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let machine = server.get(&format!("/resources/{}", ACCOUNT.truth().await.any("AWS::EC2::Instance"))).await.expect(200);
    let vpc = machine["metadata"]["vpc_id"].as_str().unwrap().to_owned();
    let alone = server.get(&format!("/graph/{vpc}?depth=0")).await.expect(200);
    assert_eq!((alone["nodes"].as_array().unwrap().len(), &alone["relationships"]), (1, &json!([])));
    let graph = server.get(&format!("/graph/{vpc}")).await.expect(200);
    assert_eq!((&graph["root_id"], &graph["depth"], &graph["truncated"]), (&json!(vpc), &json!(3), &json!(false)));
    let nodes: BTreeSet<&str> = ids(graph["nodes"].as_array().unwrap()).into_iter().collect();
    assert!(nodes.contains(vpc.as_str()) && nodes.len() > 10, "{graph}");
    for node in graph["nodes"].as_array().unwrap() {
        assert_eq!(keys(node), BTreeSet::from(["id", "name", "type"]));
    }
    for relationship in graph["relationships"].as_array().unwrap() {
        assert_eq!(keys(relationship), BTreeSet::from(["source", "target", "type"]));
        assert!(["source", "target"].iter().all(|end| nodes.contains(relationship[end].as_str().unwrap())), "{relationship}");
    }
    let cut = server.get(&format!("/graph/{vpc}?max_nodes=4")).await.expect(200);
    assert_eq!((cut["nodes"].as_array().unwrap().len(), &cut["truncated"]), (4, &json!(true)));
    let narrow = server.get(&format!("/graph/{vpc}?types=BELONGS_TO_VPC&depth=1&direction=incoming")).await.expect(200);
    for relationship in narrow["relationships"].as_array().unwrap() {
        assert_eq!((&relationship["type"], &relationship["target"]), (&json!("BELONGS_TO_VPC"), &json!(vpc)));
    }
    let repeat = server.get(&format!("/graph/{vpc}")).await.expect(200);
    assert_eq!(repeat, graph);
    for (format, beginning) in [("mermaid", "flowchart"), ("dot", "digraph"), ("graphml", "<?xml"), ("cytoscape", "{")] {
        let answer = server.get(&format!("/graph/{vpc}?format={format}")).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert!(answer.text.starts_with(beginning), "{format}: {}", &answer.text[..answer.text.len().min(200)]);
        // Drawings name a resource by its name where it has one.
        assert!(answer.text.contains("NETWORK"), "{format}");
    }
}

#[tokio::test]
async fn impact_names_who_would_feel_a_failure() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let subnet = ACCOUNT.truth().await.any("AWS::EC2::Subnet");
    let direct =
        server.get(&format!("/resources/{subnet}/relationships?direction=incoming&type=BELONGS_TO_SUBNET")).await.expect(200);
    let impact = server.get(&format!("/impact/{subnet}")).await.expect(200);
    assert_eq!((&impact["resource_id"], &impact["truncated"]), (&json!(subnet), &json!(false)));
    let impacted = impact["impacted"].as_array().unwrap();
    let distances: Vec<u64> = impacted.iter().map(|one| one["distance"].as_u64().unwrap()).collect();
    assert!(distances.is_sorted() && distances.iter().all(|distance| *distance > 0), "{impact}");
    for one in impacted {
        has(one, &["id", "type", "name", "distance", "via"]);
        assert_eq!(one["via"].as_array().unwrap().len() as u64, one["distance"].as_u64().unwrap(), "{one}");
    }
    for relationship in direct["relationships"].as_array().unwrap() {
        let id = &relationship["related_resource"]["id"];
        let found = impacted.iter().find(|one| one["id"] == *id).unwrap_or_else(|| panic!("{id} is not in {impact}"));
        assert_eq!((&found["distance"], &found["via"]), (&json!(1), &json!(["BELONGS_TO_SUBNET"])));
    }
    let near = server.get(&format!("/impact/{subnet}?depth=1")).await.expect(200);
    assert!(near["impacted"].as_array().unwrap().iter().all(|one| one["distance"] == 1));
}

#[tokio::test]
async fn statistics_history_and_changes_agree_with_the_resources() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let all = server.all("/resources", "resources").await;
    let statistics = server.get("/statistics").await.expect(200);
    has(
        &statistics,
        &["total_resources", "by_provider", "by_type", "by_status", "by_region", "total_relationships", "by_relationship"],
    );
    assert_eq!(statistics["total_resources"], all.len());
    for (group, key) in
        [("by_provider", "provider"), ("by_type", "resource_type"), ("by_status", "status"), ("by_region", "region")]
    {
        let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
        for word in all.iter().filter_map(|resource| resource[key].as_str()) {
            *counted.entry(word).or_default() += 1;
        }
        assert_eq!(statistics[group], json!(counted), "{group}");
    }
    let by_relationship: u64 = statistics["by_relationship"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(statistics["total_relationships"], by_relationship);

    let changes = server.all("/changes", "changes").await;
    assert!(changes.iter().all(|change| change["kind"] == "created"));
    let changed: BTreeSet<&str> = ids(&changes).into_iter().collect();
    assert_eq!(changed, ids(&all).into_iter().collect());
    let task = server.get("/discovery").await.expect(200)["tasks"][0].clone();
    for change in &changes {
        has(change, &["at", "task_id", "kind", "id", "resource_type"]);
        assert_eq!(change["task_id"], task["task_id"]);
    }
    let compute = server.all("/changes?resource_type=COMPUTE", "changes").await;
    assert_eq!(json!(compute.len()), statistics["by_type"]["COMPUTE"]);
    assert_eq!(server.all("/changes?task_id=aws-discovery-20200101-000000", "changes").await, Vec::<Value>::new());
    let ended = percent_encoded(task["completed_at"].as_str().unwrap());
    assert_eq!(server.all(&format!("/changes?from={ended}"), "changes").await, Vec::<Value>::new());
    assert_eq!(server.all(&format!("/changes?to={ended}"), "changes").await.len(), changes.len());

    let id = ids(&all)[0];
    let history = server.get(&format!("/resources/{}/history", percent_encoded(id))).await.expect(200);
    assert_eq!(history["resource_id"], id);
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 1);
    has(&versions[0], &["at", "task_id", "kind", "resource"]);
    assert_eq!((&versions[0]["kind"], &versions[0]["resource"]["id"]), (&json!("created"), &json!(id)));

    let path = format!("/resources/{}/history?cursor=garbage", percent_encoded(id));
    assert!(server.get(&path).await.problem(400, "INVALID").contains("cursor"));

    let started = percent_encoded(task["started_at"].as_str().unwrap());
    assert_eq!(server.get(&format!("/statistics?as_of={started}")).await.expect(200)["total_resources"], 0);
    assert_eq!(server.get(&format!("/resources?as_of={started}")).await.expect(200)["total"], 0);
    server.get(&format!("/resources/{}?as_of={started}", percent_encoded(id))).await.problem(404, "NOT_FOUND");
    let now = server.get(&format!("/resources/{}?as_of={ended}", percent_encoded(id))).await.expect(200);
    assert_eq!(now["id"], id);
    for path in ["/graph/ID", "/impact/ID", "/resources/ID/relationships"] {
        let path = path.replace("ID", &percent_encoded(id));
        let (then, now) = (server.get(&format!("{path}?as_of={ended}")).await, server.get(&path).await);
        assert_eq!(then.expect(200), now.expect(200), "{path}");
    }
}

#[tokio::test]
async fn a_discovery_is_accepted_followed_and_listed() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let plain = json!({"credentials": {"access_key": "testing", "secret_key": "testing", "regions": ACCOUNT.regions()},
                       "store_in_graph": true});
    let accepted = server.post("/discover/aws", &plain).await;
    assert!(!accepted.header("deprecation").is_empty(), "{:?}", accepted.headers);
    let first = accepted.expect(202);
    let id = first["task_id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("aws-discovery-") && id.len() >= "aws-discovery-20250118-123045".len(), "{id}");
    assert_eq!((&first["provider"], &first["status"]), (&json!("aws"), &json!("running")));
    assert_eq!(first["status_url"], format!("/api/v3/cmdb/discovery/{id}"));

    let events = server.get(&format!("/discovery/{id}/events")).await;
    assert!(events.header("content-type").starts_with("text/event-stream"), "{:?}", events.headers);
    let steps: Vec<Value> = events
        .text
        .split("\n\n")
        .filter_map(|event| event.lines().find_map(|line| line.strip_prefix("data:")))
        .map(|data| serde_json::from_str(data.trim()).unwrap_or_else(|error| panic!("{error} in {data}")))
        .collect();
    let last = steps.last().expect("there are events");
    assert_eq!((&last["task_id"], &last["status"]), (&json!(id), &json!("completed")));
    let done: Vec<u64> = steps.iter().map(|step| step["progress"]["scopes_done"].as_u64().unwrap()).collect();
    assert!(done.is_sorted(), "{done:?}");

    let task = server.get(&format!("/discovery/{id}")).await.expect(200);
    has(
        &task,
        &[
            "task_id",
            "provider",
            "status",
            "started_at",
            "completed_at",
            "resources_discovered",
            "errors",
            "created",
            "updated",
            "unchanged",
            "removed",
            "held_back",
            "progress",
        ],
    );
    has(&task["progress"], &["scopes_done", "scopes_total", "api_calls", "retries"]);

    let chain = json!({"credentials": {"source": "default_chain", "regions": ACCOUNT.regions()}});
    let second = server.post("/discover/aws", &chain).await;
    assert_eq!(second.header("deprecation"), "");
    let second = second.expect(202)["task_id"].as_str().unwrap().to_owned();
    let third = server.post("/discover/aws", &chain).await.expect(202)["task_id"].as_str().unwrap().to_owned();
    assert_ne!(second, third);
    for task in [&second, &third] {
        let ended = server.ended(task).await;
        assert_eq!((&ended["status"], &ended["created"]), (&json!("completed"), &json!(0)), "{ended}");
    }
    let tasks = server.get("/discovery").await.expect(200);
    let listed: Vec<&str> = tasks["tasks"].as_array().unwrap().iter().map(|task| task["task_id"].as_str().unwrap()).collect();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[2], id, "newest first");
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/discovery?limit=1{cursor}")).await.expect(200);
        paged.extend(page["tasks"].as_array().unwrap().iter().map(|task| task["task_id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", percent_encoded(next)),
            None => break,
        }
    }
    assert_eq!(paged, listed);
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn two_discoveries_at_once_store_everything_once() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let regions = ACCOUNT.regions();
    let (one, other) = tokio::join!(server.discovered(&regions), server.discovered(&regions));
    let total = ACCOUNT.truth().await.resources().len() as u64;
    let sum = |key: &str| one[key].as_u64().unwrap() + other[key].as_u64().unwrap();
    assert_eq!((sum("created"), sum("unchanged"), sum("updated")), (total, total, 0), "{one} {other}");
    assert_eq!(server.all("/changes", "changes").await.len() as u64, total);
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn an_idempotency_key_makes_two_requests_one_discovery() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let body = json!({"credentials": {"source": "default_chain", "regions": ["us-east-1"]}, "idempotency_key": "nightly-1"});
    let first = server.begin_with(&body).await;
    assert_eq!(server.begin_with(&body).await, first);
    assert_eq!(server.ended(&first).await["status"], "completed");
    assert_eq!(server.begin_with(&body).await, first);
    assert_eq!(server.get("/discovery").await.expect(200)["tasks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_dry_run_reports_and_writes_nothing() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let body = json!({"credentials": {"source": "default_chain", "regions": ACCOUNT.regions()}, "dry_run": true});
    let task = server.begin_with(&body).await;
    let task = server.ended(&task).await;
    assert_eq!(
        (&task["status"], &task["created"]),
        (&json!("completed"), &json!(ACCOUNT.truth().await.resources().len())),
        "{task}"
    );
    assert_eq!(server.get("/statistics").await.expect(200)["total_resources"], 0);
    assert_eq!(server.all("/changes", "changes").await, Vec::<Value>::new());
}

#[tokio::test]
async fn only_the_types_asked_for_are_discovered() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let body = json!({"credentials": {"source": "default_chain", "regions": ["us-west-2"]},
                      "resource_types": ["COMPUTE", "AWS::EC2::Volume"]});
    let task = server.begin_with(&body).await;
    let task = server.ended(&task).await;
    assert_eq!(task["status"], "completed", "{task}");
    assert_eq!(task["progress"]["scopes_total"], 2, "{task}");
    let found = server.all("/resources", "resources").await;
    let truth = ACCOUNT.truth().await;
    let count = |native_type: &str| found.iter().filter(|resource| resource["native_type"] == native_type).count();
    for native_type in ["AWS::EC2::Instance", "AWS::EC2::Volume"] {
        assert_eq!(count(native_type), truth.count(native_type, Some("us-west-2")), "{native_type}");
    }
    assert_eq!(found.len(), count("AWS::EC2::Instance") + count("AWS::EC2::Volume"));
}

#[tokio::test]
async fn a_cancelled_discovery_stops_and_keeps_what_it_stored() {
    let proxy = ACCOUNT.proxy().await;
    proxy.inject(10, &[json!({"then": {"delay": [0.1, 1.0]}})]).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let task = server.begin(&ACCOUNT.regions()).await;
    server.reached(&task, |task| task["progress"]["scopes_done"].as_u64() > Some(4)).await;
    let cancelled = server.send(server.request(Method::DELETE, &format!("/discovery/{task}"))).await.expect(202);
    assert_eq!(cancelled["task_id"], task);
    let ended = server.ended(&task).await;
    assert_eq!(ended["status"], "cancelled", "{ended}");
    let stored = server.get("/statistics").await.expect(200)["total_resources"].as_u64().unwrap();
    assert!(stored > 0 && stored < ACCOUNT.truth().await.resources().len() as u64, "{stored}");
    let calls = proxy.statistics().await["calls"].clone();
    let again = server.send(server.request(Method::DELETE, &format!("/discovery/{task}"))).await.expect(202);
    assert_eq!(again["status"], "cancelled");
    proxy.inject(100, &[]).await;
    assert_eq!(server.discovered(&ACCOUNT.regions()).await["status"], "completed");
    assert!(calls.is_object());
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn the_documentation_of_the_api_names_every_route_and_its_page_has_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), None).start().await;
    let document = server.get("//api/v3/openapi.json").await.expect(200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let paths: BTreeMap<String, BTreeSet<&str>> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, operations)| {
            let names = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
            (names.collect::<Vec<_>>().join("/"), keys(operations))
        })
        .collect();
    for (method, path) in [
        ("get", "/health"),
        ("post", "/discover/{}"),
        ("get", "/discovery"),
        ("get", "/discovery/{}"),
        ("delete", "/discovery/{}"),
        ("get", "/discovery/{}/events"),
        ("get", "/resources"),
        ("get", "/resources/{}"),
        ("get", "/resources/{}/relationships"),
        ("get", "/resources/{}/history"),
        ("get", "/graph/{}"),
        ("post", "/graph/query"),
        ("get", "/impact/{}"),
        ("get", "/changes"),
        ("get", "/statistics"),
    ] {
        let methods = paths.get(&format!("/api/v3/cmdb{path}")).unwrap_or_else(|| panic!("{path} is not in {:?}", paths.keys()));
        assert!(methods.contains(method), "{method} {path}");
    }

    let page = server.get("//docs/").await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.header("content-type").starts_with("text/html"), "{:?}", page.headers);
    let assets: Vec<&str> = ["src=\"", "href=\""]
        .iter()
        .flat_map(|attribute| page.text.split(attribute).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(assets.len() > 2, "{}", page.text);
    for asset in assets {
        assert!(!asset.contains("//"), "{asset} comes from elsewhere");
        let path =
            if asset.starts_with('/') { format!("/{asset}") } else { format!("//docs/{}", asset.trim_start_matches("./")) };
        let answer = server.get(&path).await;
        assert!(answer.status.is_success() && !answer.text.is_empty(), "{path}: {}", answer.status);
    }
    assert!(server.get("//docs").await.status.is_success());
}

#[tokio::test]
async fn metrics_can_be_read_by_prometheus() {
    let (server, _proxy, _folder) = ACCOUNT.discovered().await;
    let answer = server.get("//metrics").await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(answer.header("content-type").starts_with("text/plain"), "{:?}", answer.headers);
    let mut names = BTreeSet::new();
    for line in answer.text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value in {line}"));
        assert!(value.parse::<f64>().is_ok(), "{line}");
        names.insert(series.split('{').next().unwrap());
        assert_eq!(series.contains('{'), series.ends_with('}'), "{line}");
    }
    assert!(names.len() > 3, "{names:?}");
    let total = ACCOUNT.truth().await.resources().len();
    let resources = answer.text.lines().filter(|line| line.starts_with("dharmagraph_resources{"));
    let sum: f64 = resources.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()).sum();
    assert!((sum - total as f64).abs() < 0.5, "{sum} of {total}");
}
