//! A plan as a table.

use std::fmt;

use super::PlanDescription;

impl fmt::Display for PlanDescription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        let mut open = vec![(self, 0)];
        while let Some((plan, depth)) = open.pop() {
            lines.push((format!("{}{}", "  ".repeat(depth), plan.operator), plan));
            let mut children = plan.children.iter();
            open.extend(children.next().map(|child| (child, depth)));
            open.extend(children.rev().map(|child| (child, depth + 1)));
        }
        let widest = |text: fn(&(String, &Self)) -> usize, title: &str| lines.iter().map(text).fold(title.len(), usize::max);
        let operators = widest(|(operator, _)| operator.chars().count(), OPERATOR);
        let details = widest(|(_, plan)| plan.details.chars().count(), DETAILS);
        let profiled = self.rows.is_some();
        write!(formatter, "{OPERATOR:<operators$} | {DETAILS:<details$} | estimated rows")?;
        if profiled {
            write!(formatter, " | {:>10} | {:>10}", "rows", "steps")?;
        }
        for (operator, plan) in &lines {
            write!(formatter, "\n{operator:<operators$} | {:<details$} | {:>14}", plan.details, plan.estimated_rows)?;
            if profiled {
                let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
                write!(formatter, " | {:>10} | {:>10}", number(plan.rows), number(plan.steps))?;
            }
        }
        Ok(())
    }
}

const OPERATOR: &str = "operator";
const DETAILS: &str = "details";
