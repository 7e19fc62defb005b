use super::super::Folder;
use super::*;

fn series(start: i64, from: u32, to: u32, metrics: usize) -> Vec<Series> {
    let value = |place: u32, metric: usize| {
        if (place + 1).is_multiple_of(50) { f64::NAN } else { f64::from(place * 37 % 100) * (metric + 1) as f64 }
    };
    let one = |metric: usize| (from..to).map(|place| value(place, metric)).collect();
    (0..metrics)
        .map(|metric| Series::new(format!("m{metric}"), Some("percent".into()), start, 60, one(metric)).unwrap())
        .collect()
}

fn ask(models: &Models, name: &str, series: &[Series]) -> Result<Heard, Problem> {
    let mut session = models.streams().session([name].into_iter())?;
    let heard = session.go_on(name, series, None, 0.01, (models, None))?;
    session.keep()?;
    Ok(heard)
}

fn opened(place: &tempfile::TempDir) -> Models {
    Models::open(Folder::open(place.path().join("models")).unwrap()).unwrap()
}

#[test]
fn a_stream_in_parts_is_judged_as_in_one_over_restarts() {
    let place = tempfile::tempdir().unwrap();
    for metrics in [1, 3] {
        let whole = ask(&Models::default(), "whole", &series(0, 0, 300, metrics)).unwrap().points;
        let mut parts = Vec::new();
        for (from, to) in [(0, 5), (5, 100), (100, 101), (101, 300)] {
            let part = series(i64::from(from) * 60, from, to, metrics);
            parts.extend(ask(&opened(&place), &format!("parts of {metrics}"), &part).unwrap().points);
        }
        assert_eq!(parts, whole);
    }
}

#[test]
fn points_that_came_before_other_steps_units_and_metrics_are_refused() {
    let models = Models::default();
    ask(&models, "a", &series(0, 0, 10, 1)).unwrap();
    let refused = |series: &[Series]| ask(&models, "a", series).unwrap_err().detail().to_owned();
    assert!(refused(&series(9 * 60, 0, 10, 1)).contains("1970-01-01T00:10:00Z"));
    assert!(refused(&[Series::new("m0", None, 600, 30, vec![1.0]).unwrap()]).contains("60"));
    assert!(refused(&[Series::new("m0", Some("ratio".into()), 600, 60, vec![1.0]).unwrap()]).contains("percent"));
    assert!(refused(&[Series::new("other", None, 600, 60, vec![1.0]).unwrap()]).contains("m0"));
    assert!(refused(&series(600, 0, 10, 2)).contains("m0"));
    assert!(models.streams().session([""].into_iter()).is_err());
    ask(&models, "a", &series(600, 0, 10, 1)).unwrap();
}

#[test]
fn what_is_refused_in_a_request_changes_none_of_its_streams() {
    let models = Models::default();
    let mut session = models.streams().session(["a", "b"].into_iter()).unwrap();
    session.go_on("a", &series(0, 0, 10, 1), None, 0.01, (&models, None)).unwrap();
    drop(session);
    ask(&models, "a", &series(0, 0, 10, 1)).unwrap();
}

#[test]
fn a_damaged_or_exchanged_file_begins_the_stream_anew_and_says_so() {
    let place = tempfile::tempdir().unwrap();
    let models = opened(&place);
    ask(&models, "a", &series(0, 0, 10, 1)).unwrap();
    ask(&models, "b", &series(0, 0, 10, 1)).unwrap();
    let path = |name: &str| place.path().join("models/streams").join(hash(name).to_hex().as_str());
    std::fs::copy(path("b"), path("a")).unwrap();
    assert!(ask(&models, "a", &series(600, 0, 10, 1)).unwrap().restarted.unwrap().contains("another stream"));
    assert_eq!(ask(&models, "a", &series(1200, 0, 10, 1)).unwrap().restarted, None);
    let mut file = std::fs::read(path("b")).unwrap();
    file.truncate(100);
    std::fs::write(path("b"), file).unwrap();
    assert!(ask(&models, "b", &series(600, 0, 10, 1)).unwrap().restarted.unwrap().contains("checksum"));
}
