//! Small data sets of the form of the public ones, made up.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Writes a packed file below the folder.
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(format!("{name}.csv.gz"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut encoder = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
}

/// Numbers from 0 to 1 that are the same in each run.
pub(crate) fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24)
    }
}

/// Rows below their names.
#[derive(Clone)]
pub(crate) struct Rows {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn new(names: &str) -> Self {
        Self { names: names.split(',').map(str::to_owned).collect(), rows: Vec::new() }
    }

    fn push(&mut self, row: &str) {
        self.rows.push(row.split(',').map(str::to_owned).collect());
    }

    pub(crate) fn text(&self) -> String {
        let lines = std::iter::once(&self.names).chain(&self.rows);
        lines.map(|cells| cells.join(",") + "\n").collect()
    }

    /// The same data as another program would write it: columns the other way round, one more of them, `1.0` for `1`, blank lines,
    /// and lines that end as on Windows.
    pub(crate) fn otherwise(mut self) -> String {
        for cells in self.rows.iter_mut() {
            for cell in cells.iter_mut().filter(|cell| cell.parse::<i64>().is_ok()) {
                cell.push_str(".0");
            }
            cells.push("more".to_owned());
            cells.reverse();
        }
        self.names.push("remark".to_owned());
        self.names.reverse();
        self.text().replace('\n', "\r\n") + "\r\n\r\n"
    }

    /// The rows the other way round.
    pub(crate) fn backwards(mut self) -> Self {
        self.rows.reverse();
        self
    }

    /// Without a column.
    pub(crate) fn without(mut self, name: &str) -> Self {
        let place = self.names.iter().position(|known| known == name).unwrap();
        self.names.remove(place);
        self.rows.iter_mut().for_each(|cells| drop(cells.remove(place)));
        self
    }

    /// The rows in which a column has another value.
    pub(crate) fn except(mut self, name: &str, value: &str) -> Self {
        let place = self.names.iter().position(|known| known == name).unwrap();
        self.rows.retain(|cells| cells[place] != value);
        self
    }
}

/// Engines that get hot before they fail; those of a test part are cut before.
pub(crate) fn engines(count: u32, cut: u32, seed: u64) -> Rows {
    let mut drawn = numbers(seed);
    let mut rows = Rows::new("unit,cycle,op1,s1,s2,rul");
    for unit in 1..=count {
        let life = 60 + (40.0 * drawn()) as u32;
        for cycle in 1..=life - cut * (unit % 3) {
            let left = life - cycle;
            let heat = 100.0 - f64::from(left.min(60)) + drawn();
            rows.push(&format!("{unit},{cycle},{:.3},{heat:.2},{:.3},{left}", drawn(), drawn()));
        }
    }
    rows
}

/// Machines that fail where the torque is high.
pub(crate) fn machines(count: u32, seed: u64) -> Rows {
    let mut drawn = numbers(seed);
    let mut rows = Rows::new("UID,Product ID,Type,Torque [Nm],Tool wear [min],Machine failure,TWF,HDF,PWF,OSF,RNF");
    for row in 0..count {
        let (torque, wear) = (80.0 * drawn(), (200.0 * drawn()) as u32);
        let fails = u32::from(torque > 70.0);
        rows.push(&format!("{row},P{row},{},{torque:.1},{wear},{fails},0,0,0,{fails},0", ["H", "L", "M"][row as usize % 3]));
    }
    rows
}

/// Flows: every third is an attack, of the kinds given.
pub(crate) fn flows(count: usize, attacks: &[&str], seed: u64) -> Rows {
    let mut drawn = numbers(seed);
    let mut rows = Rows::new("duration,protocol_type,src_bytes,count,class,difficulty");
    for row in 0..count {
        let attack = (row % 3 == 0).then(|| row / 3 % attacks.len());
        let class = attack.map_or("normal", |attack| attacks[attack]);
        let (bytes, connections) = (100.0 * drawn(), 10.0 * drawn() + attack.map_or(0.0, |kind| 20.0 + 5.0 * kind as f64));
        let protocol = if drawn() < 0.3 { "udp" } else { "tcp" };
        rows.push(&format!("{:.2},{protocol},{bytes:.1},{connections:.1},{class},{}", drawn(), row % 21));
    }
    rows
}

/// A machine whose metrics leave their range together in the test.
pub(crate) fn metrics(rows: u32, seed: u64) -> Rows {
    let mut drawn = numbers(seed);
    let mut table = Rows::new("split,m00,m01,m02,label");
    for row in 0..2 * rows {
        let (test, place) = (row >= rows, row % rows);
        let strange = test && (rows / 2..rows / 2 + 40).contains(&place);
        let load = if strange { 0.9 } else { 0.3 } + 0.05 * drawn();
        let label = if test { u32::from(strange).to_string() } else { String::new() };
        let split = if test { "test" } else { "train" };
        table.push(&format!("{split},{load:.4},{:.4},{:.4},{label}", load / 2.0 + 0.02 * drawn(), 0.1 * drawn()));
    }
    table
}

/// Series with a wave; the first has nothing strange, others a jump inside a window.
pub(crate) fn labelled(series: u32, points: u32) -> Rows {
    let mut drawn = numbers(5);
    let mut rows = Rows::new("file,timestamp,value,label,probation");
    for name in 0..series {
        for place in 0..points {
            let window = name > 0 && (points / 2..points / 2 + 30).contains(&place);
            let wave = (f64::from(place % 48) / 48.0 * std::f64::consts::TAU).sin();
            let value = wave + 0.1 * drawn() + if window { 5.0 } else { 0.0 };
            let (label, probation) = (u32::from(window), u32::from(place < points * 15 / 100));
            rows.push(&format!("made/up_{name}.csv,2025-01-18 {place},{value:.3},{label},{probation}"));
        }
    }
    rows
}

/// Metrics of five minutes that follow the day, long enough for a forecast from the 2,880th on.
pub(crate) fn watched(series: u32) -> Rows {
    let mut drawn = numbers(6);
    let mut rows = Rows::new("file,timestamp,value");
    for place in 0..3_200 {
        for name in 0..series {
            let wave = (f64::from(place % 288) / 288.0 * std::f64::consts::TAU).sin();
            let value = 50.0 + 10.0 * wave + f64::from(name) + drawn();
            let value = if place % 500 == 77 { String::new() } else { format!("{value:.2}") };
            rows.push(&format!("made/up_{name}.csv,2025-01-18 {place},{value}"));
        }
    }
    rows
}

/// What M4 calls train and test: a series a line, of different lengths, in another order in the test.
pub(crate) fn hourly(series: u32, gaps: bool) -> [String; 2] {
    let mut drawn = numbers(7);
    let head = "\"V1\",\"V2\",\"V3\"\n".to_owned();
    let (mut train, mut test) = (head.clone(), Vec::new());
    for name in 0..series {
        let mut value = |hour: u32| {
            let wave = (f64::from(hour % 24) / 24.0 * std::f64::consts::TAU).sin();
            format!(",\"{:.2}\"", 100.0 + 50.0 * wave + 2.0 * drawn())
        };
        let end = 700 + 24 * name;
        let cell = |hour: u32, value: String| if gaps && hour % 200 == 100 { ",NA".to_owned() } else { value };
        let history: String = (0..end).map(|hour| cell(hour, value(hour))).collect();
        writeln!(train, "\"H{name}\"{history}{}", if gaps { ",,\"NA\"" } else { "" }).unwrap();
        let truth: String = (end..end + 48).map(|hour| cell(hour + 1, value(hour))).collect();
        test.push(format!("\"H{name}\"{truth}\n"));
    }
    test.reverse();
    [train, head + &test.concat()]
}
