//! Answers, in a form that can be compared and shown.

use std::fmt;

use dharmagraph_cypher::{Answer, NodeId, PropertyGraph, Relationship, Value};
use serde_json::Value as Json;

/// Columns and rows, each value as text. Equal texts are equal values: the text tells an integer from a floating point
/// number, names labels and keys in one order, and leaves out which node it is.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn of_json(columns: Option<&[String]>, rows: &[Vec<Json>], unordered_lists: bool) -> Self {
        let rows = rows.iter().map(|row| row.iter().map(|value| text_of_json(value, unordered_lists)).collect()).collect();
        Self { columns: columns.map(<[String]>::to_vec), rows }
    }

    pub(crate) fn of_answer(answer: &Answer, graph: &dyn PropertyGraph, unordered_lists: bool) -> Self {
        let text = |value| text_of_value(value, graph, unordered_lists);
        let rows = answer.rows.iter().map(|row| row.iter().map(text).collect()).collect();
        Self { columns: Some(answer.columns.iter().map(ToString::to_string).collect()), rows }
    }

    /// # Errors
    /// Both tables, where they differ.
    pub(crate) fn compare(&self, found: &Self, ordered: bool) -> Result<(), String> {
        let rows = |table: &Self| {
            let mut rows = table.rows.clone();
            if !ordered {
                rows.sort();
            }
            rows
        };
        let same = self.columns.is_none() || self.columns == found.columns;
        if same && rows(self) == rows(found) {
            return Ok(());
        }
        Err(format!("expected{}\n{self}\nfound\n{found}", if ordered { ", in this order" } else { "" }))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns.as_ref().map_or_else(|| "any columns".into(), |columns| columns.join(" | "));
        write!(formatter, "  | {columns} |")?;
        self.rows.iter().take(20).try_for_each(|row| write!(formatter, "\n  | {} |", row.join(" | ")))?;
        if self.rows.len() > 20 { write!(formatter, "\n  and {} more", self.rows.len() - 20) } else { Ok(()) }
    }
}

/// `{"~n": node}`, `{"~r": relationship, "d": direction inside of a path}`, `{"~p": path}` and `{"~f": number}` stand for what
/// JSON has no form of; dates, times and durations are texts.
fn text_of_json(json: &Json, unordered_lists: bool) -> String {
    let text = |value: &Json| text_of_json(value, unordered_lists);
    match json {
        Json::Object(entries) => {
            let properties = |of: &Json| map(of["p"].as_object().unwrap().iter().map(|(key, value)| (key.as_str(), text(value))));
            if let Some(node) = entries.get("~n") {
                let labels = node["l"].as_array().unwrap().iter().map(|label| label.as_str().unwrap());
                labelled(labels, &properties(node))
            } else if let Some(relationship) = entries.get("~r") {
                let arrow = format!("[:{} {}]", relationship["t"].as_str().unwrap(), properties(relationship));
                match entries.get("d").and_then(Json::as_str) {
                    Some(">") => format!("-{arrow}->"),
                    Some(_) => format!("<-{arrow}-"),
                    None => arrow,
                }
            } else if let Some(path) = entries.get("~p") {
                path.as_array().unwrap().iter().map(text).collect()
            } else if let Some(number) = entries.get("~f") {
                float(number.as_str().unwrap().parse().unwrap())
            } else {
                map(entries.iter().map(|(key, value)| (key.as_str(), text(value))))
            }
        }
        Json::Array(items) => list(items.iter().map(text).collect(), unordered_lists),
        Json::Number(number) => number.as_i64().map_or_else(|| float(number.as_f64().unwrap()), |number| number.to_string()),
        simple => simple.to_string(),
    }
}

fn text_of_value(value: &Value, graph: &dyn PropertyGraph, unordered_lists: bool) -> String {
    match value {
        Value::Float(number) => float(*number),
        Value::List(items) => {
            list(items.iter().map(|item| text_of_value(item, graph, unordered_lists)).collect(), unordered_lists)
        }
        Value::Map(entries) => map(entries.iter().map(|(key, value)| (&**key, text_of_value(value, graph, unordered_lists)))),
        Value::Node(node) => text_of_node(*node, graph, unordered_lists),
        Value::Relationship(relationship) => text_of_relationship(*relationship, graph, unordered_lists),
        Value::Path(path) => {
            let mut text = text_of_node(path.nodes[0], graph, unordered_lists);
            for (step, relationship) in path.relationships.iter().enumerate() {
                let arrow = text_of_relationship(*relationship, graph, unordered_lists);
                let forward = (relationship.source, relationship.target) == (path.nodes[step], path.nodes[step + 1]);
                text += &if forward { format!("-{arrow}->") } else { format!("<-{arrow}-") };
                text += &text_of_node(path.nodes[step + 1], graph, unordered_lists);
            }
            text
        }
        simple => simple.to_json(graph).to_string(),
    }
}

fn text_of_node(node: NodeId, graph: &dyn PropertyGraph, unordered_lists: bool) -> String {
    let labels: Vec<_> = graph.labels(node).into_iter().map(|label| graph.text(label)).collect();
    let properties = graph.properties(node);
    let properties = properties.iter().map(|(key, value)| (&**key, text_of_value(value, graph, unordered_lists)));
    labelled(labels.iter().map(|label| &**label), &map(properties))
}

fn text_of_relationship(relationship: Relationship, graph: &dyn PropertyGraph, unordered_lists: bool) -> String {
    let properties = graph.relationship_properties(relationship);
    let properties = properties.iter().map(|(key, value)| (&**key, text_of_value(value, graph, unordered_lists)));
    format!("[:{} {}]", graph.text(relationship.kind), map(properties))
}

fn labelled<'a>(labels: impl Iterator<Item = &'a str>, properties: &str) -> String {
    let mut labels: Vec<_> = labels.map(|label| format!(":{label}")).collect();
    labels.sort();
    format!("({} {properties})", labels.concat())
}

fn list(mut items: Vec<String>, unordered: bool) -> String {
    if unordered {
        items.sort();
    }
    format!("[{}]", items.join(", "))
}

fn map<'a>(entries: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut entries: Vec<_> = entries.map(|(key, value)| format!("{key}: {value}")).collect();
    entries.sort();
    format!("{{{}}}", entries.join(", "))
}

/// To fifteen digits, which decimal text and binary number have in common. Both zeros are equal.
fn float(number: f64) -> String {
    format!("{:.14e}", number + 0.0)
}
