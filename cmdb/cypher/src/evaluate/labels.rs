//! Labels of nodes and types of relationships.

use super::{Context, Row, evaluate};
use crate::error::{Error, Result};
use crate::graph::Symbol;
use crate::tree::{Expression, LabelExpression};
use crate::value::Value;

/// Whether a node has labels, or a relationship one of the types.
#[inline(never)]
pub(super) fn has_labels(
    entity: &Expression,
    labels: &LabelExpression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Option<bool>> {
    match evaluate(entity, row, context)? {
        Value::Null => Ok(None),
        Value::Node(node) => {
            let any = || !context.graph.labels(node).is_empty();
            Ok(Some(fits(labels, &any, &|label| context.graph.has_label(node, label), context)))
        }
        Value::Relationship(relationship) => Ok(Some(fits(labels, &|| true, &|kind| relationship.kind == kind, context))),
        other => Err(Error::value(format!("expected a node or relationship before labels, found {}", other.description()))),
    }
}

fn fits(labels: &LabelExpression, any: &dyn Fn() -> bool, has: &dyn Fn(Symbol) -> bool, context: &Context<'_>) -> bool {
    match labels {
        LabelExpression::Name(name) => context.symbol(name).is_some_and(has),
        LabelExpression::Any => any(),
        LabelExpression::Not(operand) => !fits(operand, any, has, context),
        LabelExpression::And(operands) => operands.iter().all(|operand| fits(operand, any, has, context)),
        LabelExpression::Or(operands) => operands.iter().any(|operand| fits(operand, any, has, context)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{name, slot, value_of};
    use super::*;

    fn json(expression: &Expression) -> String {
        super::super::testing::json(&value_of(expression).unwrap())
    }

    #[test]
    fn labels_and_types_are_looked_up_and_unknown_ones_are_not_there() {
        let has = |place, labels| Expression::HasLabels(Box::new(slot(place)), labels);
        let label = |text| LabelExpression::Name(name(text));
        let results = [
            has(0, label("Resource")),
            has(0, LabelExpression::Not(Box::new(label("never_met")))),
            has(0, LabelExpression::And(vec![label("Resource"), label("never_met")])),
            has(0, LabelExpression::Any),
            has(1, LabelExpression::Or(vec![label("never_met"), label("DEPENDS_ON")])),
            has(2, label("Resource")),
        ];
        assert_eq!(results.each_ref().map(json), ["true", "true", "false", "true", "true", "null"]);
    }
}
