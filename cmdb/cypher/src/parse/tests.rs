use super::*;

#[test]
fn a_match_with_where_and_return_becomes_clauses() {
    let query =
        parse("MATCH (a:A)-[r:X|Y*1..3]->(b {k: a.k}) WHERE a.x = 1 AND b.y < 2 RETURN a.x, b AS c", &TextLimits::default())
            .unwrap();
    println!("{query:#?}");
}
