//! RDS: databases and their subnet groups.

use std::collections::BTreeMap;

use aws_sdk_rds::types::Tag;

use super::tags::tags;

pub(super) mod clusters;
pub(super) mod instances;
pub(super) mod subnet_groups;

const SERVICE: &str = "rds";

/// The most items that RDS gives in a page.
const PAGE: i32 = 100;

fn tags_of(list: &[Tag]) -> BTreeMap<String, String> {
    tags(list.iter().map(|tag| (tag.key(), tag.value())))
}

/// The ARN of a thing that the API names either by its ARN, where it is elsewhere, or by its name.
fn arn_of_name(region: &super::region::Region, prefix: &str, name: Option<&str>) -> Option<String> {
    let name = name.filter(|name| !name.is_empty())?;
    Some(if name.starts_with("arn:") { name.to_owned() } else { region.arn("rds", &format!("{prefix}:{name}")) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::region::tests::region;

    #[test]
    fn names_become_arns_and_arns_stay() {
        let replica = "arn:aws:rds:eu-west-1:123456789012:db:orders";
        assert_eq!(arn_of_name(&region(), "db", Some(replica)).as_deref(), Some(replica));
        let here = arn_of_name(&region(), "db", Some("orders"));
        assert_eq!(here.as_deref(), Some("arn:aws:rds:us-east-1:123456789012:db:orders"));
        assert_eq!(arn_of_name(&region(), "db", Some("")), None);
    }
}
