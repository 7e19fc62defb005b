//! The file: format version 4 of Terraform's state.

use std::collections::BTreeMap;

use serde_json::Value;

use super::attributes::Attributes;
use super::{address, kind, sensitive};
use crate::error::{Error, Result};

/// What is read of a state file.
pub(super) struct State {
    /// Names this state through all its versions.
    pub lineage: String,
    /// Grows by one with each write of the state.
    pub serial: u64,
    /// Instances of the types in this module's tables, in the order of the file.
    pub instances: Vec<Instance>,
}

/// One thing that Terraform manages.
pub(super) struct Instance {
    /// Its name in Terraform.
    pub address: String,
    /// Its type in Terraform.
    pub terraform_type: String,
    /// The provider configuration that made it: things made by one are in one account and, mostly, region.
    pub provider: String,
    attributes: Value,
}

impl Instance {
    /// Its attributes but for the sensitive ones.
    pub(super) const fn attributes(&self) -> Attributes<'_> {
        Attributes::new(self.address.as_str(), &self.attributes)
    }
}

/// What was left out, by reason.
#[derive(Debug, Default)]
struct LeftOut {
    data_sources: u64,
    deposed: u64,
    unknown_types: BTreeMap<String, u64>,
}

impl State {
    /// Reads a state.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what was expected and found, never what stands in the file's attributes.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let mut file: Value = serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            match bytes.is_empty() {
                true => invalid("an empty file"),
                false if error.is_eof() => invalid(&format!("JSON that breaks off at line {line}, column {column}")),
                false => invalid(&format!("text that is not JSON at line {line}, column {column}")),
            }
        })?;
        if !file.is_object() {
            return Err(invalid(&format!("a JSON {}", kind_of(&file))));
        }
        check_version(&file)?;
        let lineage = match file.get("lineage").and_then(Value::as_str) {
            Some(lineage) if is_lineage(lineage) => lineage.to_owned(),
            _ => return Err(invalid("no `lineage` of 1 to 128 characters without `/`")),
        };
        let serial = file.get("serial").and_then(Value::as_u64).unwrap_or(0);
        let Some(Value::Array(resources)) = file.get_mut("resources").map(Value::take) else {
            return Err(invalid("no list of `resources`"));
        };
        let mut left_out = LeftOut::default();
        let mut instances = Vec::new();
        for resource in resources {
            read_resource(resource, &mut instances, &mut left_out);
        }
        tracing::debug!(
            lineage,
            serial,
            instances = instances.len(),
            data_sources = left_out.data_sources,
            deposed = left_out.deposed,
            unknown_types = ?left_out.unknown_types,
            "read a Terraform state"
        );
        Ok(Self { lineage, serial, instances })
    }
}

fn invalid(found: &str) -> Error {
    Error::invalid("state file", "a Terraform state of format version 4 (`terraform state pull`)", found)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn check_version(file: &Value) -> Result<()> {
    match file.get("version").and_then(Value::as_u64) {
        Some(4) => Ok(()),
        Some(version @ 1..4) => {
            Err(invalid(&format!("version {version}, which a plan and apply with Terraform 0.12 or later brings to 4")))
        }
        Some(version) => Err(invalid(&format!("version {version}"))),
        None if file.get("encrypted_data").is_some() => Err(invalid("an encrypted state; `tofu state pull` decrypts it")),
        None if file.get("format_version").is_some() => Err(invalid("the output of `terraform show -json`")),
        None => Err(invalid("an object without a whole number as `version`")),
    }
}

/// A lineage stands in the text of a scope, between slashes.
fn is_lineage(text: &str) -> bool {
    (1..=128).contains(&text.chars().count()) && !text.contains(|c: char| c == '/' || c.is_control())
}

fn read_resource(mut resource: Value, instances: &mut Vec<Instance>, left_out: &mut LeftOut) {
    let list = resource.get_mut("instances").map(Value::take);
    let text = |name: &str| resource.get(name).and_then(Value::as_str);
    if text("mode") == Some("data") {
        left_out.data_sources += 1;
        return;
    }
    let (Some(terraform_type), Some(name)) = (text("type"), text("name")) else {
        tracing::warn!("a resource of a Terraform state has no type or no name and is skipped");
        return;
    };
    if !kind::is_read(terraform_type) {
        *left_out.unknown_types.entry(terraform_type.to_owned()).or_default() += 1;
        return;
    }
    let address = |key: Option<&Value>| address::of(text("module"), terraform_type, name, key);
    let Some(Value::Array(list)) = list else {
        tracing::warn!(address = address(None), "a resource of a Terraform state has no list of instances and is skipped");
        return;
    };
    for mut instance in list {
        if instance.get("deposed").is_some_and(|deposed| !deposed.is_null()) {
            left_out.deposed += 1;
            continue;
        }
        let address = address(instance.get("index_key"));
        let mut attributes = instance.get_mut("attributes").map(Value::take).unwrap_or_default();
        sensitive::remove(&mut attributes, instance.get("sensitive_attributes"));
        if !attributes.is_object() {
            tracing::warn!(address, "an instance of a Terraform state has no readable attributes and is skipped");
            continue;
        }
        instances.push(Instance {
            address,
            terraform_type: terraform_type.to_owned(),
            provider: text("provider").unwrap_or_default().to_owned(),
            attributes,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(file: &Value) -> String {
        match State::parse(file.to_string().as_bytes()) {
            Err(Error::Invalid { found, .. }) => found,
            other => panic!("expected an invalid state, found another answer: {:?}", other.err()),
        }
    }

    #[test]
    fn a_file_that_is_no_state_is_refused_by_what_it_is() {
        for (file, expected) in [
            (json!([]), "a JSON array"),
            (json!({"version": 3, "modules": []}), "version 3"),
            (json!({"version": 5, "lineage": "a", "resources": []}), "version 5"),
            (json!({"version": "4", "lineage": "a", "resources": []}), "without a whole number"),
            (json!({"format_version": "1.0", "values": {}}), "terraform show -json"),
            (json!({"lineage": "a", "encrypted_data": "x"}), "encrypted"),
            (json!({"version": 4, "resources": []}), "lineage"),
            (json!({"version": 4, "lineage": "a/b", "resources": []}), "lineage"),
            (json!({"version": 4, "lineage": "a"}), "resources"),
            (json!({"version": 4, "lineage": "a", "resources": {}}), "resources"),
        ] {
            assert!(found(&file).contains(expected), "{file}: {}", found(&file));
        }
    }

    #[test]
    fn broken_text_is_refused_by_where_it_breaks() {
        for (bytes, expected) in [
            (&b""[..], "an empty file"),
            (b"{\"version\": 4,\n \"lineage\"", "breaks off at line 2"),
            (b"not a state", "not JSON at line 1"),
            (b"\xff\xfe{\0}\0", "not JSON at line 1"),
        ] {
            let error = State::parse(bytes).err().unwrap().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let deep = [b"{\"version\": 4, \"a\": ".to_vec(), b"[".repeat(100_000)].concat();
        assert!(State::parse(&deep).is_err());
    }
}
