//! The form of the tables that say what is read of which type.

use super::attributes::{Attributes, Shape};
use super::listing::Listing;
use super::surroundings::Surroundings;
use super::{ec2, ecs, elb, network, rds, security_group};
use crate::model::{RelationshipKind, Resource, ResourceType};

/// One of AWS's types, and where its facts stand in Terraform's attributes.
pub(super) struct Kind {
    /// What Terraform calls it.
    pub terraform: &'static [&'static str],
    /// What AWS calls it.
    pub native_type: &'static str,
    /// What we call it.
    pub resource_type: &'static ResourceType,
    /// Attributes that may hold the id; the first that begins with `prefix` does.
    pub id: &'static [&'static str],
    /// How every id of this type begins.
    pub prefix: &'static str,
    /// For types whose id is no ARN: what stands before the id in the ARN.
    pub arn: &'static str,
    /// Attribute that holds the name for things without a `Name` tag.
    pub name: Option<&'static str>,
    /// Attribute that holds AWS's word for the state.
    pub status: Option<&'static str>,
    /// Attributes that hold the availability zone, or the id of something that is in the same one.
    pub zone: &'static [&'static str],
    /// Where the VPC's id, or the id of something that is in the same VPC, stands.
    pub vpc: &'static [End],
    /// Metadata name, shape and attribute.
    pub facts: &'static [(&'static str, Shape, &'static str)],
    /// Relationships.
    pub ties: &'static [Tie],
    /// What a table cannot say.
    pub more: Option<fn(&mut Resource, &Block<'_>, &mut Listing)>,
}

impl Kind {
    /// A kind of which nothing is read; the base of the tables' rows.
    pub(super) const BASE: Self = Self {
        terraform: &[],
        native_type: "",
        resource_type: &ResourceType::OTHER,
        id: &["id"],
        prefix: "",
        arn: "",
        name: None,
        status: None,
        zone: &[],
        vpc: &[],
        facts: &[],
        ties: &[],
        more: None,
    };

    /// The id of one of this kind; nothing where no attribute holds a usable one.
    pub(super) fn id_of<'a>(&self, attributes: &Attributes<'a>) -> Option<&'a str> {
        self.id.iter().find_map(|name| attributes.text(name).filter(|id| id.starts_with(self.prefix)))
    }
}

/// A Terraform type that stands for relationships alone, or for a part of another resource.
pub(super) struct Link {
    /// What Terraform calls it.
    pub terraform: &'static [&'static str],
    /// Relationships, neither end of which is [`End::Own`].
    pub ties: &'static [Tie],
    /// What a table cannot say.
    pub more: Option<fn(&Block<'_>, &mut Listing)>,
}

/// A relationship, from each source to each target.
pub(super) struct Tie {
    pub source: End,
    pub kind: RelationshipKind,
    pub target: End,
}

/// Where the id of one end of a relationship stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// It is the resource itself.
    Own,
    /// At this path.
    At(&'static str),
    /// At this path stands an ARN, or a name that `arn` followed by it is the last part of an ARN of.
    Arn { path: &'static str, arn: &'static str },
    /// At this path stands the name of a thing whose ARN the state holds.
    Named { path: &'static str, terraform: &'static str },
}

impl Tie {
    /// From the resource itself to the ids at `path`.
    pub(super) const fn to(kind: RelationshipKind, path: &'static str) -> Self {
        Self { source: End::Own, kind, target: End::At(path) }
    }

    /// From the ids at `path` to the resource itself.
    pub(super) const fn from(path: &'static str, kind: RelationshipKind) -> Self {
        Self { source: End::At(path), kind, target: End::Own }
    }

    /// From the ids at one path to the ids at another.
    pub(super) const fn between(source: &'static str, kind: RelationshipKind, target: &'static str) -> Self {
        Self { source: End::At(source), kind, target: End::At(target) }
    }
}

/// One instance as it is read, with what the whole state tells of its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub terraform_type: &'a str,
    /// The resource's id; empty for a [`Link`].
    pub id: &'a str,
    pub attributes: Attributes<'a>,
    pub surroundings: &'a Surroundings<'a>,
}

impl<'a> Block<'a> {
    /// The ids that stand at `end`.
    pub(super) fn ids(&self, end: End) -> Vec<std::borrow::Cow<'a, str>> {
        let (path, complete): (_, &dyn Fn(&'a str) -> Option<std::borrow::Cow<'a, str>>) = match end {
            End::Own => return vec![self.id.into()],
            End::At(path) => (path, &|id| Some(id.into())),
            End::Arn { path, arn } => (path, &move |name| match name.starts_with("arn:") {
                true => Some(name.into()),
                false => sibling(self.id, arn, name).map(Into::into),
            }),
            End::Named { path, terraform } => (path, &move |name| match name.starts_with("arn:") {
                true => Some(name.into()),
                false => self.surroundings.arn_of(terraform, name).map(Into::into),
            }),
        };
        self.attributes.texts(path).into_iter().filter_map(complete).collect()
    }
}

/// The ARN of another resource of the same service, region and account.
fn sibling(arn: &str, part: &str, name: &str) -> Option<String> {
    let (service_end, _) = arn.match_indices(':').nth(4)?;
    Some(format!("{}:{part}{name}", &arn[..service_end]))
}

const FAMILIES: [&[Kind]; 6] = [ec2::KINDS, network::KINDS, security_group::KINDS, rds::KINDS, elb::KINDS, ecs::KINDS];
const LINKS: [&[Link]; 4] = [ec2::LINKS, network::LINKS, security_group::LINKS, elb::LINKS];

/// The kind that a Terraform type is.
pub(super) fn kind(terraform_type: &str) -> Option<&'static Kind> {
    FAMILIES.into_iter().flatten().find(|kind| kind.terraform.contains(&terraform_type))
}

/// The link that a Terraform type is.
pub(super) fn link(terraform_type: &str) -> Option<&'static Link> {
    LINKS.into_iter().flatten().find(|link| link.terraform.contains(&terraform_type))
}

/// Whether anything is read of a Terraform type.
pub(super) fn is_read(terraform_type: &str) -> bool {
    kind(terraform_type).is_some() || link(terraform_type).is_some() || Surroundings::is_named(terraform_type)
}
