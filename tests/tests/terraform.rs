//! The second provider: Terraform state into the same graph.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::path::Path;

use dharmagraph_tests::{Account, Server, ServerSettings, dharmagraph, finished_with_input};
use serde_json::{Value, json};

const SENSITIVE: &str = "correct-horse-battery-staple";

static ACCOUNT: Account = Account::new(60, 61, &["us-east-1"]);

fn resource(kind: &str, name: &str, attributes: &Value) -> Value {
    json!({"mode": "managed", "type": kind, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
           "instances": [{"schema_version": 1, "attributes": attributes}]})
}

fn state(serial: u64, resources: &[Value]) -> Value {
    json!({"version": 4, "terraform_version": "1.9.5", "serial": serial, "lineage": "5a6b7c8d-0000-4000-8000-000000000001",
           "outputs": {}, "resources": resources, "check_results": null})
}

fn arn(kind: &str, id: &str) -> String {
    format!("arn:aws:ec2:us-east-1:123456789012:{kind}/{id}")
}

/// A network with a machine, its disk and a database.
fn network() -> Vec<Value> {
    vec![
        resource(
            "aws_vpc",
            "main",
            &json!({"id": "vpc-0a1", "arn": arn("vpc", "vpc-0a1"), "cidr_block": "10.0.0.0/16",
            "tags": {"Name": "main"}, "tags_all": {"Name": "main"}}),
        ),
        resource(
            "aws_subnet",
            "a",
            &json!({"id": "subnet-0a1", "arn": arn("subnet", "subnet-0a1"), "vpc_id": "vpc-0a1",
            "cidr_block": "10.0.1.0/24", "availability_zone": "us-east-1a", "tags": {}, "tags_all": {}}),
        ),
        resource(
            "aws_security_group",
            "web",
            &json!({"id": "sg-0a1", "arn": arn("security-group", "sg-0a1"), "name": "web",
            "vpc_id": "vpc-0a1", "ingress": [], "egress": [], "tags": null, "tags_all": {}}),
        ),
        resource(
            "aws_instance",
            "web",
            &json!({"id": "i-0a1", "arn": arn("instance", "i-0a1"), "instance_type": "t3.medium",
            "instance_state": "running", "availability_zone": "us-east-1a", "subnet_id": "subnet-0a1", "private_ip": "10.0.1.15",
            "vpc_security_group_ids": ["sg-0a1"], "tags": {"Name": "web-server-01"}, "tags_all": {"Name": "web-server-01"},
            "user_data": SENSITIVE}),
        ),
        resource(
            "aws_ebs_volume",
            "data",
            &json!({"id": "vol-0a1", "arn": arn("volume", "vol-0a1"), "size": 100, "type": "gp3",
            "availability_zone": "us-east-1a", "encrypted": true, "tags": {"Name": "data"}, "tags_all": {"Name": "data"}}),
        ),
        resource(
            "aws_volume_attachment",
            "data",
            &json!({"id": "vai-1", "instance_id": "i-0a1", "volume_id": "vol-0a1",
            "device_name": "/dev/sdf"}),
        ),
        resource(
            "aws_db_instance",
            "main",
            &json!({"id": "db-ABC", "identifier": "main", "resource_id": "db-ABC",
            "arn": "arn:aws:rds:us-east-1:123456789012:db:main", "engine": "postgres", "engine_version": "16.3",
            "instance_class": "db.t3.medium", "status": "available", "password": SENSITIVE, "allocated_storage": 20,
            "vpc_security_group_ids": ["sg-0a1"], "tags": {}, "tags_all": {}}),
        ),
    ]
}

async fn piped(data: &Path, state: &Value) -> Value {
    let mut command = dharmagraph("http://127.0.0.1:9", data.parent().unwrap());
    command.args(["discover", "terraform", "-", "--json", "--data-dir"]).arg(data);
    finished_with_input(&mut command, state.to_string().as_bytes()).await.succeeded().json()
}

fn holds(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| std::fs::read(path).unwrap()).any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

async fn related(server: &Server, id: &str) -> Vec<(String, String)> {
    let answer = server.get(&format!("/resources/{id}/relationships?direction=outgoing")).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = answer["relationships"].as_array().unwrap().iter();
    all.map(|one| (text(&one["type"]), text(&one["related_resource"]["id"]))).collect()
}

#[tokio::test]
async fn a_piped_state_becomes_the_same_types_and_relations_as_the_api_gives() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let task = piped(&data, &state(1, &network())).await;
    assert_eq!((&task["status"], &task["created"]), (&json!("completed"), &json!(6)), "{task}");
    let server = ServerSettings::new(&data, None).start().await;
    let machine = server.get("/resources/i-0a1").await.expect(200);
    let expected = json!({"provider": "aws", "resource_type": "COMPUTE", "native_type": "AWS::EC2::Instance", "name": "web-server-01",
                          "status": "RUNNING", "region": "us-east-1", "availability_zone": "us-east-1a", "account": "123456789012"});
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&machine[key], value, "{key}: {machine}");
    }
    assert_eq!(
        (&machine["metadata"]["instance_type"], &machine["metadata"]["private_ip"]),
        (&json!("t3.medium"), &json!("10.0.1.15"))
    );
    let relations = related(&server, "i-0a1").await;
    for (kind, target) in [("ATTACHED_TO", "vol-0a1"), ("BELONGS_TO_SUBNET", "subnet-0a1"), ("PROTECTED_BY", "sg-0a1")] {
        assert!(relations.contains(&(kind.to_owned(), target.to_owned())), "{kind} {target}: {relations:?}");
    }
    assert!(related(&server, "subnet-0a1").await.contains(&("BELONGS_TO_VPC".into(), "vpc-0a1".into())));
    assert_eq!(server.get("/resources?resource_type=DATABASE").await.expect(200)["total"], 1);
    assert!(!holds(&data, SENSITIVE), "a password of the state file is stored");
    assert!(!server.all("/resources", "resources").await.iter().any(|resource| resource.to_string().contains(SENSITIVE)));
}

#[tokio::test]
async fn a_repeat_changes_nothing_and_a_smaller_state_removes_what_it_no_longer_holds() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    piped(&data, &state(1, &network())).await;
    let repeat = piped(&data, &state(1, &network())).await;
    assert_eq!((&repeat["created"], &repeat["updated"], &repeat["removed"]), (&json!(0), &json!(0), &json!(0)), "{repeat}");
    let smaller: Vec<Value> = network().into_iter().filter(|resource| resource["type"] != "aws_db_instance").collect();
    let task = piped(&data, &state(2, &smaller)).await;
    assert_eq!((&task["removed"], &task["created"], &task["updated"]), (&json!(1), &json!(0), &json!(0)), "{task}");
}

#[tokio::test]
async fn only_files_below_the_allowed_folders_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let states = folder.path().join("states");
    std::fs::create_dir_all(states.join("prod")).unwrap();
    let allowed = states.join("prod/terraform.tfstate");
    std::fs::write(&allowed, state(1, &network()).to_string()).unwrap();
    let outside = folder.path().join("outside.tfstate");
    std::fs::write(&outside, state(1, &network()).to_string()).unwrap();
    std::os::unix::fs::symlink(&outside, states.join("link.tfstate")).unwrap();
    let settings = ServerSettings::new(folder.path().join("data"), None);
    let server = settings.variable("DHARMAGRAPH_TERRAFORM__FOLDERS", states.to_str().unwrap()).start().await;

    let task = server.post("/discover/terraform", &json!({"path": allowed})).await.expect(202);
    assert!(task["task_id"].as_str().unwrap().starts_with("terraform-discovery-"), "{task}");
    let task = server.ended(task["task_id"].as_str().unwrap()).await;
    assert_eq!((&task["status"], &task["created"]), (&json!("completed"), &json!(6)), "{task}");

    let dots = states.join("prod/../../outside.tfstate");
    for path in [&outside, &dots, &states.join("link.tfstate"), Path::new("/etc/passwd")] {
        let answer = server.post("/discover/terraform", &json!({ "path": path })).await;
        // A link can be told from a file only when it is opened, which is after the task was accepted.
        if answer.status.as_u16() == 202 {
            let task = server.ended(answer.json()["task_id"].as_str().unwrap()).await;
            assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!("FORBIDDEN")), "{task}");
        } else {
            answer.problem(403, "FORBIDDEN");
        }
    }
}

#[tokio::test]
async fn files_that_are_no_state_of_version_4_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ServerSettings::new(folder.path().join("data"), None);
    let server = settings.variable("DHARMAGRAPH_TERRAFORM__FOLDERS", folder.path().to_str().unwrap()).start().await;
    let mut old = state(1, &network());
    old["version"] = json!(3);
    for (name, content, expected) in [
        ("old", old.to_string(), "4"),
        ("text", "hello".to_owned(), "state"),
        ("half", state(1, &network()).to_string()[..900].to_owned(), "state"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let answer = server.post("/discover/terraform", &json!({ "path": path })).await;
        let said = if answer.status.as_u16() == 202 {
            let task = server.ended(answer.json()["task_id"].as_str().unwrap()).await;
            assert_eq!((&task["status"], &task["errors"][0]["code"]), (&json!("failed"), &json!("INVALID")), "{task}");
            task["errors"][0]["message"].as_str().unwrap().to_owned()
        } else {
            answer.problem(400, "INVALID")
        };
        assert!(said.contains(expected) && !said.contains("hello"), "{name}: {said}");
    }
    assert_eq!(server.get("/statistics").await.expect(200)["total_resources"], 0);
}

#[tokio::test]
async fn the_api_wins_over_the_state_and_a_resource_stays_while_one_source_has_it() {
    let proxy = ACCOUNT.proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = ServerSettings::new(folder.path().join("data"), Some(proxy.url()));
    let server = settings.variable("DHARMAGRAPH_TERRAFORM__FOLDERS", folder.path().to_str().unwrap()).start().await;
    let id = ACCOUNT.truth().await.any("AWS::EC2::Instance");
    let known = resource(
        "aws_instance",
        "known",
        &json!({"id": id, "arn": arn("instance", &id), "instance_type": "t3.nano",
        "instance_state": "stopped", "availability_zone": "us-east-1a", "tags": {"Name": "as the state says"},
        "tags_all": {"Name": "as the state says"}, "vpc_security_group_ids": []}),
    );
    let path = folder.path().join("terraform.tfstate");
    let read = async |resources: &[Value], serial: u64| {
        std::fs::write(&path, state(serial, resources).to_string()).unwrap();
        let task = server.post("/discover/terraform", &json!({"path": path})).await.expect(202);
        server.ended(task["task_id"].as_str().unwrap()).await
    };
    let mut resources = network();
    resources.push(known);
    read(&resources, 1).await;
    let found = server.get(&format!("/resources/{id}")).await.expect(200);
    assert_eq!(found["name"], "as the state says");
    assert_eq!(server.discovered(&ACCOUNT.regions()).await["status"], "completed");
    let found = server.get(&format!("/resources/{id}")).await.expect(200);
    let truth = ACCOUNT.truth().await.resources()[id.as_str()].clone();
    assert_eq!(found["tags"], truth["tags"], "{found}");
    assert_ne!(found["metadata"]["instance_type"], "t3.nano");
    assert_eq!(server.get("/resources/i-0a1").await.expect(200)["name"], "web-server-01", "the API's listing does not own it");

    let without_known: Vec<Value> = network().into_iter().filter(|resource| resource["type"] != "aws_instance").collect();
    let task = read(&without_known, 2).await;
    assert_eq!(task["status"], "completed", "{task}");
    server.get(&format!("/resources/{id}")).await.expect(200);
    server.get("/resources/i-0a1").await.problem(404, "NOT_FOUND");
}
