//! The questions.

use clap::{Args, ValueEnum};
use dharmagraph_cmdb::{
    ChangeFilter, Direction, Filter, ImpactRequest, Provider, RelationshipKind, ResourceType, Status, TaskId, Timestamp,
    Traversal,
};
use serde_json::{Map, Value};

use super::{time, values};

/// How much of a list to show.
#[derive(Debug, Clone, Args)]
pub(crate) struct Paging {
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: u64,
    /// All of them.
    #[arg(long, conflicts_with = "limit")]
    pub(crate) all: bool,
}

impl Paging {
    /// How many to show.
    pub(crate) const fn wanted(&self) -> u64 {
        if self.all { u64::MAX } else { self.limit }
    }
}

/// Which resources.
#[derive(Debug, Args)]
pub(crate) struct ResourcesQuery {
    /// Show this one: its id, its ARN, or its name where only one has it.
    #[arg(value_parser = values::reference, conflicts_with_all = ["filter", "limit", "all"])]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
    #[command(flatten)]
    pub(crate) paging: Paging,
    /// As it was then: RFC 3339, a date, or an age such as 90m, 24h or 7d.
    #[arg(long, value_name = "TIME", value_parser = time::moment)]
    pub(crate) as_of: Option<Timestamp>,
}

/// All conditions hold together.
#[derive(Debug, Args)]
#[group(id = "filter", multiple = true)]
pub(crate) struct FilterArguments {
    /// Where they live.
    #[arg(long, value_parser = values::provider(), ignore_case = true)]
    provider: Option<Provider>,
    /// What they are.
    #[arg(long = "type", value_name = "TYPE", value_parser = values::resource_type(), ignore_case = true)]
    resource_type: Option<ResourceType>,
    /// What their provider calls the type, for instance AWS::EC2::Instance.
    #[arg(long)]
    native_type: Option<String>,
    /// Their state.
    #[arg(long, value_parser = values::status(), ignore_case = true)]
    status: Option<Status>,
    /// Their region.
    #[arg(long)]
    region: Option<String>,
    /// Their account.
    #[arg(long)]
    account: Option<String>,
    /// Their exact name.
    #[arg(long)]
    name: Option<String>,
    /// A tag with exactly this value; may be given more than once.
    #[arg(long, value_name = "KEY=VALUE", value_parser = values::tag)]
    tag: Vec<(String, String)>,
    /// Text that the id, name, ARN or a tag's value holds.
    #[arg(long = "query", short = 'q', value_name = "TEXT")]
    text: Option<String>,
}

impl FilterArguments {
    /// The filter that was asked for.
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            provider: self.provider.clone(),
            resource_type: self.resource_type.clone(),
            native_type: self.native_type.clone(),
            status: self.status.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
            tags: self.tag.iter().cloned().collect(),
            text: self.text.clone(),
        }
    }
}

/// What to ask in Cypher.
#[derive(Debug, Args)]
pub(crate) struct CypherQuery {
    /// For instance 'MATCH (c:COMPUTE) WHERE c.status = $status RETURN c.id, c.name'; `-` reads it from standard input.
    #[arg(value_name = "CYPHER")]
    pub(crate) text: String,
    /// The value of a parameter, as JSON or else as text; may be given more than once.
    #[arg(long = "parameter", short = 'p', value_name = "NAME=VALUE", value_parser = values::parameter)]
    parameters: Vec<(String, Value)>,
}

impl CypherQuery {
    /// The parameters by name.
    pub(crate) fn parameters(&self) -> Map<String, Value> {
        self.parameters.iter().cloned().collect()
    }
}

/// A form of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphText {
    /// A Mermaid flowchart.
    Mermaid,
    /// Graphviz.
    Dot,
    /// GraphML.
    Graphml,
    /// Cytoscape's JSON.
    Cytoscape,
    /// The JSON of the REST API.
    Json,
}

/// Which graph.
#[derive(Debug, Args)]
pub(crate) struct GraphQuery {
    /// Around this one: its id, its ARN, or its name where only one has it.
    #[arg(value_parser = values::reference)]
    pub(crate) id: String,
    /// How many relationships away.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=10))]
    depth: u32,
    /// Which way to follow them.
    #[arg(long, default_value = "both", value_parser = values::direction(), ignore_case = true)]
    direction: Direction,
    /// Only along these kinds; may be given more than once.
    #[arg(long = "type", value_name = "KIND", value_parser = values::relationship_kind(), ignore_case = true)]
    kinds: Vec<RelationshipKind>,
    /// Stop at so many resources.
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_nodes: u32,
    /// In which form; with --json, json.
    #[arg(long, value_enum, default_value_t = GraphText::Mermaid)]
    pub(crate) format: GraphText,
    /// As it was then: RFC 3339, a date, or an age such as 90m, 24h or 7d.
    #[arg(long, value_name = "TIME", value_parser = time::moment)]
    pub(crate) as_of: Option<Timestamp>,
}

impl GraphQuery {
    /// The walk that was asked for.
    pub(crate) fn walk(&self) -> Traversal {
        let max_nodes = usize::try_from(self.max_nodes).unwrap_or(usize::MAX);
        Traversal { depth: self.depth, direction: self.direction, kinds: self.kinds.clone(), max_nodes }
    }
}

/// Whose failure.
#[derive(Debug, Args)]
pub(crate) struct ImpactQuery {
    /// Of this one: its id, its ARN, or its name where only one has it.
    #[arg(value_parser = values::reference)]
    pub(crate) id: String,
    /// How many relationships away.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=10))]
    depth: u32,
    /// Stop at so many resources.
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    max_nodes: u32,
    /// As it was then: RFC 3339, a date, or an age such as 90m, 24h or 7d.
    #[arg(long, value_name = "TIME", value_parser = time::moment)]
    pub(crate) as_of: Option<Timestamp>,
}

impl ImpactQuery {
    /// How far to follow it.
    pub(crate) fn request(&self) -> ImpactRequest {
        ImpactRequest { depth: self.depth, max_nodes: usize::try_from(self.max_nodes).unwrap_or(usize::MAX) }
    }
}

/// Which changes.
#[derive(Debug, Args)]
pub(crate) struct ChangesQuery {
    /// At this time or later: RFC 3339, a date, or an age such as 90m, 24h or 7d.
    #[arg(long, value_name = "TIME", value_parser = time::moment)]
    from: Option<Timestamp>,
    /// Before this time.
    #[arg(long, value_name = "TIME", value_parser = time::moment)]
    to: Option<Timestamp>,
    /// By this discovery.
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
    /// Of resources of this type.
    #[arg(long = "type", value_name = "TYPE", value_parser = values::resource_type(), ignore_case = true)]
    resource_type: Option<ResourceType>,
    #[command(flatten)]
    pub(crate) paging: Paging,
}

impl ChangesQuery {
    /// The filter that was asked for.
    pub(crate) fn filter(&self) -> ChangeFilter {
        ChangeFilter {
            from: self.from,
            to: self.to,
            task_id: self.task.as_deref().map(TaskId::new),
            resource_type: self.resource_type.clone(),
        }
    }
}

/// Which discoveries.
#[derive(Debug, Args)]
pub(crate) struct TasksQuery {
    /// Show this one.
    #[arg(value_parser = values::reference, value_name = "TASK", conflicts_with_all = ["limit", "all"])]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) paging: Paging,
}

#[cfg(test)]
mod tests {
    use super::super::tests::parse;
    use super::super::{Command, Question};
    use super::*;

    #[test]
    fn parameters_are_json_or_else_text() {
        let line = r#"query RETURN -p a=1 --parameter b=[true] -p c=i-1 -p d="1" -p e="#;
        let Command::Ask(Question::Query(query)) = parse(line).unwrap().command else { panic!() };
        let expected = serde_json::json!({"a": 1, "b": [true], "c": "i-1", "d": "1", "e": ""});
        assert_eq!(Value::Object(query.parameters()), expected);
        assert!(parse("query RETURN -p =1").is_err());
    }

    #[test]
    fn names_are_taken_in_either_letter_case() {
        let line = "resources --type compute --status running --provider AWS --tag A=1 --tag B=2 -q web";
        let Command::Ask(Question::Resources(query)) = parse(line).unwrap().command else { panic!() };
        let filter = query.filter.filter();
        assert_eq!(filter.resource_type, Some(ResourceType::COMPUTE));
        assert_eq!(filter.status, Some(Status::RUNNING));
        assert_eq!(filter.provider, Some(Provider::AWS));
        assert_eq!(filter.tags.len(), 2);
        assert_eq!(filter.text.as_deref(), Some("web"));
    }

    #[test]
    fn a_graph_is_walked_as_the_library_does_unless_told_otherwise() {
        let Command::Ask(Question::Graph(query)) = parse("graph vpc-1").unwrap().command else { panic!() };
        assert_eq!(query.walk(), Traversal::default());
        let Command::Ask(Question::Graph(query)) =
            parse("graph vpc-1 --type routes_to --direction incoming --depth 0").unwrap().command
        else {
            panic!()
        };
        let walk = query.walk();
        assert_eq!((walk.kinds, walk.direction, walk.depth), (vec![RelationshipKind::ROUTES_TO], Direction::Incoming, 0));
    }

    #[test]
    fn impact_and_lists_have_the_librarys_defaults() {
        let Command::Ask(Question::Impact(query)) = parse("impact vpc-1").unwrap().command else { panic!() };
        assert_eq!(query.request(), ImpactRequest::default());
        let Command::Ask(Question::Changes(query)) = parse("changes --all --task t-1").unwrap().command else { panic!() };
        assert_eq!(query.paging.wanted(), u64::MAX);
        assert_eq!(query.filter().task_id, Some(TaskId::new("t-1")));
    }
}
