//! How far and along what to walk.

use dharmagraph_cmdb::{Direction, RelationshipKind};

use super::filter::one_of;
use super::{QueryString, quoted};
use crate::problem::Problem;

const MOST_NODES: usize = 100_000;

/// Reads `depth` (0 to 10) and `max_nodes` (1 to 100,000), with these defaults.
pub(crate) fn walk_limits(parameters: &QueryString, depth: u32, max_nodes: usize) -> Result<(u32, usize), Problem> {
    let depth = parameters.number("depth", 0..=10)?.unwrap_or(depth);
    let max_nodes = parameters.number("max_nodes", 1..=MOST_NODES)?.unwrap_or(max_nodes);
    Ok((depth, max_nodes))
}

/// Reads `direction`; both ways where it is not given.
pub(crate) fn direction(parameters: &QueryString) -> Result<Direction, Problem> {
    match parameters.text("direction") {
        None | Some("both") => Ok(Direction::Both),
        Some("incoming") => Ok(Direction::Incoming),
        Some("outgoing") => Ok(Direction::Outgoing),
        Some(other) => Err(Problem::invalid("direction", "incoming, outgoing or both", quoted(other))),
    }
}

/// Reads relationship kinds with commas between them; all kinds where there are none.
pub(crate) fn kinds(parameters: &QueryString, name: &str) -> Result<Vec<RelationshipKind>, Problem> {
    let Some(text) = parameters.text(name) else { return Ok(Vec::new()) };
    text.split(',').map(|kind| one_of(name, kind.trim(), RelationshipKind::KNOWN, RelationshipKind::as_str)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::query_string::query;
    use super::*;

    #[test]
    fn depth_direction_and_kinds_are_read_and_checked() {
        let accepted = ["depth", "direction", "types", "max_nodes"];
        let parameters = query("depth=10&direction=incoming&types=RUNS_ON,%20MEMBER_OF&max_nodes=7", &accepted).unwrap();
        assert_eq!(walk_limits(&parameters, 3, 5000).unwrap(), (10, 7));
        assert_eq!(direction(&parameters).unwrap(), Direction::Incoming);
        assert_eq!(kinds(&parameters, "types").unwrap(), [RelationshipKind::RUNS_ON, RelationshipKind::MEMBER_OF]);

        let parameters = query("depth=11&direction=up&types=RUNS_ON,&max_nodes=0", &accepted).unwrap();
        assert!(walk_limits(&parameters, 3, 5000).is_err());
        assert!(direction(&parameters).unwrap_err().detail().contains("incoming, outgoing or both"));
        assert!(kinds(&parameters, "types").unwrap_err().detail().contains("found ``"));

        let parameters = query("depth=&direction=&types=&max_nodes=", &accepted).unwrap();
        assert_eq!(walk_limits(&parameters, 3, 5000).unwrap(), (3, 5000));
        assert!(kinds(&parameters, "types").unwrap().is_empty());
    }
}
