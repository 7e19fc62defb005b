//! The rooms of the workspace, and who may enter which.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use dharmagraph_tests::{repository, target_directory};
use serde_json::Value;

/// Crates that stand on their own, with the parts of them that are crates of their own: they may see nothing else.
const LEAVES: [(&str, &[&str]); 4] = [
    ("dharmagraph-aiops", &[]),
    ("dharmagraph-auth", &[]),
    ("dharmagraph-cmdb", &["dharmagraph-cypher"]),
    ("dharmagraph-cypher", &[]),
];
/// What the examples and tests may use; nobody may use them.
const OUTSIDE: [&str; 3] = ["dharmagraph-reference-server", "embed-rust", "dharmagraph-tests"];

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn members() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--locked", "--format-version", "1", "--no-deps"]);
    let mut metadata: Value = serde_json::from_str(&metadata).unwrap();
    match metadata["packages"].take() {
        Value::Array(packages) => packages,
        other => panic!("{other}"),
    }
}

/// The workspace's crates that each crate of it names, in whatever kind of dependency.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let members = members();
    let names: BTreeSet<String> = members.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect();
    let own = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).filter(|name| names.contains(name)).collect()
    };
    members.iter().map(|package| (package["name"].as_str().unwrap().to_owned(), own(package))).collect()
}

/// Every crate that comes with a crate built alone with these features.
fn tree(package: &str, features: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec!["tree", "--locked", "-p", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    arguments.extend_from_slice(features);
    cargo(&arguments).lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn leaves_see_no_other_crate_of_the_workspace_but_their_own_parts() {
    let dependencies = dependencies();
    for (leaf, parts) in LEAVES {
        // Its own tests may switch on more of a crate by naming it.
        let seen: Vec<&str> = dependencies[leaf].iter().map(String::as_str).filter(|name| *name != leaf).collect();
        assert_eq!(seen, parts, "{leaf}");
    }
}

#[test]
fn nobody_uses_the_examples_or_the_tests() {
    for (name, used) in dependencies() {
        assert!(OUTSIDE.iter().all(|outside| !used.contains(*outside)), "{name} uses {used:?}");
    }
}

#[test]
fn only_leaves_are_published_and_say_what_a_registry_wants_to_know() {
    for package in members() {
        let name = package["name"].as_str().unwrap();
        assert_eq!(package["publish"] == Value::Array(Vec::new()), OUTSIDE.contains(&name), "{name}");
        for key in ["description", "license", "rust_version"] {
            assert!(package[key].is_string(), "{name} lacks {key}");
        }
    }
}

#[test]
fn the_default_build_brings_no_cloud_and_no_server() {
    let tree = tree("dharmagraph-cmdb", &[]);
    assert!(tree.contains("redb"));
    for name in &tree {
        let heavy = name.starts_with("aws-")
            || ["axum", "hyper", "neo4rs", "reqwest", "rustls", "openssl", "mockall"].contains(&name.as_str());
        assert!(!heavy, "the default build brings {name}");
    }
}

#[test]
fn without_features_there_is_no_storage_engine() {
    let tree = tree("dharmagraph-cmdb", &["--no-default-features"]);
    assert!(!tree.contains("redb") && !tree.contains("roaring"), "{tree:?}");
}

#[test]
fn the_aws_feature_brings_the_official_sdk_and_no_openssl() {
    let tree = tree("dharmagraph-cmdb", &["--features", "aws"]);
    for service in ["ec2", "ecs", "elasticloadbalancingv2", "rds", "sts"] {
        assert!(tree.contains(&format!("aws-sdk-{service}")), "{service}");
    }
    assert!(!tree.iter().any(|name| name.starts_with("openssl-sys") || name == "native-tls"));
}

#[test]
fn auth_brings_no_database_unless_asked_and_never_rust_crypto_or_openssl() {
    let tree_of = |features: &[&str]| tree("dharmagraph-auth", features);
    assert!(!tree_of(&[]).iter().any(|name| name.starts_with("sqlx") || name.starts_with("axum")));
    let all = tree_of(&["--all-features"]);
    assert!(all.contains("sqlx-postgres") && all.contains("sqlx-sqlite") && all.contains("aws-lc-rs"));
    // `rsa` leaks its keys by time (RUSTSEC-2023-0071).
    for name in ["rsa", "openssl", "native-tls", "sqlx-mysql"] {
        assert!(!all.contains(name), "{name}");
    }
}

/// Every feature but `aws`, whose SDK takes minutes: the workspace's own build has that one.
#[test]
fn every_light_feature_builds_alone() {
    let target = target_directory().join("features");
    let target = target.to_str().unwrap();
    for package in ["dharmagraph-auth", "dharmagraph-cmdb"] {
        let member = members().into_iter().find(|member| member["name"] == package).unwrap();
        let features: Vec<&String> = member["features"].as_object().unwrap().keys().filter(|name| *name != "aws").collect();
        assert!(features.len() > 3, "{features:?}");
        let check = ["check", "--quiet", "--locked", "-p", package, "--no-default-features", "--target-dir", target];
        cargo(&check);
        for feature in features {
            cargo(&[&check[..], &["--features", feature]].concat());
        }
    }
}

/// What differs between the two is compiled twice, with all that stands on it: for the AWS SDK that is many minutes.
#[test]
fn building_and_testing_choose_the_same_features() {
    let features = |edges: &str| -> BTreeMap<String, BTreeSet<String>> {
        let arguments =
            ["tree", "--locked", "--workspace", "--edges", edges, "--prefix", "none", "--no-dedupe", "--format", "{p}|{f}"];
        let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (package, chosen) in cargo(&arguments).lines().filter_map(|line| line.split_once('|')) {
            // A crate whose own tests name it comes twice; the second time has a mark.
            features.entry(package.to_owned()).or_default().insert(chosen.trim_end_matches(" (*)").to_owned());
        }
        features
    };
    let tested = features("normal,build,dev");
    for (package, built) in features("normal,build") {
        assert_eq!(tested[&package], built, "{package}");
    }
}

#[test]
fn every_dependency_has_its_reason_in_the_documentation() {
    let page = std::fs::read_to_string(repository().join("docs/dependencies.md")).unwrap();
    let own: BTreeSet<String> = dependencies().into_keys().collect();
    let named = members().into_iter().flat_map(|package| package["dependencies"].as_array().unwrap().clone());
    for name in named.map(|dependency| dependency["name"].as_str().unwrap().to_owned()) {
        assert!(own.contains(&name) || page.contains(&format!("| {name} |")), "docs/dependencies.md lacks {name}");
    }
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let mut pages =
        vec![repository().join("README.md"), repository().join("CHANGELOG.md"), repository().join("tests/aws/README.md")];
    pages.extend(
        ["aiops/README.md", "auth/README.md", "cmdb/README.md", "cmdb/cypher/README.md"].map(|page| repository().join(page)),
    );
    let documents = std::fs::read_dir(repository().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    pages.extend(documents.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            assert!(page.parent().unwrap().join(link).exists(), "{} links to {link}", page.display());
        }
    }
}
