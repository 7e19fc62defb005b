//! Amazon Resource Names.

/// An ARN from its parts; the region or account of a resource that has none is empty.
pub(super) fn arn(partition: &str, service: &str, region: &str, account: &str, resource: &str) -> String {
    format!("arn:{partition}:{service}:{region}:{account}:{resource}")
}

/// The partition (`aws`, `aws-cn`, ..) that an ARN names.
pub(super) fn partition_of(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    (parts.next() == Some("arn")).then(|| parts.next()).flatten().filter(|partition| !partition.is_empty())
}

/// Whether text is the ARN of a role.
pub(super) fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [prefix, partition, service, region, account, resource] = parts.as_slice() else { return false };
    *prefix == "arn"
        && partition.starts_with("aws")
        && partition.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && *service == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()))
        && text.len() <= 2048
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_and_found_again() {
        let snapshot = arn("aws-cn", "ec2", "cn-north-1", "", "snapshot/snap-1");
        assert_eq!(snapshot, "arn:aws-cn:ec2:cn-north-1::snapshot/snap-1");
        assert_eq!(partition_of(&snapshot), Some("aws-cn"));
        assert_eq!(partition_of("snap-1"), None);
    }

    #[test]
    fn only_roles_are_roles() {
        assert!(is_role("arn:aws:iam::123456789012:role/team/reader"));
        assert!(is_role("arn:aws-us-gov:iam::123456789012:role/reader"));
        for text in [
            "",
            "reader",
            "arn:aws:iam::123456789012:user/x",
            "arn:aws:iam::12:role/x",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role/a b",
        ] {
            assert!(!is_role(text), "{text:?}");
        }
    }
}
