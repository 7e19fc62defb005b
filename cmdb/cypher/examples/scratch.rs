use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use dharmagraph_cypher::{Direction, NodeId, PropertyGraph, Relationship, Symbol, Value};

/// Nodes in a ring without labels and properties. Each has a relationship `NEXT` to each of the `reach` nodes behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RingGraph {
    pub(crate) nodes: u32,
    pub(crate) reach: u32,
}

const NEXT: Symbol = Symbol(0);

impl PropertyGraph for RingGraph {
    fn symbol(&self, text: &str) -> Option<Symbol> {
        (text == "NEXT").then_some(NEXT)
    }

    fn text(&self, _symbol: Symbol) -> Arc<str> {
        Arc::from("NEXT")
    }

    fn node_count(&self) -> u64 {
        self.nodes.into()
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new((0..self.nodes).map(NodeId))
    }

    fn label_count(&self, _label: Symbol) -> u64 {
        0
    }

    fn labelled(&self, _label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(std::iter::empty())
    }

    fn has_label(&self, _node: NodeId, _label: Symbol) -> bool {
        false
    }

    fn labels(&self, _node: NodeId) -> Vec<Symbol> {
        Vec::new()
    }

    fn property(&self, _node: NodeId, _key: Symbol) -> Value {
        Value::Null
    }

    fn properties(&self, _node: NodeId) -> BTreeMap<Arc<str>, Value> {
        BTreeMap::new()
    }

    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    ) {
        if !kinds.is_empty() && !kinds.contains(&NEXT) {
            return;
        }
        for distance in 1..=self.reach {
            let behind = NodeId((node.0 + distance) % self.nodes);
            let before = NodeId((node.0 + self.nodes - distance) % self.nodes);
            let relationship = |source, target| Relationship { source, target, kind: NEXT, ordinal: 0 };
            if direction != Direction::Incoming && visit(relationship(node, behind)).is_break() {
                return;
            }
            if direction != Direction::Outgoing && visit(relationship(before, node)).is_break() {
                return;
            }
        }
    }
}
/// Texts that are nested so deep.
fn nested(depth: usize) -> Vec<String> {
    let within =
        |open: &str, middle: &str, close: &str| format!("RETURN {}{middle}{} AS x", open.repeat(depth), close.repeat(depth));
    vec![
        within("(", "1", ")"),
        within("[", "1", "]"),
        within("{a: ", "1", "}"),
        within("NOT ", "true", ""),
        within("-", "1", ""),
        within("- ", "1", ""),
        within("1 + ", "1", ""),
        within("1 ^ ", "1", ""),
        within("true AND ", "true", ""),
        within("true OR (", "true", ")"),
        within("1 < ", "1", ""),
        within("size(", "'a'", ")"),
        within("CASE WHEN true THEN ", "1", " END"),
        within("CASE ", "1", " WHEN 1 THEN 1 END"),
        within("[x IN ", "[1]", " | x]"),
        within("[x IN [1] | ", "1", "]"),
        within("all(x IN [1] WHERE ", "true", ")"),
        within("reduce(a = ", "1", ", x IN [1] | a)"),
        within("", "{a: 1}", ".a"),
        within("", "[1]", "[0]"),
        within("", "[1]", "[0..1]"),
        within("", "1", " IS NULL"),
        within("", "n", ":A"),
        within("n {a: ", "1", "}"),
        within("EXISTS { RETURN ", "1", " }"),
        within("EXISTS { (a)-->(b) WHERE ", "true", " }"),
        within("EXISTS { (a)-->({x: ", "1", "}) }"),
        within("COUNT { MATCH (n) WHERE ", "true", " }"),
        within("COLLECT { RETURN ", "1", " }"),
        within("[(a)-->(b) WHERE ", "true", " | 1]"),
        within("[(a)-->(b) | ", "1", "]"),
        within("[p = (a)-->(b) | ", "1", "]"),
        within("[(a)-->() WHERE (a)-->({y: ", "1", "}) | 1]"),
        within("(a)-->({x: ", "1", "})"),
        within("(a)-[{x: ", "1", "}]->()"),
        within("({x: ", "1", "})-->(a)"),
        within("shortestPath((a)-[*{x: ", "1", "}]->(b))"),
        format!("MATCH {} RETURN 1", "(n)-->".repeat(depth) + "(n)"),
        format!("MATCH {} RETURN 1", "(),".repeat(depth) + "(n)"),
        format!("MATCH (n:{}A{}) RETURN 1", "(".repeat(depth), ")".repeat(depth)),
        format!("MATCH (n:{}A) RETURN 1", "!".repeat(depth)),
        format!("MATCH (n:{}A) RETURN 1", "A|".repeat(depth)),
        format!("MATCH {}(n){} RETURN 1", "(".repeat(depth), ")".repeat(depth)),
        format!("RETURN 1 AS x{}", " UNION RETURN 1 AS x".repeat(depth)),
        format!("{}RETURN 1 AS x", "WITH 1 AS x ".repeat(depth)),
        format!("{}RETURN 1 AS x", "UNWIND [1] AS x ".repeat(depth)),
        format!("{}RETURN 1 AS x", "MATCH (n) ".repeat(depth)),
        format!("{}RETURN 1 AS x{}", "CALL { ".repeat(depth), " }".repeat(depth)),
        "(".repeat(depth),
        "/*".repeat(depth),
        "'".repeat(depth),
    ]
}

fn main() {
    use dharmagraph_cypher::*;
    let depth: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let Some(i) = std::env::args().nth(2) else {
        println!("{}", nested(1).len());
        return;
    };
    let wide = std::env::args().nth(3).is_some();
    let text = nested(depth).remove(i.parse().unwrap());
    let mut limits = TextLimits::default();
    if wide {
        limits.bytes = 16 << 20;
    }
    let t0 = std::time::Instant::now();
    let begin: String = text.chars().take(60).collect();
    print!("{depth} {begin} ({} bytes): ", text.len());
    use std::io::Write;
    std::io::stdout().flush().unwrap();
    let g = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn({
            let text = text.clone();
            move || guard::check(&text, &limits)
        })
        .unwrap()
        .join()
        .unwrap();
    print!("guard {} ", g.map_or_else(|e| e.to_string().chars().take(60).collect::<String>(), |()| "ok".into()));
    std::io::stdout().flush().unwrap();
    let p =
        std::thread::Builder::new().stack_size(2 << 20).spawn(move || Statement::parse(&text, &limits)).unwrap().join().unwrap();
    print!("parse {} ", p.as_ref().map_or_else(|e| e.to_string().chars().take(60).collect::<String>(), |_| "ok".into()));
    std::io::stdout().flush().unwrap();
    let r = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            p.and_then(|p| {
                p.run(&RingGraph { nodes: 1, reach: 0 }, &BTreeMap::new(), Limits::default(), &Cancellation::default())
            })
        })
        .unwrap()
        .join()
        .unwrap();
    println!("run {} {:?}", r.map_or_else(|e| e.to_string().chars().take(60).collect::<String>(), |_| "ok".into()), t0.elapsed());
}
