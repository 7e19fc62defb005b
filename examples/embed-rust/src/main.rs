//! A program with the graph inside its own process: it reads a Terraform state file into an embedded store and asks it.
//!
//! ```text
//! cargo run -p embed-rust                # keeps the graph in a folder that is removed at the end
//! cargo run -p embed-rust -- some/folder # keeps it there: the second run finds nothing to change
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dharmagraph_cmdb::format::GraphFormat;
use dharmagraph_cmdb::store::EmbeddedStore;
use dharmagraph_cmdb::sync::{DiscoveryRequest, EngineSettings, SyncEngine, Task, TaskStatus, TaskStore};
use dharmagraph_cmdb::terraform::{TerraformConnector, TerraformSettings};
use dharmagraph_cmdb::{Connector, Direction, GraphStore, Provider, Traversal};
use futures_util::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    let folder = std::env::args_os().nth(1).map_or_else(|| temporary.path().to_path_buf(), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let store = tokio::task::spawn_blocking(move || EmbeddedStore::open(folder.join("graph.redb"))).await??;
    let store = Arc::new(store);

    let task = discover(Arc::clone(&store) as Arc<dyn GraphStore>, Arc::clone(&store) as Arc<dyn TaskStore>).await?;
    if task.status != TaskStatus::Completed {
        return Err(format!("the discovery ended {:?}: {:?}", task.status, task.errors).into());
    }
    report(&*store, &task, &mut io::stdout()).await
}

/// Runs one discovery of the state file beside this program to its end.
async fn discover(store: Arc<dyn GraphStore>, tasks: Arc<dyn TaskStore>) -> Result<Task, Box<dyn Error>> {
    let folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()];
    let terraform: Arc<dyn Connector> = Arc::new(TerraformConnector::new(TerraformSettings { folders }));
    let engine = SyncEngine::new(store, tasks, vec![terraform], EngineSettings::default());

    let mut request = DiscoveryRequest::new(Provider::TERRAFORM);
    request.path = Some("example.tfstate".to_owned());
    let started = engine.start(request).await?;
    let mut steps = engine.watch(&started.task_id).await?;
    let mut task = started;
    while let Some(step) = steps.next().await {
        task = step;
    }
    engine.shutdown().await;
    Ok(task)
}

/// Prints what was found, and what one machine is tied to.
async fn report(store: &dyn GraphStore, task: &Task, out: &mut (dyn Write + Send)) -> Result<(), Box<dyn Error>> {
    writeln!(out, "{}: {} created, {} updated, {} unchanged", task.task_id, task.created, task.updated, task.unchanged)?;
    let statistics = store.statistics(None).await?;
    writeln!(out, "{} resources, {} relationships", statistics.total_resources, statistics.total_relationships)?;
    for (resource_type, count) in &statistics.by_type {
        writeln!(out, "  {count:>3} {resource_type}")?;
    }

    let machine = store.resolve("web-01", None).await?;
    writeln!(out, "web-01 is {machine}")?;
    for neighbor in store.relationships(&machine, Direction::Both, &[], None).await? {
        let arrow = if neighbor.direction == Direction::Outgoing { "->" } else { "<-" };
        let other = neighbor.related_resource;
        writeln!(out, "  {arrow} {:<20} {} {}", neighbor.kind.as_str(), other.id, other.name.unwrap_or_default())?;
    }

    let around = store.subgraph(&machine, &Traversal { depth: 2, ..Traversal::default() }, None).await?;
    write!(out, "\n{}", GraphFormat::Mermaid.render(&around))?;
    Ok(())
}
