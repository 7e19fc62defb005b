//! An export as JSON lines, read back.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use dharmagraph_cmdb::{Error, ExportRecord};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::Records;
use crate::cli::failure::Failure;

/// The longest line that is read: hundreds of times the largest description of a resource that a provider gives.
const LONGEST_LINE: u64 = 64 << 20;

/// How many records are read ahead.
const AHEAD: usize = 256;

/// The records of a file.
pub(super) fn of_file(path: &Path) -> Result<Records, Failure> {
    let file = File::open(path).map_err(|error| Failure::file("read", path, &error))?;
    Ok(read(file, path.display().to_string()))
}

/// The records that `reader` gives; `name` is what to call it where one cannot be read.
pub(super) fn read(reader: impl Read + Send + 'static, name: String) -> Records {
    let (sender, receiver) = channel(AHEAD);
    tokio::task::spawn_blocking(move || send(&mut BufReader::new(reader), &name, &sender));
    ReceiverStream::new(receiver).boxed()
}

/// Sends each record, until one cannot be read or nobody listens any more.
fn send(reader: &mut impl BufRead, name: &str, records: &Sender<Result<ExportRecord, Error>>) {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let record = match reader.take(LONGEST_LINE + 1).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(length) if length as u64 > LONGEST_LINE => {
                Err(Error::LimitExceeded { what: format!("{name}, line {number}, in bytes"), limit: LONGEST_LINE })
            }
            Ok(_) => serde_json::from_slice(&line).map_err(|error| {
                Error::invalid(format!("{name}, line {number}"), "a record of an export", format!("something else: {error}"))
            }),
            Err(error) => Err(Error::backend("export", "read a line", error)),
        };
        let ends = record.is_err();
        if records.blocking_send(record).is_err() || ends {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{ErrorKind, ImportReport};

    use super::*;

    #[tokio::test]
    async fn each_line_is_a_record_and_the_first_that_is_none_ends_it() {
        let end = serde_json::to_string(&ExportRecord::End(ImportReport::default())).unwrap();
        let text = format!("{end}\n{end}\nnonsense\n{end}\n");
        let records: Vec<_> = read(std::io::Cursor::new(text), "all.jsonl".into()).collect().await;
        assert_eq!(records.len(), 3);
        let error = records[2].as_ref().unwrap_err();
        assert!(error.to_string().contains("all.jsonl, line 3"), "{error}");
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_cut() {
        let records: Vec<_> = read(std::io::repeat(b' '), "-".into()).collect().await;
        assert_eq!(records[0].as_ref().unwrap_err().kind(), ErrorKind::LimitExceeded);
        assert_eq!(records.len(), 1);
    }
}
