//! Data that looks like that of the public sets, and is the same each time.

use dharmagraph_aiops::data::{Schema, Series, Table};
use dharmagraph_aiops::failure::{Records, Windows};
use dharmagraph_aiops::threat::{Event, FlowExamples, ThreatType};

/// Numbers between 0 and 1 that look drawn.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64
    }
}

/// Engines whose sensors drift towards their end, with features of windows.
pub(crate) fn engines(engines: u64, sensors: usize) -> Records {
    let mut drawn = Drawn(1);
    let (mut values, mut units, mut remaining) = (Vec::new(), Vec::new(), Vec::new());
    for engine in 0..engines {
        let life = 150 + (100.0 * drawn.next()) as usize;
        for cycle in 0..life {
            let worn = (cycle as f64 / life as f64).powi(3);
            values.extend((0..sensors).map(|sensor| (sensor % 3) as f64 * worn + drawn.next()));
            units.push(engine);
            remaining.push((life - cycle - 1) as f64);
        }
    }
    let schema = Schema::numeric((0..sensors).map(|sensor| format!("s{sensor}"))).unwrap();
    let records = Records::with_remaining(schema, Table::new(values, sensors).unwrap(), units, remaining, 30.0).unwrap();
    records.windowed(&Windows::default()).unwrap()
}

/// A load that follows the day and the week, with noise and a slope.
pub(crate) fn load(seed: u64, step: u32, day: usize, points: usize) -> Series {
    let mut drawn = Drawn(seed);
    let wave = |place: usize, length: usize| (place as f64 / length as f64 * std::f64::consts::TAU).sin();
    let value = |place| 50.0 + 20.0 * wave(place, day) + 5.0 * wave(place, 7 * day) + 0.002 * place as f64 + 3.0 * drawn.next();
    Series::new("load", None, 0, step, (0..points).map(value).collect()).unwrap()
}

/// Flows: two of three are normal, the others of four attacks that raise some features each. Half of the features are mostly
/// zero, as counts of rare things are.
pub(crate) fn flows(flows: usize, features: usize) -> FlowExamples {
    let attacks = [ThreatType::Ddos, ThreatType::PortScan, ThreatType::BruteForce, ThreatType::DataExfiltration];
    let mut drawn = Drawn(2);
    let (mut values, mut labels) = (Vec::with_capacity(flows * features), Vec::with_capacity(flows));
    for flow in 0..flows {
        let attack = (flow % 3 == 0).then_some(flow / 3 % attacks.len());
        values.extend((0..features).map(|feature| {
            let raised = attack.is_some_and(|attack| feature % 7 == attack);
            let rare = feature % 2 == 0 && drawn.next() > 0.1;
            let value = if rare { 0.0 } else { drawn.next() * drawn.next() } + if raised { 0.3 } else { 0.0 };
            (100.0 * value).round() / 100.0
        }));
        labels.push(attack.map(|attack| attacks[attack]));
    }
    let schema = Schema::numeric((0..features).map(|feature| format!("f{feature}"))).unwrap();
    FlowExamples::new(schema, Table::new(values, features).unwrap(), labels).unwrap()
}

/// Two weeks of events of a thousand users, with guesses of passwords and scans of ports between them.
pub(crate) fn events(events: usize) -> Vec<Event> {
    const WEEKS: f64 = 14.0 * 86_400_000.0;
    let mut drawn = Drawn(3);
    let event = |place: usize| {
        let time = (WEEKS * place as f64 / events as f64) as i64;
        let user = (1000.0 * drawn.next()) as usize;
        let kind = match (10.0 * drawn.next()) as usize {
            0 => "auth.failure",
            1 | 2 => "auth.success",
            3 | 4 => "connection.open",
            5 => "transfer.out",
            _ => "request",
        };
        let attacker = place % 1000 < 10;
        let kind = if attacker { ["auth.failure", "connection.refused"][place / 1000 % 2] } else { kind };
        Event {
            source_ip: Some(if attacker { "192.0.2.1".into() } else { format!("10.0.{}.{}", user / 250, user % 250) }),
            user: Some(format!("user{user}")),
            target: Some(format!("host{}:{}", user % 50, if attacker { place % 60_000 } else { 443 })),
            bytes: (kind == "transfer.out").then(|| 1e6 * drawn.next()),
            ..Event::new(kind, time)
        }
    };
    (0..events).map(event).collect()
}

/// Metrics of a machine, scaled to 0..1, that depend on a common load.
pub(crate) fn machine(rows: usize, metrics: usize, seed: u64) -> Table {
    let mut drawn = Drawn(seed + 4);
    let mut values = Vec::with_capacity(rows * metrics);
    for row in 0..rows {
        let load = 0.5 + 0.3 * (row as f64 / 1440.0 * std::f64::consts::TAU).sin();
        values.extend((0..metrics).map(|metric| match metric % 4 {
            0 => 0.0,
            kind => (load / kind as f64 + 0.1 * drawn.next()).clamp(0.0, 1.0),
        }));
    }
    Table::new(values, metrics).unwrap()
}
