//! What a state as a whole tells that single instances do not.

use std::collections::HashMap;

use super::home::Home;
use super::kind::{self, Block, Kind};
use super::state::{Instance, State};

/// Types that other instances name by their name instead of their ARN: type, attributes with the name and with the ARN.
const NAMED: [(&str, &str, &str); 2] =
    [("aws_iam_instance_profile", "name", "arn"), ("aws_ecs_task_definition", "family", "arn")];

/// Networks, zones, homes and names, by id.
#[derive(Debug, Default)]
pub(super) struct Surroundings<'a> {
    vpc: HashMap<&'a str, String>,
    zone: HashMap<&'a str, &'a str>,
    arn: HashMap<(&'static str, &'a str), &'a str>,
    main_route_table: HashMap<&'a str, &'a str>,
    security_groups: HashMap<&'a str, Vec<&'a str>>,
    by_provider: HashMap<&'a str, Home<'a>>,
    anywhere: Home<'a>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        let mut surroundings = Self::default();
        for instance in &state.instances {
            surroundings.note(instance);
        }
        // An interface takes its VPC from its subnet, a subnet group too, a database from its subnet group.
        for _ in 0..3 {
            let found: Vec<_> = known(state)
                .filter(|(_, _, id)| !surroundings.vpc.contains_key(id))
                .filter_map(|(instance, kind, id)| Some((id, surroundings.vpc(kind, &surroundings.block(instance, id))?)))
                .collect();
            if found.is_empty() {
                break;
            }
            surroundings.vpc.extend(found);
        }
        surroundings
    }

    /// Whether a type is only read so that others can name its instances.
    pub(super) fn is_named(terraform_type: &str) -> bool {
        NAMED.iter().any(|(named, ..)| *named == terraform_type)
    }

    /// The instance with its surroundings.
    pub(super) fn block<'s>(&'s self, instance: &'s Instance, id: &'s str) -> Block<'s> {
        Block { terraform_type: instance.terraform_type.as_str(), id, attributes: instance.attributes(), surroundings: self }
    }

    /// The VPC that a resource is in.
    pub(super) fn vpc(&self, kind: &Kind, block: &Block<'_>) -> Option<String> {
        let ids = kind.vpc.iter().flat_map(|end| block.ids(*end));
        ids.into_iter().find_map(|id| match id.starts_with("vpc-") {
            true => Some(id.into_owned()),
            false => self.vpc.get(id.as_ref()).cloned(),
        })
    }

    /// The availability zone that a resource is in.
    pub(super) fn zone(&self, kind: &Kind, block: &Block<'_>) -> Option<String> {
        let names = kind.zone.iter().filter_map(|path| block.attributes.text(path));
        names.into_iter().find_map(|name| match name.starts_with("subnet-") {
            true => self.zone.get(name).map(|zone| (*zone).to_owned()),
            false => Some(name.to_owned()),
        })
    }

    /// Account and region of an instance: its own, else those of things of the same provider configuration, else any.
    pub(super) fn home<'s>(&'s self, instance: &'s Instance) -> Home<'s> {
        let provider = self.by_provider.get(instance.provider.as_str()).copied().unwrap_or_default();
        Home::told_by(&instance.attributes()).or(provider).or(self.anywhere)
    }

    /// The ARN of the thing of this type and name.
    pub(super) fn arn_of(&self, terraform_type: &'static str, name: &str) -> Option<&'a str> {
        self.arn.get(&(terraform_type, name)).copied()
    }

    /// The route table that was made a VPC's main one, where the state tells of that.
    pub(super) fn main_route_table(&self, vpc: &str) -> Option<&'a str> {
        self.main_route_table.get(vpc).copied()
    }

    /// The security groups of a database cluster, by its ARN.
    pub(super) fn security_groups(&self, cluster: &str) -> &[&'a str] {
        self.security_groups.get(cluster).map_or(&[], Vec::as_slice)
    }

    fn note(&mut self, instance: &'a Instance) {
        let attributes = instance.attributes();
        let home = Home::told_by(&attributes);
        let of_provider = self.by_provider.entry(&instance.provider).or_default();
        *of_provider = of_provider.or(home);
        self.anywhere = self.anywhere.or(home);
        for (terraform_type, name, arn) in NAMED {
            if terraform_type == instance.terraform_type
                && let (Some(name), Some(arn)) = (attributes.text(name), attributes.text(arn))
            {
                self.arn.insert((terraform_type, name), arn);
            }
        }
        match instance.terraform_type.as_str() {
            "aws_subnet" | "aws_default_subnet" => {
                if let (Some(id), Some(zone)) = (attributes.text("id"), attributes.text("availability_zone")) {
                    self.zone.insert(id, zone);
                }
            }
            "aws_main_route_table_association" => {
                if let (Some(vpc), Some(table)) = (attributes.text("vpc_id"), attributes.text("route_table_id")) {
                    self.main_route_table.insert(vpc, table);
                }
            }
            "aws_rds_cluster" => {
                if let Some(arn) = attributes.text("arn") {
                    self.security_groups.insert(arn, attributes.texts("vpc_security_group_ids"));
                }
            }
            _ => {}
        }
    }
}

/// Every instance of a kind of resource that has a usable id.
fn known(state: &State) -> impl Iterator<Item = (&Instance, &'static Kind, &str)> {
    state.instances.iter().filter_map(|instance| {
        let kind = kind::kind(&instance.terraform_type)?;
        Some((instance, kind, kind.id_of(&instance.attributes())?))
    })
}
