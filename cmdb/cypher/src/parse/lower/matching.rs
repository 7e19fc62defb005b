//! The pattern of MATCH: what is written of each path, laid out as nodes and steps.

use open_cypher::ast::{
    MatchClause, Name, NodePattern, PathFactorKind, PathMode, PathPattern, PathSelector, PatternPart, Quantifier, QuantifierKind,
    RelationshipPattern,
};

use super::Lowering;
use super::pattern::NewVariables;
use super::scope::Scope;
use crate::error::Result;
use crate::tree::{Expression, Pattern, Shortest, Walk};

/// A path as it was written: one step less than nodes.
pub(super) struct Written<'w> {
    pub(super) binding: Option<&'w Name>,
    pub(super) shortest: Option<Shortest>,
    pub(super) nodes: Vec<&'w NodePattern>,
    pub(super) steps: Vec<(&'w RelationshipPattern, Option<Walk>)>,
}

impl Lowering<'_> {
    /// Lowers the pattern of MATCH; see [`Lowering::paths`].
    pub(super) fn pattern(&mut self, written: &MatchClause, scope: &mut Scope) -> Result<(Pattern, Vec<Expression>)> {
        if let Some(mode) = &written.mode
            && mode.kind != PathMode::Trail
        {
            return Err(self.unsupported(mode.span, "this path mode"));
        }
        if let Some(hint) = written.hints.first() {
            return Err(self.unsupported(hint.span, "a hint for the planner"));
        }
        self.paths(&written.pattern, scope, NewVariables::Allowed)
    }

    /// Takes one path apart.
    pub(super) fn lay_out<'w>(&self, part: &'w PatternPart) -> Result<Written<'w>> {
        let mut path = &part.kind.path;
        let mut shortest = match &part.kind.selector {
            None => None,
            Some(selector) => match &selector.kind {
                PathSelector::All => None,
                PathSelector::AnyShortest => Some(Shortest::One),
                PathSelector::AllShortest => Some(Shortest::All),
                PathSelector::Shortest { count: Some(count), groups: false } if count == "1" => Some(Shortest::One),
                _ => return Err(self.unsupported(selector.span, "this path selector")),
            },
        };
        if let [factor] = &*path.kind.factors
            && let PathFactorKind::LegacyShortest { all, pattern } = &factor.kind
        {
            shortest = Some(if *all { Shortest::All } else { Shortest::One });
            path = pattern;
        }
        let mut written = Written { binding: part.kind.binding.as_ref(), shortest, nodes: Vec::new(), steps: Vec::new() };
        self.factors(path, &mut written)?;
        if shortest.is_some() && written.steps.len() != 1 {
            return Err(self.unsupported(path.span, "a shortest path of other than two nodes and what joins them"));
        }
        if shortest.is_some() && written.steps.iter().any(|(_, walk)| walk.is_some_and(|walk| walk.least > 1)) {
            return Err(self.unsupported(path.span, "a shortest path with a least length above 1"));
        }
        Ok(written)
    }

    fn factors<'w>(&self, path: &'w PathPattern, written: &mut Written<'w>) -> Result<()> {
        for factor in &path.kind.factors {
            let expects_node = written.nodes.len() == written.steps.len();
            match &factor.kind {
                PathFactorKind::Node(node) if expects_node => written.nodes.push(node),
                PathFactorKind::Relationship(relationship) if !expects_node => {
                    written.steps.push((relationship, self.walk(relationship)?));
                }
                PathFactorKind::QuantifiedNode { .. } | PathFactorKind::Parenthesized { .. } | PathFactorKind::Subpath { .. } => {
                    return Err(self.unsupported(factor.span, "a path in brackets"));
                }
                _ => return Err(self.error(factor.span, "expected nodes with one relationship between each two")),
            }
        }
        if written.nodes.len() == written.steps.len() + 1 {
            return Ok(());
        }
        Err(self.error(path.span, "expected a node at both ends of the path"))
    }

    /// How often a relationship is walked.
    fn walk(&self, relationship: &RelationshipPattern) -> Result<Option<Walk>> {
        let (quantifier, fewest) = match (&relationship.legacy_quantifier, &relationship.graph_quantifier) {
            (None, None) => return Ok(None),
            (Some(quantifier), None) => (quantifier, 1),
            (None, Some(quantifier)) => (quantifier, 0),
            (Some(_), Some(quantifier)) => return Err(self.error(quantifier.span, "found two lengths of one relationship")),
        };
        let (least, most) = match &quantifier.kind {
            QuantifierKind::ZeroOrMore => (fewest, None),
            QuantifierKind::OneOrMore => (1, None),
            QuantifierKind::Optional => (0, Some(1)),
            QuantifierKind::Fixed(count) => {
                let count = self.length(count, quantifier)?;
                (count, Some(count))
            }
            QuantifierKind::Range { lower, upper } => {
                let least = lower.as_ref().map_or(Ok(fewest), |count| self.length(count, quantifier))?;
                (least, upper.as_ref().map(|count| self.length(count, quantifier)).transpose()?)
            }
            _ => return Err(self.unsupported(quantifier.span, "this length")),
        };
        Ok(Some(Walk { least, most }))
    }

    fn length(&self, text: &str, quantifier: &Quantifier) -> Result<u64> {
        let digits: String = text.chars().filter(|character| *character != '_').collect();
        digits.parse().map_err(|_| self.error(quantifier.span, format!("the length {text} does not fit into 64 bits")))
    }
}
