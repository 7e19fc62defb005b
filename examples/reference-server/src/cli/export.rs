//! `export`: everything, as JSON lines.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use dharmagraph_cmdb::ExportRecord;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::{Output, counted, note};
use super::screen::printable_json;

/// Writes every record.
pub(crate) async fn run(inventory: &dyn Inventory, file: Option<&Path>, output: &mut Output<'_>) -> Result<Exit, Failure> {
    write(inventory.export()?, file, output).await?;
    Ok(Exit::Done)
}

/// Writes records as they come, one a line; to standard output where there is no file. A file appears under its name when
/// it is whole.
pub(super) async fn write(
    records: BoxStream<'static, Result<ExportRecord, Failure>>,
    file: Option<&Path>,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let Some(path) = file else {
        copy(records, |line| output.line(line).map_err(Failure::from)).await?;
        return Ok(());
    };
    let failed = |error: &io::Error| Failure::file("write", path, error);
    let mut unfinished = path.to_owned().into_os_string();
    unfinished.push(".part");
    let mut writer = BufWriter::new(File::create(&unfinished).map_err(|error| failed(&error))?);
    let copied = copy(records, |line| writeln!(writer, "{line}").map_err(|error| failed(&error))).await;
    let written = copied.and_then(|lines| {
        let file = writer.into_inner().map_err(|error| failed(error.error()))?;
        file.sync_all().and_then(|()| fs::rename(&unfinished, path)).map_err(|error| failed(&error))?;
        Ok(lines)
    });
    if written.is_err() {
        // The first failure is the one to tell; what is left of the file is of no use.
        let _ = fs::remove_file(&unfinished);
    }
    let lines = counted(written?, "record", "records");
    note(&format!("{lines} written to {}", path.display()));
    Ok(())
}

async fn copy(
    mut records: BoxStream<'static, Result<ExportRecord, Failure>>,
    mut line: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut lines = 0;
    while let Some(record) = records.next().await {
        let text = serde_json::to_string(&record?).map_err(io::Error::from)?;
        line(&printable_json(text))?;
        lines += 1;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::Timestamp;
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn every_record_is_one_line_that_reads_back() {
        let header = ExportRecord::Header { format: 1, exported_at: Timestamp::now(), history_since: None };
        let records = stream::iter([Ok(header.clone()), Ok(header.clone())]).boxed();
        let mut lines = Vec::new();
        let count = copy(records, |line| {
            lines.push(serde_json::from_str::<ExportRecord>(line).unwrap());
            Ok(())
        });
        assert_eq!(count.await.unwrap(), 2);
        assert_eq!(lines, [header.clone(), header]);
    }

    #[tokio::test]
    async fn a_failure_in_between_ends_the_copy() {
        let records = stream::iter([Err(Failure::new("broken"))]).boxed();
        assert!(copy(records, |_| Ok(())).await.is_err());
    }
}
