//! `copy`: everything from one store into another, history included.

mod lines;
mod stores;

use std::path::Path;

use dharmagraph_cmdb::{Error, ExportRecord, ImportReport};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use self::stores::Use;
use super::arguments::{Place, Places};
use super::export;
use super::failure::{Exit, Failure};
use super::output::{Output, Rows, counted, number};
use super::progress::Progress;

type Records = BoxStream<'static, Result<ExportRecord, Error>>;

/// Copies and tells how much it was. A store that is not empty is left as it is.
pub(crate) async fn run(configuration: Option<&Path>, places: &Places, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let Places { from, to } = places;
    if from == to {
        return Err(Failure::usage(format!("{from} cannot be copied to itself")));
    }
    if is_export(from) && is_export(to) {
        return Err(Failure::usage("a copy from file to file needs no store")
            .advise("--from or --to is a data directory or neo4j; copy files with the means of the operating system"));
    }
    let progress = Progress::new(output.is_json() || *to == Place::Standard);
    let records = watched(records(from, configuration).await?, progress);
    let report = match to {
        Place::File(path) => {
            export::write(records.map(|record| record.map_err(Failure::from)).boxed(), Some(path), output).await?;
            return Ok(Exit::Done);
        }
        Place::Standard => {
            export::write(records.map(|record| record.map_err(Failure::from)).boxed(), None, output).await?;
            return Ok(Exit::Done);
        }
        Place::Embedded(_) | Place::Neo4j(_) => {
            let store = stores::open(to, Use::Fill, configuration).await?;
            store.import(records).await.map_err(|error| stores::refusal(to, error))?
        }
    };
    write(places, &report, output)?;
    Ok(Exit::Done)
}

const fn is_export(place: &Place) -> bool {
    matches!(place, Place::File(_) | Place::Standard)
}

/// Everything that is in a place.
async fn records(from: &Place, configuration: Option<&Path>) -> Result<Records, Failure> {
    match from {
        Place::File(path) => lines::of_file(path),
        Place::Standard => Ok(lines::read(std::io::stdin(), from.to_string())),
        Place::Embedded(_) | Place::Neo4j(_) => Ok(stores::open(from, Use::Read, configuration).await?.export()),
    }
}

/// The records, counted on the terminal as they pass.
fn watched(records: Records, progress: Progress) -> Records {
    let mut passed = ("", 0_u64);
    let watch = move |record: &Result<ExportRecord, Error>| {
        let Some(words) = record.as_ref().ok().and_then(words) else { return };
        passed = if passed.0 == words { (words, passed.1 + 1) } else { (words, 1) };
        progress.tell(format!("{} {words}", passed.1));
    };
    records.inspect(watch).boxed()
}

/// What to call many such records.
const fn words(record: &ExportRecord) -> Option<&'static str> {
    match record {
        ExportRecord::Scope(_) => Some("scopes"),
        ExportRecord::Resource { .. } => Some("resources"),
        ExportRecord::Relationship { .. } => Some("relationships"),
        ExportRecord::ResourceChange { .. } | ExportRecord::RelationshipChange { .. } => Some("changes"),
        ExportRecord::Task(_) => Some("discoveries"),
        _ => None,
    }
}

fn write(places: &Places, report: &ImportReport, output: &mut Output<'_>) -> std::io::Result<()> {
    if output.is_json() {
        return output.json(report);
    }
    let ImportReport { scopes, resources, relationships, changes, tasks } = *report;
    output.title(&format!(
        "{} copied from {} to {}",
        counted(resources, "resource", "resources"),
        super::screen::printable(&places.from.to_string()),
        super::screen::printable(&places.to.to_string()),
    ))?;
    let mut rows = Rows::under(&["SCOPES", "RESOURCES", "RELATIONSHIPS", "CHANGES", "DISCOVERIES"]);
    rows.push([scopes, resources, relationships, changes, tasks].map(number).to_vec());
    output.rows(rows)
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::store::{EmbeddedStore, MemoryStore};
    use dharmagraph_cmdb::{
        GraphStore as _, Provider, ReconcileOptions, Resource, ResourceType, Scope, ScopeSnapshot, Snapshot, TaskId, Timestamp,
    };

    use super::*;
    use crate::cli::arguments::Command;
    use crate::cli::arguments::tests::parse;
    use crate::cli::output::Style;

    /// Runs `copy` with these arguments; gives what it wrote, or how it failed.
    async fn copy(line: &str, json: bool) -> Result<String, String> {
        let Command::Copy(places) = parse(&format!("copy {line}")).unwrap().command else { panic!() };
        let mut bytes = Vec::new();
        let done = run(None, &places, &mut Output::new(&mut bytes, Style { json, color: false })).await;
        let shown = |failure: Failure| {
            let mut text = Vec::new();
            failure.write(&mut text, false).unwrap();
            String::from_utf8(text).unwrap()
        };
        done.map(|_| String::from_utf8(bytes).unwrap()).map_err(shown)
    }

    /// A data directory with two machines, one of which went.
    async fn fill(folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        let store = EmbeddedStore::open(folder.join("inventory.redb")).unwrap();
        let machine = |id: &str| Resource::new(id, Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1");
        for ids in [&["i-1", "i-2"][..], &["i-2"]] {
            let scope = Scope::new(Provider::AWS, "1", "eu-west-1", "AWS::EC2::Instance");
            let resources = ids.iter().map(|id| machine(id)).collect();
            let scopes = vec![ScopeSnapshot { scope, resources, relationships: Vec::new(), complete: true }];
            let snapshot = Snapshot { task_id: TaskId::new("task"), at: Timestamp::now(), scopes };
            store.reconcile(snapshot, &ReconcileOptions::default()).await.unwrap();
        }
    }

    async fn exported(folder: &Path) -> Vec<ExportRecord> {
        let store = EmbeddedStore::open(folder.join("inventory.redb")).unwrap();
        store.export().map(Result::unwrap).skip(1).collect().await
    }

    #[tokio::test]
    async fn a_data_directory_is_copied_through_a_file_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two, file] = ["one", "two", "all.jsonl"].map(|name| folder.path().join(name));
        fill(&one).await;
        copy(&format!("--from {} --to {}", one.display(), file.display()), false).await.unwrap();
        let told = copy(&format!("--from {} --to embedded:{}", file.display(), two.display()), false).await.unwrap();
        assert!(told.starts_with("1 resource copied from "), "{told}");
        assert!(
            told.ends_with(
                "SCOPES  RESOURCES  RELATIONSHIPS  CHANGES  DISCOVERIES\n     1          1              0        3            0\n"
            ),
            "{told}"
        );
        assert_eq!(exported(&two).await, exported(&one).await);
    }

    #[tokio::test]
    async fn a_program_is_told_the_counts() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        fill(&one).await;
        let told = copy(&format!("--from {} --to {}", one.display(), two.display()), true).await.unwrap();
        let report: ImportReport = serde_json::from_str(&told).unwrap();
        assert_eq!(report, ImportReport { scopes: 1, resources: 1, relationships: 0, changes: 3, tasks: 0 });
    }

    #[tokio::test]
    async fn what_cannot_be_copied_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let [one, none, cut] = ["one", "none", "cut.jsonl"].map(|name| folder.path().join(name).display().to_string());
        fill(Path::new(&one)).await;
        std::fs::write(&cut, "{\"record\": \"header\"").unwrap();
        for (line, expected) in [
            (format!("--from {one} --to {one}"), "to itself"),
            (format!("--from {cut} --to -"), "needs no store"),
            (format!("--from {none} --to new"), "there is no data directory"),
            (format!("--from {none}.jsonl --to new"), "no such file"),
            (format!("--from {cut} --to {none}"), "line 1"),
            (format!("--from {one} --to {none}/a\u{0}b"), "data directory"),
        ] {
            let refused = copy(&line, false).await.unwrap_err();
            assert!(refused.contains(expected), "{line}: {refused}");
        }
        let two = folder.path().join("two");
        fill(&two).await;
        let refused = copy(&format!("--from {one} --to {}", two.display()), false).await.unwrap_err();
        assert!(refused.contains("not empty") && refused.contains("hint:"), "{refused}");
        let _open = EmbeddedStore::open(two.join("inventory.redb")).unwrap();
        let refused = copy(&format!("--from {} --to new", two.display()), false).await.unwrap_err();
        assert!(refused.contains("in use by another process") && refused.contains("hint:"), "{refused}");
    }

    #[tokio::test]
    async fn the_terminal_counts_what_passes() {
        let records = MemoryStore::new().export();
        assert_eq!(watched(records, Progress::new(true)).count().await, 2);
    }
}
