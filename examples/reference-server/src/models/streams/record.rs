//! What is remembered of one stream, as a file.

use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::model::Model;
use dharmagraph_aiops::{Error, Result};
use dharmagraph_cmdb::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::judge::Memory;
use super::NAME;

/// What is remembered of one stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    /// Its name, of which the file's name is a hash.
    pub(super) name: String,
    /// Its metrics, in the order of the columns, with their units where they were said.
    pub(super) metrics: Vec<(String, Option<String>)>,
    /// Seconds from one point to the next.
    pub(super) step: u32,
    /// The earliest time of the next point, in seconds since the epoch.
    pub(super) next: i64,
    pub(super) memory: Memory,
}

impl Record {
    /// The names of the metrics.
    pub(super) fn names(&self) -> Vec<String> {
        self.metrics.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Whether these points go on from those that came.
    ///
    /// # Errors
    /// [`Error::Data`] for points that are not after those that came, of another step, and of a metric in another unit.
    pub(super) fn takes(&self, series: &[Series]) -> Result<()> {
        let first = &series[0];
        if first.step() != self.step {
            return Err(Error::data("step_seconds", format!("{}, as the stream has", self.step), first.step().to_string()));
        }
        if first.start < self.next {
            let time = |seconds: i64| Timestamp::from_micros(seconds.saturating_mul(1_000_000));
            let what = format!("start of stream {}", self.name);
            let expected = format!("{} or later: after the points that came", time(self.next));
            return Err(Error::data(what, expected, time(first.start).to_string()));
        }
        for series in series {
            let known = self.metrics.iter().find(|(name, _)| *name == series.metric).and_then(|(_, unit)| unit.as_ref());
            if let (Some(known), Some(unit)) = (known, &series.unit)
                && known != unit
            {
                let expected = format!("{known}, as the stream has");
                return Err(Error::data(format!("unit of series {}", series.metric), expected, unit.clone()));
            }
        }
        Ok(())
    }
}

impl Model for Record {
    const KIND: &'static str = "stream";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let mut names = self.names();
        names.sort_unstable();
        let once = names.windows(2).all(|pair| pair[0] != pair[1]);
        if names.is_empty() || !once || self.step == 0 || !(1..=NAME).contains(&self.name.chars().count()) {
            let expected = "a name, a step and metrics, each once".to_owned();
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        self.memory.check(names.len())
    }
}
