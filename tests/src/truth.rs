//! What is true of the emulated account.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

/// What the account held when it was read through the API, in aws_account.py's form.
#[derive(Debug, Clone)]
pub struct Truth {
    document: Value,
}

impl Truth {
    /// Reads a truth file.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { document: serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())) }
    }

    /// Writes it, for the scripts that compare.
    pub fn write(&self, path: &Path) {
        std::fs::write(path, self.document.to_string()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// The resources of the types that are discovered, by id.
    #[must_use]
    pub fn resources(&self) -> BTreeMap<&str, &Value> {
        let all = self.document["resources"].as_array().expect("a truth file has resources");
        let discovered = all.iter().filter(|resource| resource["scope"] != "extended");
        discovered.map(|resource| (resource["id"].as_str().expect("resources have ids"), resource)).collect()
    }

    /// How many resources of this native type there are, in this region or anywhere.
    #[must_use]
    pub fn count(&self, native_type: &str, region: Option<&str>) -> usize {
        let fits = |resource: &&&Value| {
            resource["native_type"] == native_type && region.is_none_or(|region| resource["region"] == region)
        };
        self.resources().values().filter(fits).count()
    }

    /// The id of some resource of this native type, always the same one.
    #[must_use]
    pub fn any(&self, native_type: &str) -> String {
        let resources = self.resources();
        let found = resources.iter().find(|(_, resource)| resource["native_type"] == native_type);
        (*found.unwrap_or_else(|| panic!("the account has no {native_type}")).0).to_owned()
    }

    /// The ids of the resources that `later` does not hold just as this does, and of those that only `later` holds.
    #[must_use]
    pub fn differences(&self, later: &Self) -> BTreeSet<String> {
        let (before, after) = (self.resources(), later.resources());
        let ids = before.keys().chain(after.keys()).filter(|&id| before.get(id) != after.get(id));
        ids.map(|&id| id.to_owned()).collect()
    }
}

/// A resource as the REST API shows it, but for the times that each discovery moves on.
#[must_use]
pub fn without_times(resource: &Value) -> Value {
    let mut resource = resource.clone();
    let members = resource.as_object_mut().expect("a resource is an object");
    members.remove("first_discovered");
    members.remove("last_discovered");
    resource
}

/// The fields in which two states of a resource differ, in the form that `/changes` gives them.
#[must_use]
pub fn fields_between(before: &Value, after: &Value) -> Map<String, Value> {
    const FLAT: [&str; 9] =
        ["name", "provider", "resource_type", "native_type", "status", "account", "region", "availability_zone", "arn"];
    let mut fields = Map::new();
    let mut compare = |name: String, before: &Value, after: &Value| {
        if before != after {
            fields.insert(name, Value::from(vec![before.clone(), after.clone()]));
        }
    };
    for name in FLAT {
        compare(name.to_owned(), &before[name], &after[name]);
    }
    for group in ["tags", "metadata"] {
        let keys =
            |resource: &Value| resource[group].as_object().into_iter().flat_map(Map::keys).cloned().collect::<BTreeSet<_>>();
        for key in keys(before).union(&keys(after)) {
            compare(format!("{group}.{key}"), &before[group][key], &after[group][key]);
        }
    }
    fields
}
