//! What leans to the left: operators, comparisons, properties, indexes.

use open_cypher::Span;
use open_cypher::ast::{BinaryOperator as Written, Expr, ExprKind, IsPredicate, MapProjectionItem, MapProjectionItemKind};

use super::Lowering;
use super::scope::Scope;
use super::typing::{Typed, describe, within};
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{BinaryOperator, Expression, ProjectedEntry, QuantifierKind, UnaryOperator};

/// What has properties.
const OWNERS: Kinds = Kinds::MAP.or(Kinds::NODE).or(Kinds::RELATIONSHIP).or(Kinds::TEMPORAL);

/// What the operators of arithmetic other than `+` take.
const COMPUTABLE: Kinds = Kinds::NUMBER.or(Kinds::TEMPORAL);

/// What an expression leans on, unless it joins predicates.
pub(super) fn left_side(expression: &Expr) -> Option<&Expr> {
    match &expression.kind {
        ExprKind::Binary { operator, .. } if matches!(operator.kind, Written::Or | Written::Xor | Written::And) => None,
        ExprKind::Binary { left, .. } => Some(left),
        ExprKind::Property { expression, .. }
        | ExprKind::DynamicProperty { expression, .. }
        | ExprKind::Index { expression, .. }
        | ExprKind::Slice { expression, .. }
        | ExprKind::Is { expression, .. } => Some(expression),
        ExprKind::MapProjection(projection) => Some(&projection.base),
        _ => None,
    }
}

fn comparison(expression: &Expr) -> Option<(BinaryOperator, &Expr)> {
    let ExprKind::Binary { operator, right, .. } = &expression.kind else { return None };
    let operator = match operator.kind {
        Written::Equal => BinaryOperator::Equal,
        Written::NotEqual => BinaryOperator::NotEqual,
        Written::Less => BinaryOperator::Less,
        Written::LessEqual => BinaryOperator::LessEqual,
        Written::Greater => BinaryOperator::Greater,
        Written::GreaterEqual => BinaryOperator::GreaterEqual,
        _ => return None,
    };
    Some((operator, right))
}

impl Lowering<'_> {
    /// Lowers `next`, whose left side was lowered. Takes the comparisons behind it from `outer` too, if it is one.
    pub(super) fn extend(&mut self, left: Typed, next: &Expr, outer: &mut Vec<&Expr>, scope: &Scope) -> Result<Typed> {
        if let Some(first) = comparison(next) {
            let mut comparisons = vec![first];
            while let Some(more) = outer.last().and_then(|expression| comparison(expression)) {
                comparisons.push(more);
                outer.pop();
            }
            return self.compare(left, &comparisons, scope);
        }
        match &next.kind {
            ExprKind::Binary { operator, right, .. } => self.binary(left, operator.kind, right, scope),
            ExprKind::Property { key, .. } => {
                self.require(&left, OWNERS, next.span, "a property's owner")?;
                let key = self.name(&key.kind.text);
                Ok(Typed::new(Expression::Property(Box::new(left.expression), key), Kinds::ANY))
            }
            ExprKind::DynamicProperty { key: index, .. } | ExprKind::Index { index, .. } => self.index(left, index, scope),
            ExprKind::Slice { lower, upper, .. } => {
                self.require(&left, Kinds::LIST, next.span, "what is sliced")?;
                let lower = self.bound(lower.as_deref(), scope)?;
                let upper = self.bound(upper.as_deref(), scope)?;
                let items = left.items;
                let expression = Expression::Slice(Box::new(left.expression), lower, upper);
                Ok(Typed { expression, kinds: Kinds::LIST, items })
            }
            ExprKind::Is { negated, predicate, .. } => self.is(left, *negated, predicate, next.span),
            ExprKind::MapProjection(projection) => self.map_projection(left, &projection.items, next.span, scope),
            _ => Err(self.unsupported(next.span, "this expression")),
        }
    }

    /// `a < b < c` is `a < b AND b < c`, with `b` computed once.
    fn compare(&mut self, first: Typed, comparisons: &[(BinaryOperator, &Expr)], scope: &Scope) -> Result<Typed> {
        let mut left = first.expression;
        let mut all = Vec::with_capacity(comparisons.len());
        let mut shared = Vec::new();
        for (index, (operator, right)) in comparisons.iter().enumerate() {
            let typed = self.expression(right, scope)?;
            let mut right = typed.expression;
            let is_last = index + 1 == comparisons.len();
            if !is_last && !is_cheap(&right) {
                let slot = self.bind(None, typed.kinds, typed.items);
                shared.push((slot, std::mem::replace(&mut right, Expression::Slot(slot))));
            }
            let next = if is_last { None } else { Some(right.clone()) };
            all.push(Expression::Binary(*operator, Box::new(left), Box::new(right)));
            left = next.unwrap_or_else(|| Expression::List(Vec::new()));
        }
        let mut result = match all.pop() {
            Some(only) if all.is_empty() => only,
            last => Expression::And(all.into_iter().chain(last).collect()),
        };
        while let Some((slot, value)) = shared.pop() {
            result = Expression::Quantifier {
                kind: QuantifierKind::All,
                slot,
                list: Box::new(Expression::List(vec![value])),
                predicate: Box::new(result),
            };
        }
        Ok(Typed::boolean(result))
    }

    fn binary(&mut self, left: Typed, written: Written, right: &Expr, scope: &Scope) -> Result<Typed> {
        let span = right.span;
        let right = self.expression(right, scope)?;
        let integers = within(left.kinds.or(right.kinds), Kinds::INTEGER);
        let numbers = within(left.kinds.or(right.kinds), Kinds::NUMBER);
        let (operator, kinds) = match written {
            Written::RegexMatch => (BinaryOperator::Matches, Kinds::BOOLEAN),
            Written::In => {
                self.require(&right, Kinds::LIST, span, "the right side of IN")?;
                (BinaryOperator::In, Kinds::BOOLEAN)
            }
            Written::StartsWith => (BinaryOperator::StartsWith, Kinds::BOOLEAN),
            Written::EndsWith => (BinaryOperator::EndsWith, Kinds::BOOLEAN),
            Written::Contains => (BinaryOperator::Contains, Kinds::BOOLEAN),
            Written::Add if integers => (BinaryOperator::Add, Kinds::INTEGER),
            Written::Add if numbers => (BinaryOperator::Add, Kinds::NUMBER),
            Written::Add => (BinaryOperator::Add, Kinds::ANY),
            Written::Concat => (BinaryOperator::Concatenate, Kinds::STRING.or(Kinds::LIST)),
            Written::Subtract => (BinaryOperator::Subtract, COMPUTABLE),
            Written::Multiply => (BinaryOperator::Multiply, COMPUTABLE),
            Written::Divide => (BinaryOperator::Divide, COMPUTABLE),
            Written::Remainder => (BinaryOperator::Remainder, Kinds::NUMBER),
            Written::Power => (BinaryOperator::Power, Kinds::FLOAT),
            _ => return Err(self.unsupported(span, "this operator")),
        };
        let kinds = if kinds == COMPUTABLE {
            self.require(&left, COMPUTABLE, span, "the left side of the operator")?;
            self.require(&right, COMPUTABLE, span, "the right side of the operator")?;
            if integers {
                Kinds::INTEGER
            } else if numbers {
                Kinds::NUMBER
            } else {
                COMPUTABLE
            }
        } else if matches!(operator, BinaryOperator::Remainder | BinaryOperator::Power) {
            self.require(&left, Kinds::NUMBER, span, "the left side of the operator")?;
            self.require(&right, Kinds::NUMBER, span, "the right side of the operator")?;
            kinds
        } else {
            kinds
        };
        Ok(Typed::new(Expression::Binary(operator, Box::new(left.expression), Box::new(right.expression)), kinds))
    }

    fn index(&mut self, left: Typed, index: &Expr, scope: &Scope) -> Result<Typed> {
        let elements = Kinds::MAP.or(Kinds::NODE).or(Kinds::RELATIONSHIP);
        self.require(&left, Kinds::LIST.or(elements), index.span, "what is indexed")?;
        let key = self.expression(index, scope)?;
        let expected = match () {
            () if left.kinds == Kinds::NOTHING => Kinds::INTEGER.or(Kinds::STRING),
            () if within(left.kinds, Kinds::LIST) => Kinds::INTEGER,
            () if within(left.kinds, elements) => Kinds::STRING,
            () => Kinds::INTEGER.or(Kinds::STRING),
        };
        self.require(&key, expected, index.span, "the index")?;
        let kinds = if within(left.kinds, Kinds::LIST) { left.items } else { Kinds::ANY };
        Ok(Typed::new(Expression::Index(Box::new(left.expression), Box::new(key.expression)), kinds))
    }

    fn bound(&mut self, bound: Option<&Expr>, scope: &Scope) -> Result<Option<Box<Expression>>> {
        let Some(bound) = bound else { return Ok(None) };
        let typed = self.expression(bound, scope)?;
        self.require(&typed, Kinds::INTEGER, bound.span, "the bound of a slice")?;
        Ok(Some(Box::new(typed.expression)))
    }

    fn is(&mut self, left: Typed, negated: bool, predicate: &IsPredicate, span: Span) -> Result<Typed> {
        let expression = match predicate {
            IsPredicate::Null => Expression::IsNull { operand: Box::new(left.expression), negated },
            IsPredicate::Label(labels) => {
                self.require(&left, Kinds::NODE.or(Kinds::RELATIONSHIP), span, "what has labels")?;
                let labels = self.labels(labels)?;
                let has = Expression::HasLabels(Box::new(left.expression), labels);
                if negated { Expression::Unary(UnaryOperator::Not, Box::new(has)) } else { has }
            }
            IsPredicate::Typed(_) => return Err(self.unsupported(span, "IS with a type")),
            IsPredicate::Normalized(_) => return Err(self.unsupported(span, "IS NORMALIZED")),
            _ => return Err(self.unsupported(span, "this predicate")),
        };
        Ok(Typed::boolean(expression))
    }

    fn map_projection(&mut self, base: Typed, items: &[MapProjectionItem], span: Span, scope: &Scope) -> Result<Typed> {
        self.require(&base, OWNERS, span, "the base of a map projection")?;
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            entries.push(match &item.kind {
                MapProjectionItemKind::Property(key) => ProjectedEntry::Property(self.name(&key.kind.text)),
                MapProjectionItemKind::AllProperties => ProjectedEntry::All,
                MapProjectionItemKind::Variable(name) => {
                    let value = self.variable(&name.kind, name.span, scope)?;
                    ProjectedEntry::Entry(name.kind.text.as_str().into(), value.expression)
                }
                MapProjectionItemKind::Entry(entry) => {
                    let value = self.expression(&entry.value, scope)?;
                    ProjectedEntry::Entry(entry.key.kind.text.as_str().into(), value.expression)
                }
                _ => return Err(self.unsupported(item.span, "this entry of a map projection")),
            });
        }
        Ok(Typed::new(Expression::MapProjection { base: Box::new(base.expression), entries }, Kinds::MAP))
    }

    /// Refuses a value that can never be what is expected.
    pub(super) fn require(&self, found: &Typed, expected: Kinds, span: Span, what: &str) -> Result<()> {
        if found.fits(expected) {
            return Ok(());
        }
        let (expected, found) = (describe(expected), describe(found.kinds));
        Err(self.error(span, format!("{what} must be {expected}, found {found}")))
    }
}

/// Whether an expression costs so little that it may be computed twice.
pub(super) fn is_cheap(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(_) | Expression::Slot(_) | Expression::Parameter(_) => true,
        Expression::Property(owner, _) => matches!(**owner, Expression::Slot(_)),
        _ => false,
    }
}
