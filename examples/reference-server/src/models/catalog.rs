//! Which models there are, and which of each kind answers.

use std::collections::BTreeMap;

use dharmagraph_aiops::{Error, Result};
use dharmagraph_cmdb::Timestamp;
use serde::{Deserialize, Serialize};

use super::ModelKind;

/// The layout of the catalog's file.
const FORMAT: u32 = 1;

/// One trained model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its kind.
    pub name: ModelKind,
    /// Its version, counted from 1.
    pub version: u32,
    /// When it was trained.
    pub trained_at: Timestamp,
    /// How many rows it was trained on.
    pub rows: usize,
    /// A hash of the rows that it was trained on, 64 hexadecimal digits.
    pub data_hash: String,
    /// How long its file is.
    pub bytes: usize,
    /// What was measured at the training.
    pub metrics: BTreeMap<String, f64>,
}

/// Which models there are, and which of each kind answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    format: u32,
    models: Vec<Entry>,
    current: BTreeMap<ModelKind, u32>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self { format: FORMAT, models: Vec::new(), current: BTreeMap::new() }
    }
}

impl Catalog {
    /// Reads what [`Catalog`] wrote.
    ///
    /// # Errors
    /// [`Error::ModelFile`] for another layout, a version that is twice there, and a current model that is not.
    pub fn read(text: &[u8]) -> Result<Self> {
        let refuse = |found: String| Error::ModelFile { expected: "the list of models that this program writes".into(), found };
        let catalog: Self = serde_json::from_slice(text).map_err(|error| refuse(error.to_string()))?;
        if catalog.format != FORMAT {
            return Err(refuse(format!("layout {}; a newer program may have written it", catalog.format)));
        }
        for (index, entry) in catalog.models.iter().enumerate() {
            let twin = |other: &Entry| (other.name, other.version) == (entry.name, entry.version);
            if catalog.models[..index].iter().any(twin) {
                return Err(refuse(format!("{} {} twice", entry.name, entry.version)));
            }
        }
        for (kind, version) in &catalog.current {
            catalog.entry(*kind, *version).map_err(|error| refuse(error.to_string()))?;
        }
        Ok(catalog)
    }

    /// Every model, by name and version.
    #[must_use]
    pub fn models(&self) -> &[Entry] {
        &self.models
    }

    /// The version that the next model of a kind gets.
    #[must_use]
    pub fn next_version(&self, kind: ModelKind) -> u32 {
        self.models.iter().filter(|entry| entry.name == kind).map(|entry| entry.version).max().unwrap_or(0).saturating_add(1)
    }

    /// Adds a model; the first of its kind answers from now on.
    pub fn add(&mut self, entry: Entry) {
        self.current.entry(entry.name).or_insert(entry.version);
        self.models.push(entry);
        self.models.sort_by_key(|entry| (entry.name, entry.version));
    }

    /// A model.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn entry(&self, kind: ModelKind, version: u32) -> Result<&Entry> {
        let found = self.models.iter().find(|entry| (entry.name, entry.version) == (kind, version));
        found.ok_or_else(|| Error::NotFound { what: "model", name: format!("{kind} {version}") })
    }

    /// The model of a kind that answers, if one was trained.
    #[must_use]
    pub fn current(&self, kind: ModelKind) -> Option<&Entry> {
        self.current.get(&kind).and_then(|version| self.entry(kind, *version).ok())
    }

    /// Lets a model answer from now on, be it newer or older than the one before.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn promote(&mut self, kind: ModelKind, version: u32) -> Result<()> {
        self.entry(kind, version)?;
        self.current.insert(kind, version);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: u32) -> Entry {
        let metrics = BTreeMap::from([("auc_pr".to_owned(), 0.5)]);
        let data_hash = "00".repeat(32);
        Entry { name: ModelKind::Failure, version, trained_at: Timestamp::MIN, rows: 1, data_hash, bytes: 1, metrics }
    }

    #[test]
    fn the_first_model_answers_until_another_is_promoted() {
        let mut catalog = Catalog::default();
        assert_eq!((catalog.next_version(ModelKind::Failure), catalog.current(ModelKind::Failure)), (1, None));
        catalog.add(entry(1));
        catalog.add(entry(2));
        assert_eq!(catalog.current(ModelKind::Failure).unwrap().version, 1);
        catalog.promote(ModelKind::Failure, 2).unwrap();
        assert_eq!(catalog.current(ModelKind::Failure).unwrap().version, 2);
        catalog.promote(ModelKind::Failure, 1).unwrap();
        assert_eq!(catalog.next_version(ModelKind::Failure), 3);
        assert!(catalog.promote(ModelKind::Failure, 3).is_err() && catalog.promote(ModelKind::Threat, 1).is_err());
    }

    #[test]
    fn what_was_written_reads_back_and_nothing_else() {
        let mut catalog = Catalog::default();
        catalog.add(entry(1));
        let text = serde_json::to_string(&catalog).unwrap();
        assert_eq!(Catalog::read(text.as_bytes()).unwrap(), catalog);
        for changed in [text.replace("\"format\":1", "\"format\":2"), text.replace("\"failure\":1", "\"failure\":7"), String::new()] {
            assert!(Catalog::read(changed.as_bytes()).is_err(), "{changed}");
        }
    }
}
