//! What must not leave a state file.

use crate::{Found, SERVICES};

#[tokio::test]
async fn no_secret_leaves_a_state() {
    assert_eq!(SERVICES.matches("hunter2").count(), 9, "the file has a secret of every sort");
    let found = Found::of(SERVICES).await;
    assert!(!found.debug.contains("hunter2"), "{}", found.debug);
    assert!(!found.debug.contains("aHVudGVyMi1iYXNlNjQ"));
    assert!(!found.debug.contains("_admin"), "user names stay out as well");
}

#[tokio::test]
async fn what_the_state_marks_as_sensitive_is_not_read_even_where_a_table_names_it() {
    let found = Found::of(SERVICES).await;
    let database = found.resource("arn:aws:rds:us-east-1:210987654321:db:orders");
    assert!(!database.metadata.contains_key("storage_type"));
    assert_eq!(database.tags.keys().collect::<Vec<_>>(), ["Name", "Team"]);
}

#[tokio::test]
async fn an_instance_whose_id_is_sensitive_is_skipped() {
    let state = r#"{"version": 4, "lineage": "a", "resources": [{"mode": "managed", "type": "aws_vpc", "name": "main",
        "instances": [{"attributes": {"id": "vpc-1"}, "sensitive_attributes": [[{"type": "get_attr", "value": "id"}]]},
            {"attributes": {"id": "vpc-2"}, "sensitive_attributes": ["id"]},
            {"attributes": {"id": "vpc-3"}, "sensitive_attributes": []}]}]}"#;
    assert_eq!(Found::of(state).await.resources.keys().collect::<Vec<_>>(), ["vpc-3"]);
}
