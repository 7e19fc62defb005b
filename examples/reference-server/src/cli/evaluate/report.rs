//! What came out of the data sets of a directory.

use std::io;

use super::super::failure::Failure;
use super::super::output::note;
use super::score::{Scores, Verdict};

/// The figures of the data sets that could be measured, and how many could not. What is missing or broken is told at once and
/// keeps nothing else from being measured.
#[derive(Default)]
pub(super) struct Report {
    pub(super) scores: Vec<Scores>,
    pub(super) failed: usize,
}

impl Report {
    /// Keeps the figures of a data set, or tells why there are none.
    pub(super) fn add(&mut self, measured: Result<impl IntoIterator<Item = Scores>, Failure>) {
        match measured {
            Ok(scores) => self.scores.extend(scores),
            Err(failure) => {
                let _ = failure.write(&mut io::stderr().lock(), false);
                self.failed += 1;
            }
        }
    }

    /// Tells that there are no files of a data set.
    pub(super) fn skip(&self, data: &str, files: &str) {
        note(&format!("{data}: skipped, there is no {files}.csv.gz"));
    }

    /// How many figures have this verdict.
    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.scores.iter().flat_map(|scores| &scores.scores).filter(|score| score.verdict() == verdict).count()
    }
}
