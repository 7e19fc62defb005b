//! What one answer of the store costs.

use dharmagraph_cmdb::{Filter, GraphStore, PageRequest, Provider, QueryLimits, ResourceType, Status, Table, Traversal};
use dharmagraph_tests::cpu_seconds;
use serde_json::{Value, json};

use super::generate::{MACHINES, VOLUMES, id};

const MEMBERS: usize = 1000;

/// CPU microseconds of each kind of answer, on average.
pub(crate) async fn asked(store: &dyn GraphStore, blocks: usize) -> Vec<(&'static str, f64)> {
    vec![
        ("get_microseconds", get(store, blocks).await),
        ("page_microseconds", page(store).await),
        ("statistics_microseconds", statistics(store).await),
        ("graph_microseconds", graph(store, blocks).await),
        ("cypher_get_microseconds", cypher_get(store, blocks).await),
        ("cypher_pairs_microseconds", cypher_pairs(store, blocks).await),
        ("cypher_graph_microseconds", cypher_graph(store, blocks).await),
        ("cypher_counts_microseconds", cypher_counts(store).await),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn microseconds(begin: f64, rounds: usize) -> f64 {
    (cpu_seconds() - begin) * 1e6 / rounds as f64
}

async fn get(store: &dyn GraphStore, blocks: usize) -> f64 {
    const ROUNDS: usize = 200_000;
    // Ids far from each other, so that no answer profits from the one before.
    let ids: Vec<_> = (0..ROUNDS).map(|round| id("i", round * 7919 % blocks, round * 104_729 % MACHINES)).collect();
    let begin = cpu_seconds();
    for id in &ids {
        assert!(store.get(id, None).await.expect("an answer").is_some(), "{id}");
    }
    microseconds(begin, ROUNDS)
}

async fn page(store: &dyn GraphStore) -> f64 {
    const ROUNDS: usize = 2000;
    let regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"];
    let filters: Vec<Filter> = regions
        .iter()
        .flat_map(|region| {
            [ResourceType::COMPUTE, ResourceType::NETWORK].map(|resource_type| Filter {
                provider: Some(Provider::AWS),
                resource_type: Some(resource_type),
                status: Some(Status::RUNNING),
                region: Some((*region).to_owned()),
                ..Filter::default()
            })
        })
        .collect();
    let request = PageRequest::default();
    let begin = cpu_seconds();
    for round in 0..ROUNDS {
        let page = store.list(&filters[round % filters.len()], &request, None).await.expect("a page");
        assert!(page.resources.len() == 50 && page.total > 50);
    }
    microseconds(begin, ROUNDS)
}

async fn statistics(store: &dyn GraphStore) -> f64 {
    const ROUNDS: usize = 100_000;
    let begin = cpu_seconds();
    for _ in 0..ROUNDS {
        assert!(store.statistics(None).await.expect("statistics").total_resources > 0);
    }
    microseconds(begin, ROUNDS)
}

async fn graph(store: &dyn GraphStore, blocks: usize) -> f64 {
    const ROUNDS: usize = 500;
    let walk = Traversal::default();
    let begin = cpu_seconds();
    for round in 0..ROUNDS {
        let graph = store.subgraph(&id("vpc", round % blocks, 0), &walk, None).await.expect("a graph");
        assert_eq!((graph.nodes.len(), graph.relationships.len(), graph.truncated), (MEMBERS + 1, 3 * MEMBERS, false));
    }
    microseconds(begin, ROUNDS)
}

async fn cypher(store: &dyn GraphStore, text: &str, parameters: Value, limits: &QueryLimits) -> Table {
    let Value::Object(parameters) = parameters else { panic!("parameters are an object") };
    store.query(text, parameters, limits).await.expect("an answer")
}

/// One resource by its id, the query's text known from the time before.
async fn cypher_get(store: &dyn GraphStore, blocks: usize) -> f64 {
    const ROUNDS: usize = 50_000;
    let limits = QueryLimits::default();
    let ids: Vec<_> = (0..ROUNDS).map(|round| id("i", round * 7919 % blocks, round * 104_729 % MACHINES)).collect();
    let begin = cpu_seconds();
    for id in &ids {
        let found = cypher(store, "MATCH (n:Resource {id: $id}) RETURN n.name", json!({"id": id}), &limits).await;
        assert_eq!(found.rows.len(), 1, "{id}");
    }
    microseconds(begin, ROUNDS)
}

/// The contract's example: every machine with its volumes.
async fn cypher_pairs(store: &dyn GraphStore, blocks: usize) -> f64 {
    const ROUNDS: usize = 20;
    const EXAMPLE: &str = "MATCH (c:Resource:COMPUTE)-[:ATTACHED_TO]->(v:Resource:STORAGE) WHERE c.provider = $provider \
                           RETURN c.name, v.name, v.size_gb";
    let mut limits = QueryLimits::default();
    limits.rows = u64::MAX;
    let begin = cpu_seconds();
    for _ in 0..ROUNDS {
        let found = cypher(store, EXAMPLE, json!({"provider": "aws"}), &limits).await;
        assert_eq!(found.rows.len(), blocks * VOLUMES);
    }
    microseconds(begin, ROUNDS)
}

async fn cypher_graph(store: &dyn GraphStore, blocks: usize) -> f64 {
    const ROUNDS: usize = 100;
    const WALK: &str = "MATCH (v:Resource {id: $id})-[*1..3]-(n) RETURN DISTINCT n.id";
    let limits = QueryLimits::default();
    let begin = cpu_seconds();
    for round in 0..ROUNDS {
        let found = cypher(store, WALK, json!({"id": id("vpc", round % blocks, 0)}), &limits).await;
        // The network itself is met again on a way round.
        assert_eq!(found.rows.len(), MEMBERS + 1);
    }
    microseconds(begin, ROUNDS)
}

async fn cypher_counts(store: &dyn GraphStore) -> f64 {
    const ROUNDS: usize = 1000;
    const COUNTS: &str = "MATCH (n:Resource) RETURN n.resource_type AS type, count(*) AS resources ORDER BY resources DESC";
    let limits = QueryLimits::default();
    let begin = cpu_seconds();
    for _ in 0..ROUNDS {
        assert_eq!(cypher(store, COUNTS, json!({}), &limits).await.rows.len(), 4);
    }
    microseconds(begin, ROUNDS)
}
