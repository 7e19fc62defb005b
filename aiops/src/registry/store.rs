//! The registry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::{Entry, ModelVersion, NewModel};
use crate::error::{Error, Result};

/// The most characters of a name.
pub(super) const NAME: usize = 200;
/// The most bytes of all files together, so that a registry's own file can be read back.
const BYTES: usize = 1_000_000_000;
/// The most steps back.
const STEPS: usize = 100;

/// Models by name and version.
///
/// - Versions of a name are 1, 2, 3 and so on; a number is never given twice, also when its version was removed.
/// - What is registered stays until it is removed; the current version cannot be removed.
/// - A call that is refused changes nothing. The same calls give the same registry, to the byte of its file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Registry {
    pub(super) models: BTreeMap<String, Versions>,
}

/// The versions of one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Versions {
    pub(super) kind: String,
    /// The number that the next one gets.
    pub(super) next: u32,
    pub(super) entries: BTreeMap<u32, Entry>,
    /// The versions that were promoted, the current one last; none follows itself.
    pub(super) promoted: Vec<u32>,
}

impl Registry {
    /// A registry without models.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a model and gives it the next version of its name. It does not answer before it is promoted.
    ///
    /// # Errors
    /// [`Error::Data`] for a name that is empty or longer than 200 characters, another kind than the name's earlier versions have,
    /// a metric that is not finite, and a file without content; [`Error::TooMuch`] for more than 1,000,000,000 bytes of files, and
    /// when the numbers are at their end.
    pub fn register(&mut self, model: NewModel) -> Result<u32> {
        let length = model.name.chars().count();
        if !(1..=NAME).contains(&length) {
            return Err(Error::data("model name", format!("1 to {NAME} characters"), length.to_string()));
        }
        if let Some((name, value)) = model.metrics.iter().find(|(_, value)| !value.is_finite()) {
            return Err(Error::data(format!("metric {name}"), "a finite number", value.to_string()));
        }
        if model.file.is_empty() {
            return Err(Error::data("model file", "its content", "no bytes"));
        }
        let all = self.list().fold(model.file.len() as u64, |sum, version| sum.saturating_add(version.size));
        if all > BYTES as u64 {
            let found = usize::try_from(all).unwrap_or(usize::MAX);
            return Err(Error::TooMuch { what: "the registry, in bytes of files,".into(), limit: BYTES, found });
        }
        let known = self.models.get(&model.name);
        if let Some(known) = known.filter(|known| known.kind != model.kind) {
            let expected = format!("the kind {}, as its earlier versions have", known.kind);
            return Err(Error::data(format!("model {}", model.name), expected, model.kind));
        }
        let version = known.map_or(1, |known| known.next);
        let Some(next) = version.checked_add(1) else {
            return Err(Error::TooMuch {
                what: "the model's versions".into(),
                limit: u32::MAX as usize - 1,
                found: version as usize,
            });
        };
        let empty = || Versions { kind: model.kind.clone(), next, entries: BTreeMap::new(), promoted: Vec::new() };
        let versions = self.models.entry(model.name.clone()).or_insert_with(empty);
        versions.next = next;
        let described = ModelVersion {
            name: model.name,
            version,
            kind: model.kind,
            trained_at: model.trained_at,
            data_hash: model.data_hash,
            schema: model.schema,
            metrics: model.metrics,
            file_hash: blake3::hash(&model.file).to_hex().to_string(),
            size: model.file.len() as u64,
        };
        versions.entries.insert(version, Entry { version: described, file: model.file });
        Ok(version)
    }

    /// Every version of every model, by name and number.
    pub fn list(&self) -> impl Iterator<Item = &ModelVersion> {
        self.models.values().flat_map(|versions| versions.entries.values().map(|entry| &entry.version))
    }

    /// One version.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name or a version that there is not.
    pub fn version(&self, name: &str, version: u32) -> Result<&ModelVersion> {
        Ok(&self.entry(name, version)?.version)
    }

    /// The file of a version, as it was registered.
    ///
    /// # Errors
    /// As [`Registry::version`].
    pub fn file(&self, name: &str, version: u32) -> Result<&[u8]> {
        Ok(&self.entry(name, version)?.file)
    }

    /// The version that answers; `None` where none was promoted.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not.
    pub fn current(&self, name: &str) -> Result<Option<&ModelVersion>> {
        let versions = self.versions(name)?;
        let current = versions.promoted.last().and_then(|current| versions.entries.get(current));
        Ok(current.map(|entry| &entry.version))
    }

    /// Lets a version answer from now on. Promoting the current one again changes nothing.
    ///
    /// # Errors
    /// As [`Registry::version`].
    pub fn promote(&mut self, name: &str, version: u32) -> Result<()> {
        self.entry(name, version)?;
        let versions = self.versions_mut(name)?;
        if versions.promoted.last() != Some(&version) {
            versions.promoted.push(version);
            let surplus = versions.promoted.len().saturating_sub(STEPS + 1);
            versions.promoted.drain(..surplus);
        }
        Ok(())
    }

    /// Lets the version answer again that did before the current one was promoted, and tells which it is. Several times go back
    /// several steps, at most 100.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not, and where none answered before.
    pub fn roll_back(&mut self, name: &str) -> Result<u32> {
        let versions = self.versions_mut(name)?;
        let [.., before, _] = versions.promoted[..] else {
            return Err(Error::NotFound { what: "an earlier current version of model", name: name.to_owned() });
        };
        versions.promoted.pop();
        Ok(before)
    }

    /// Forgets a version and its file; its number is not given again.
    ///
    /// # Errors
    /// As [`Registry::version`]; [`Error::Data`] for the current one.
    pub fn remove(&mut self, name: &str, version: u32) -> Result<()> {
        self.entry(name, version)?;
        let versions = self.versions_mut(name)?;
        if versions.promoted.last() == Some(&version) {
            let what = format!("removal of model {name}");
            return Err(Error::data(what, "a version that is not current", format!("{version}, the current one")));
        }
        versions.entries.remove(&version);
        versions.promoted.retain(|promoted| *promoted != version);
        versions.promoted.dedup();
        Ok(())
    }

    /// Forgets the oldest versions until so many are left, and tells which. The current one, and the one that a roll-back would
    /// lead to, stay.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not.
    pub fn remove_old(&mut self, name: &str, keep: usize) -> Result<Vec<u32>> {
        let versions = self.versions(name)?;
        let served: Vec<u32> = versions.promoted.iter().rev().take(2).copied().collect();
        let surplus = versions.entries.len().saturating_sub(keep);
        let old: Vec<u32> = versions.entries.keys().filter(|version| !served.contains(version)).take(surplus).copied().collect();
        old.iter().try_for_each(|version| self.remove(name, *version))?;
        Ok(old)
    }

    fn entry(&self, name: &str, version: u32) -> Result<&Entry> {
        let missing = || Error::NotFound { what: "version", name: format!("{version} of {name}") };
        self.versions(name)?.entries.get(&version).ok_or_else(missing)
    }

    fn versions(&self, name: &str) -> Result<&Versions> {
        self.models.get(name).ok_or_else(|| Error::NotFound { what: "model", name: name.to_owned() })
    }

    fn versions_mut(&mut self, name: &str) -> Result<&mut Versions> {
        self.models.get_mut(name).ok_or_else(|| Error::NotFound { what: "model", name: name.to_owned() })
    }
}
