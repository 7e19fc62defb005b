//! The names and details of operators.

use super::expression::Writer;
use crate::graph::Direction;
use crate::plan::{Check, Expand, Operator, Source, Walking};
use crate::tree::{Expression, Item, Projection, Shortest, Slot};

impl Operator<'_> {
    /// Visits every expression of the operator.
    pub(super) fn expressions<'o>(&'o self, visit: &mut dyn FnMut(&'o Expression)) {
        let mut checks = |checks: &[Check<'o>]| {
            for check in checks {
                match *check {
                    Check::Expression(value) | Check::Property(_, _, value) | Check::Properties(_, value) => visit(value),
                    Check::Node(_) | Check::Labels(..) => {}
                }
            }
        };
        match self {
            Self::Filter(filter) => checks(filter),
            Self::Walk(walking) | Self::Follow(walking) | Self::Reach(walking) => checks(&walking.each),
            Self::Shortest(shortening) => {
                checks(&shortening.walking.each);
                checks(&shortening.checks);
            }
            Self::Scan { source: Source::Seek { value, .. }, .. } | Self::Unwind { list: value, .. } => visit(value),
            Self::Project(items) => items.iter().for_each(|item| visit(&item.expression)),
            Self::Aggregate { projection, .. } => {
                projection.keys.iter().for_each(|key| visit(&key.expression));
                projection.aggregates.iter().flat_map(|call| &call.arguments).for_each(visit);
            }
            Self::Sort { projection, .. } => projection.order.iter().for_each(|key| visit(&key.expression)),
            _ => {}
        }
    }
}

impl Writer<'_> {
    /// What an operator is called.
    pub(super) fn operator(&self, operator: &Operator<'_>) -> &'static str {
        match operator {
            Operator::Scan { source: Source::Nothing, .. } => "Nothing",
            Operator::Scan { source: Source::All, .. } => "AllNodesScan",
            Operator::Scan { source: Source::Label(_), .. } => "NodeByLabelScan",
            Operator::Scan { .. } => "NodePropertySeek",
            Operator::Filter(_) => "Filter",
            Operator::Expand(expand) if expand.to_bound => "ExpandInto",
            Operator::Expand(_) => "Expand",
            Operator::Ends(_) => "RelationshipEnds",
            Operator::Walk(walking) if walking.expand.to_bound => "VarLengthExpandInto",
            Operator::Walk(_) => "VarLengthExpand",
            Operator::Follow(_) => "VarLengthFollow",
            Operator::Reach(_) => "VarLengthReach",
            Operator::Shortest(shortening) if shortening.shortest == Shortest::One => "ShortestPath",
            Operator::Shortest(_) => "AllShortestPaths",
            Operator::Path { .. } => "BindPath",
            Operator::Optional { .. } | Operator::Matched { .. } => "Optional",
            Operator::Unwind { .. } => "Unwind",
            Operator::Project(_) => "Projection",
            Operator::Distinct { .. } => "Distinct",
            Operator::Aggregate { .. } => "Aggregation",
            Operator::Sort { projection, .. } if projection.limit.is_some() => "Top",
            Operator::Sort { .. } => "Sort",
            Operator::Skip { .. } => "Skip",
            Operator::Limit { .. } => "Limit",
            Operator::Counted { .. } => "CountsOfGraph",
        }
    }

    /// With what it works.
    pub(super) fn details(&self, operator: &Operator<'_>) -> String {
        match operator {
            Operator::Scan { slot, source } => self.source(*slot, source),
            Operator::Filter(checks) => self.checks(checks),
            Operator::Expand(expand) | Operator::Ends(expand) => self.step(expand, ""),
            Operator::Walk(walking) | Operator::Follow(walking) | Operator::Reach(walking) => self.walking(walking),
            Operator::Shortest(shortening) => {
                let mut details = self.walking(&shortening.walking);
                if !shortening.checks.is_empty() {
                    details += &format!(" WHERE {}", self.checks(&shortening.checks));
                }
                details
            }
            Operator::Path { slot, .. } => self.slot(*slot),
            Operator::Optional { .. } | Operator::Matched { .. } => String::new(),
            Operator::Unwind { list, slot } => format!("{} AS {}", self.text(list), self.slot(*slot)),
            Operator::Project(items) => joined(items.iter().map(|item| self.item(item))),
            Operator::Distinct { columns, .. } => joined(columns.iter().map(|slot| self.slot(*slot))),
            Operator::Aggregate { projection, .. } => self.aggregation(projection),
            Operator::Sort { projection, .. } => self.sort(projection),
            Operator::Skip { count, .. } | Operator::Limit { count, .. } => self.text(count),
            Operator::Counted { key, aggregates, .. } => joined(key.iter().chain(aggregates).map(|slot| self.slot(*slot))),
        }
    }

    fn source(&self, slot: Slot, source: &Source<'_>) -> String {
        let name = self.slot(slot);
        match source {
            Source::Nothing | Source::All => name,
            Source::Label(label) => format!("{name}:{}", self.graph.text(*label)),
            Source::Values { key, written, many, .. } | Source::Seek { key, value: written, many, .. } => {
                let operator = if *many { "IN" } else { "=" };
                format!("{name}.{} {operator} {}", self.graph.text(*key), self.text(written))
            }
        }
    }

    fn checks(&self, checks: &[Check<'_>]) -> String {
        let text = |check: &Check<'_>| match *check {
            Check::Expression(predicate) => self.text(predicate),
            Check::Node(slot) => format!("{} IS NOT NULL", self.slot(slot)),
            Check::Labels(slot, labels) => format!("{}:{}", self.slot(slot), self.labels(labels)),
            Check::Property(slot, name, value) => format!("{}.{} = {}", self.slot(slot), name.text, self.text(value)),
            Check::Properties(slot, map) => format!("{} has {}", self.slot(slot), self.text(map)),
        };
        checks.iter().map(text).collect::<Vec<_>>().join(" AND ")
    }

    fn walking(&self, walking: &Walking<'_>) -> String {
        let walk = walking.walk;
        let mut details = self
            .step(&walking.expand, &format!("*{}..{}", walk.least, walk.most.map_or_else(String::new, |most| most.to_string())));
        if !walking.each.is_empty() {
            details += &format!(" WHERE {}", self.checks(&walking.each));
        }
        details
    }

    fn step(&self, expand: &Expand<'_>, walk: &str) -> String {
        let kinds = expand.kinds.written.map(|kinds| format!(":{}", self.labels(kinds))).unwrap_or_default();
        let (left, right) = match expand.direction {
            Direction::Outgoing => ("-", "->"),
            Direction::Incoming => ("<-", "-"),
            Direction::Both => ("-", "-"),
        };
        let relationship = format!("{}{kinds}{walk}", self.known_name(expand.slot));
        format!("({}){left}[{relationship}]{right}({})", self.known_name(expand.from), self.known_name(expand.to))
    }

    fn item(&self, item: &Item) -> String {
        let text = self.text(&item.expression);
        match self.known_name(item.slot) {
            "" => text,
            name if name == text => text,
            name => format!("{text} AS {name}"),
        }
    }

    fn aggregation(&self, projection: &Projection) -> String {
        let keys = projection.keys.iter().map(|key| self.item(key));
        joined(keys.chain(projection.aggregates.iter().map(|call| self.slot(call.slot))))
    }

    fn sort(&self, projection: &Projection) -> String {
        let key = |key: &crate::tree::SortKey| {
            let nulls = key.nulls_first.map_or("", |first| if first { " NULLS FIRST" } else { " NULLS LAST" });
            format!("{}{}{nulls}", self.text(&key.expression), if key.descending { " DESC" } else { "" })
        };
        let mut details = joined(projection.order.iter().map(key));
        for (word, count) in [("SKIP", &projection.skip), ("LIMIT", &projection.limit)] {
            if let Some(count) = count {
                details += &format!(" {word} {}", self.text(count));
            }
        }
        details
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}
