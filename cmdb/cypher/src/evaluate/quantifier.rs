//! `all`, `any`, `none` and `single`.

use super::truth::truth;
use super::{Context, Row, bind, collection};
use crate::error::Result;
use crate::tree::{Expression, QuantifierKind, Slot};

/// Whether so many of the items fulfil a predicate; null where the items of which nothing is known could change the answer.
#[inline(never)]
pub(super) fn quantifier(
    kind: QuantifierKind,
    (slot, list): (Slot, &Expression),
    predicate: &Expression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Option<bool>> {
    let Some(items) = collection::items(list, row, context)? else { return Ok(None) };
    let (mut holding, mut unknown) = (0_u64, false);
    for item in items.iter() {
        context.meter.step()?;
        bind(row, slot, item.clone());
        match truth(predicate, row, context)? {
            Some(true) => holding += 1,
            Some(false) if kind == QuantifierKind::All => return Ok(Some(false)),
            Some(false) => {}
            None => unknown = true,
        }
        match kind {
            QuantifierKind::Any if holding > 0 => return Ok(Some(true)),
            QuantifierKind::None if holding > 0 => return Ok(Some(false)),
            QuantifierKind::Single if holding > 1 => return Ok(Some(false)),
            _ => {}
        }
    }
    let known = match kind {
        QuantifierKind::All | QuantifierKind::None => true,
        QuantifierKind::Any => false,
        QuantifierKind::Single => holding == 1,
    };
    Ok((!unknown).then_some(known))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{literal, slot, value_of};
    use super::*;

    fn json(expression: &Expression) -> String {
        super::super::testing::json(&value_of(expression).unwrap())
    }

    #[test]
    fn quantifiers_leave_open_what_null_could_change() {
        let quantifier = |kind, items: [Option<bool>; 2]| {
            json(&Expression::Quantifier {
                kind,
                slot: Slot(3),
                list: Box::new(literal(items.to_vec())),
                predicate: Box::new(slot(3)),
            })
        };
        let [yes, no, null] = [Some(true), Some(false), None];
        assert_eq!(quantifier(QuantifierKind::All, [null, no]), "false");
        assert_eq!(quantifier(QuantifierKind::All, [null, yes]), "null");
        assert_eq!(quantifier(QuantifierKind::Any, [null, yes]), "true");
        assert_eq!(quantifier(QuantifierKind::Any, [null, no]), "null");
        assert_eq!(quantifier(QuantifierKind::None, [no, no]), "true");
        assert_eq!(quantifier(QuantifierKind::None, [null, yes]), "false");
        assert_eq!(quantifier(QuantifierKind::Single, [yes, yes]), "false");
        assert_eq!(quantifier(QuantifierKind::Single, [yes, null]), "null");
        assert_eq!(quantifier(QuantifierKind::Single, [yes, no]), "true");
    }
}
