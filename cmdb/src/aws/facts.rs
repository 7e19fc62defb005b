//! Collecting a resource's facts.

use std::collections::BTreeSet;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Map, Value};

/// The facts of a resource, or of a part of one. What the API does not tell is left out: no nulls, no empty texts.
///
/// Lists are sorted, so that the order of an answer never looks like a change.
#[derive(Debug, Default)]
pub(super) struct Facts(Map<String, Value>);

impl Facts {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A record made of facts, for a list of records.
    pub(super) fn record(fill: impl FnOnce(&mut Self) -> &mut Self) -> Value {
        let mut facts = Self::new();
        fill(&mut facts);
        Value::Object(facts.0)
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        self.0
    }

    fn set(&mut self, key: &str, value: Value) -> &mut Self {
        self.0.insert(key.to_owned(), value);
        self
    }

    pub(super) fn text(&mut self, key: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) if !text.is_empty() => self.set(key, text.into()),
            _ => self,
        }
    }

    pub(super) fn number(&mut self, key: &str, number: Option<impl Into<i64>>) -> &mut Self {
        match number {
            Some(number) => self.set(key, number.into().into()),
            None => self,
        }
    }

    pub(super) fn flag(&mut self, key: &str, flag: Option<bool>) -> &mut Self {
        match flag {
            Some(flag) => self.set(key, flag.into()),
            None => self,
        }
    }

    /// A point in time, as RFC 3339.
    pub(super) fn time(&mut self, key: &str, time: Option<&DateTime>) -> &mut Self {
        let text = time.and_then(|time| time.fmt(Format::DateTime).ok());
        self.text(key, text.as_deref())
    }

    /// Gibibytes, given mebibytes: a whole number where it is one.
    pub(super) fn gibibytes(&mut self, key: &str, mebibytes: Option<i64>) -> &mut Self {
        match mebibytes {
            #[expect(clippy::cast_precision_loss, reason = "memory sizes are far below 2^52 MiB")]
            Some(mebibytes) if mebibytes % 1024 != 0 => self.set(key, (mebibytes as f64 / 1024.0).into()),
            Some(mebibytes) => self.set(key, (mebibytes / 1024).into()),
            None => self,
        }
    }

    /// Texts, each once; nothing where there are none.
    pub(super) fn list<'a>(&mut self, key: &str, texts: impl IntoIterator<Item = &'a str>) -> &mut Self {
        let texts: BTreeSet<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        match texts.is_empty() {
            true => self,
            false => self.set(key, texts.into_iter().collect()),
        }
    }

    /// Records; nothing where there are none.
    pub(super) fn records(&mut self, key: &str, records: impl IntoIterator<Item = Value>) -> &mut Self {
        let records = sorted(records);
        match records.is_empty() {
            true => self,
            false => self.set(key, records.into()),
        }
    }

    /// Records of which it is a fact too that there are none, such as a firewall's rules.
    pub(super) fn rules(&mut self, key: &str, records: impl IntoIterator<Item = Value>) -> &mut Self {
        let records = sorted(records);
        self.set(key, records.into())
    }
}

fn sorted(records: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut records: Vec<Value> = records.into_iter().collect();
    records.sort_by_cached_key(Value::to_string);
    records
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_told_is_left_out() {
        let mut facts = Facts::new();
        facts.text("a", None).text("b", Some("")).number("c", None::<i64>).flag("d", None).time("e", None);
        facts.list("f", []).records("g", []).gibibytes("h", None);
        assert!(facts.into_map().is_empty());
    }

    #[test]
    fn that_there_is_no_rule_is_told() {
        let mut facts = Facts::new();
        facts.rules("ingress_rules", []);
        assert_eq!(Value::Object(facts.into_map()), json!({"ingress_rules": []}));
    }

    #[test]
    fn the_order_of_an_answer_does_not_show() {
        let record = |n: i64| Facts::record(|facts| facts.number("n", Some(n)));
        let of =
            |texts: [&str; 3], numbers: [i64; 2]| Facts::record(|facts| facts.list("l", texts).records("r", numbers.map(record)));
        assert_eq!(of(["b", "a", "b"], [2, 1]), of(["a", "b", "a"], [1, 2]));
        assert_eq!(of(["b", "a", "b"], [2, 1]), json!({"l": ["a", "b"], "r": [{"n": 1}, {"n": 2}]}));
    }

    #[test]
    fn memory_is_whole_where_it_is() {
        let of = |mebibytes| Facts::record(|facts| facts.gibibytes("memory_gb", Some(mebibytes)));
        assert_eq!(of(4096), json!({"memory_gb": 4}));
        assert_eq!(of(512), json!({"memory_gb": 0.5}));
    }

    #[test]
    fn times_are_rfc_3339() {
        let time = DateTime::from_secs(1_737_203_445);
        assert_eq!(Facts::record(|facts| facts.time("at", Some(&time))), json!({"at": "2025-01-18T12:30:45Z"}));
    }
}
