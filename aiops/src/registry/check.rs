//! Whether a registry that was read holds together.

use super::store::{NAME, Registry, Versions};
use crate::error::{Error, Result};
use crate::model::Model;

impl Model for Registry {
    const KIND: &'static str = "registry";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        match self.models.iter().find(|(name, versions)| !holds(name, versions)) {
            None => Ok(()),
            Some((name, _)) => {
                let found = format!("others of {}", name.chars().take(NAME).collect::<String>());
                Err(Error::ModelFile { expected: "versions that hold together".into(), found })
            }
        }
    }
}

fn holds(name: &str, versions: &Versions) -> bool {
    let entries = versions.entries.iter().all(|(number, entry)| {
        let version = &entry.version;
        let described = version.name == name && version.version == *number && version.kind == versions.kind;
        let file = version.size == entry.file.len() as u64 && !entry.file.is_empty();
        let hash = version.file_hash == blake3::hash(&entry.file).to_hex().as_str();
        let metrics = version.metrics.values().all(|value| value.is_finite());
        described && file && hash && metrics && (1..versions.next).contains(number)
    });
    let promoted = versions.promoted.iter().all(|number| versions.entries.contains_key(number));
    let moves = versions.promoted.windows(2).all(|pair| pair[0] != pair[1]);
    entries && promoted && moves && (1..=NAME).contains(&name.chars().count())
}
