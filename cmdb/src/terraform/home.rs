//! Whose a resource is and where it lives.

use super::attributes::Attributes;

/// What stands for an account or region that the state does not tell.
const UNKNOWN: &str = "unknown";

/// Account and region, as far as one instance tells them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Home<'a> {
    pub account: Option<&'a str>,
    pub region: Option<&'a str>,
}

impl<'a> Home<'a> {
    /// What an instance's own attributes tell: its ARN, then `owner_id`, `region` and the availability zone.
    pub(super) fn told_by(attributes: &Attributes<'a>) -> Self {
        let arn = ["arn", "id"].into_iter().find_map(|name| attributes.text(name).filter(|text| text.starts_with("arn:")));
        let part = |position: usize| arn.and_then(|arn| arn.split(':').nth(position)).filter(|part| !part.is_empty());
        Self {
            account: part(4).or_else(|| attributes.text("owner_id")),
            region: part(3)
                .or_else(|| attributes.text("region"))
                .or_else(|| attributes.text("availability_zone").and_then(region_of_zone)),
        }
    }

    /// This, completed by `other` where it tells nothing.
    pub(super) fn or(self, other: Self) -> Self {
        Self { account: self.account.or(other.account), region: self.region.or(other.region) }
    }

    pub(super) fn account(&self) -> &'a str {
        self.account.unwrap_or(UNKNOWN)
    }

    pub(super) fn region(&self) -> &'a str {
        self.region.unwrap_or(UNKNOWN)
    }

    /// The ARN of an EC2 resource, where account and region are known.
    pub(super) fn ec2_arn(&self, part: &str, id: &str) -> Option<String> {
        let (account, region) = (self.account?, self.region?);
        let partition = match region {
            _ if region.starts_with("cn-") => "aws-cn",
            _ if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        Some(format!("arn:{partition}:ec2:{region}:{account}:{part}/{id}"))
    }
}

/// `us-east-1` of `us-east-1a`, `us-gov-west-1` of `us-gov-west-1b`, `us-west-2` of `us-west-2-lax-1a`.
fn region_of_zone(zone: &str) -> Option<&str> {
    let digits = zone.find(|c: char| c.is_ascii_digit()).filter(|start| zone[..*start].ends_with('-'))?;
    let length = zone[digits..].find(|c: char| !c.is_ascii_digit()).unwrap_or(zone.len() - digits);
    Some(&zone[..digits + length])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn regions_are_read_from_zones_of_every_form() {
        assert_eq!(region_of_zone("us-east-1a"), Some("us-east-1"));
        assert_eq!(region_of_zone("us-gov-west-1b"), Some("us-gov-west-1"));
        assert_eq!(region_of_zone("us-west-2-lax-1a"), Some("us-west-2"));
        assert_eq!(region_of_zone("ap-northeast-12"), Some("ap-northeast-12"));
        assert_eq!(region_of_zone("nowhere"), None);
        assert_eq!(region_of_zone("1"), None);
    }

    #[test]
    fn the_arn_tells_most_and_what_it_leaves_open_the_attributes_tell() {
        let members = json!({"arn": "arn:aws:ec2:eu-west-1::snapshot/snap-1", "owner_id": "210987654321", "region": "x"});
        let home = Home::told_by(&Attributes::new("", &members));
        assert_eq!((home.account(), home.region()), ("210987654321", "eu-west-1"));
        assert_eq!(home.ec2_arn("vpc", "vpc-1").as_deref(), Some("arn:aws:ec2:eu-west-1:210987654321:vpc/vpc-1"));
        let nobody = Home::default();
        assert_eq!((nobody.account(), nobody.region(), nobody.ec2_arn("vpc", "vpc-1")), ("unknown", "unknown", None));
    }
}
